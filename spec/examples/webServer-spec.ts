import { createServer } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loopbackProviders, type LoopbackProviders } from '../support/loopbackProviders.js';
import { runExample } from '../support/runExample.js';
import { hang, wireServer, type WireReply, type WireServer } from '../support/wireServer.js';
import {
  listen,
  ollamaReply,
  send,
  startDemo,
  type RunningDemo,
  type ServerEvent,
} from './web/demoServer.js';

const sentences = [
  'The first sentence is here already. ',
  'The second one comes right after it. ',
  'Then the third one is spoken aloud. ',
  'A fourth sentence follows the others. ',
  'And so does the fifth one of them all. ',
  'At last there is the sixth one.',
];
const text = sentences.join('');
const endless = (gap = 0) => ollamaReply(text.repeat(40), gap, [hang]);

describe('npm run demo, its server', { timeout: 60_000 }, () => {
  let upstream: WireServer;
  let answer: WireReply;
  let demo: RunningDemo;
  let origin: string;

  beforeAll(async () => {
    upstream = await wireServer(() => answer);
    demo = await startDemo({ OLLAMA_URL: upstream.url, OLLAMA_DEFAULT_MODEL: 'tiny' });
    origin = demo.url;
  }, 60_000);
  afterAll(async () => {
    expect(await demo.end()).toBe('');
    await upstream.close();
  });

  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const { status, text } = await send(origin + path, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status, json: JSON.parse(text) as Record<string, string> };
  };
  let conversations = 0;
  const prompt = (extra: object = {}) => ({
    conversation: `conversation-${conversations++}`,
    prompt: 'Say something.',
    model: 'ollama',
    voice: 'slt',
    ...extra,
  });
  const ask = async (reply: WireReply, extra: object = {}) => {
    answer = reply;
    const { status, json } = await post('/turns', prompt(extra));
    expect(status).toBe(201);
    return `/turns/${json['id']}`;
  };
  const audioOf = (events: readonly ServerEvent[]) =>
    events
      .filter(({ event }) => event === 'audio')
      .reduce((sum, { data }) => sum + Buffer.from(data['data'] as string, 'base64').length / 32, 0);
  const until = (happened: () => boolean) => expect.poll(happened, { timeout: 15_000 }).toBe(true);

  type Listening = ReturnType<typeof listen>;
  /** Plays everything as it comes, in no time, until the turn is over. */
  const hearOut = async (turn: string, ...listenings: readonly Listening[]) => {
    const all = () => listenings.flatMap(({ events }) => events);
    const end = performance.now() + 20_000;
    while (performance.now() < end) {
      if (all().some(({ event }) => event === 'end')) return;
      await post(`${turn}/played`, { position: audioOf(all()) });
      await after(30);
    }
    throw new Error('the turn did not end');
  };

  it('lists what can be chosen', async () => {
    const { text } = await send(`${origin}/choices`, {});
    const { models, voices } = JSON.parse(text) as Record<string, { id: string; label: string }[]>;
    expect(models).toEqual([
      { id: 'scripted', label: 'bundled text, no key' },
      { id: 'ollama', label: 'ollama: tiny' },
    ]);
    expect(voices!.map(({ id }) => id)).toEqual(['slt', 'rms', 'awb', 'kal16']);
  });

  it('is served with a policy that lets no other site in', async () => {
    const { status, headers } = await send(origin, {});
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toBe("default-src 'self'; frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example'])(
    'refuses the name %j that somebody has pointed here',
    async (host) => {
      for (const path of ['/', '/choices'])
        expect((await send(origin + path, { headers: { host } })).status).toBe(421);
    },
  );

  it.each([
    ['another origin', { origin: 'http://evil.example' }, 403],
    ['no origin', { origin: '' }, 403],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
  ])('refuses to be told anything by %s', async (_, headers, status) => {
    const before = upstream.requests.length;
    expect(await post('/turns', prompt(), headers as Record<string, string>)).toMatchObject({ status });
    expect(upstream.requests).toHaveLength(before);
  });

  it.each([
    ['a body that is too long', ' '.repeat(20_000), 413, '16384'],
    ['no JSON', '{', 400, 'JSON'],
    ['a list', '[]', 400, 'JSON object'],
    ['no prompt', prompt({ prompt: ' ' }), 400, 'prompt'],
    ['a prompt that is too long', prompt({ prompt: 'a'.repeat(4001) }), 400, '4000'],
    ['a model there is none of', prompt({ model: '__proto__' }), 400, 'model'],
    ['a voice there is none of', prompt({ voice: 7 }), 400, 'voice'],
    ['no conversation', prompt({ conversation: '../../etc' }), 400, 'conversation'],
    ['a setting out of range', prompt({ settings: { concurrency: 99 } }), 400, 'concurrency'],
    ['a setting of another kind', prompt({ settings: { fastStart: 'never' } }), 400, 'fastStart'],
    ['settings that are none', prompt({ settings: 3 }), 400, 'settings'],
  ])('refuses %s, and says why', async (_, body, status, why) => {
    const refused = await post('/turns', body);
    expect(refused.status).toBe(status);
    expect(refused.json['error']).toContain(why);
  });

  it('takes what comes late of a reply that the next prompt has ended', async () => {
    const conversation = 'talked-over';
    const late = await ask(endless(), { conversation });
    const turn = await ask(ollamaReply('Three. Four.', 20), { conversation });
    const told = [await post(`${late}/stop`, { heard: 10 }), await post(`${late}/played`, { position: 10 })];
    expect(told.map(({ status }) => status)).toEqual([200, 200]);
    // Which has stopped nothing of the next one.
    const listening = listen(origin + turn);
    await until(() => audioOf(listening.events) > 0);
    await post(`${turn}/stop`, {});
  });

  it('knows no reply that there is none of', async () => {
    expect((await send(`${origin}/turns/none`, {})).status).toBe(404);
    expect((await send(`${origin}/../package.json`, {})).status).toBe(404);
    expect((await post('/turns/none/stop', {})).status).toBe(404);
    expect((await post('/turns/none/played', { position: 1 })).status).toBe(404);
  });

  it('asks nothing of the model before somebody listens', async () => {
    const before = upstream.requests.length;
    const turn = await ask(endless());
    await after(200);
    expect(upstream.requests).toHaveLength(before);
    await post(`${turn}/stop`, {});
  });

  it('synthesizes no more than a lead ahead of the listener', async () => {
    const turn = await ask(endless());
    const listening = listen(origin + turn);
    // Five seconds may wait, and whatever was begun before they were full.
    await until(() => audioOf(listening.events) > 4000);
    await after(1500);
    const before = audioOf(listening.events);
    expect(before).toBeLessThan(14_000);
    await post(`${turn}/played`, { position: before });
    await until(() => audioOf(listening.events) > before + 2000);
    await after(1500);
    expect(audioOf(listening.events)).toBeLessThan(before + 14_000);
    await post(`${turn}/stop`, { heard: 0 });
    await listening.done;
  });

  it('goes on behind the last event that a listener has', async () => {
    const turn = await ask(ollamaReply(text, 20));
    const first = listen(origin + turn);
    await until(() => audioOf(first.events) > 500);
    first.lost();
    await first.done;
    const last = first.events.at(-1)!.id!;
    const second = listen(origin + turn, last);
    await until(() => second.events.filter(({ event }) => event === 'token').length > 5);
    await hearOut(turn, first, second);
    const ids = [...first.events, ...second.events].flatMap(({ id }) => (id ? [Number(id)] : []));
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    const tokens = [...first.events, ...second.events].filter(({ event }) => event === 'token');
    expect(tokens.map(({ data }) => data['text']).join('')).toBe(text);
  });

  it('stops: the request ends, and the history has what was heard', async () => {
    const turn = await ask(endless(5));
    const listening = listen(origin + turn);
    await until(() => audioOf(listening.events) > 2500);
    const request = upstream.requests.at(-1)!;
    const begun = performance.now();
    await post(`${turn}/stop`, { heard: 1500 });
    const closed = await upstream.earlyClose(request);
    expect(closed).toBeDefined();
    console.log(`from POST stop to the end of the request: ${(closed! - begun).toFixed(0)} ms`);
    await listening.done;
    const { messages } = listening.events.find(({ event }) => event === 'history')!.data as unknown as {
      messages: { role: string; content: string; metadata: object }[];
    };
    const heard = messages.at(-1)!;
    expect(heard).toMatchObject({ role: 'assistant', metadata: { interrupted: true } });
    expect(text.startsWith(heard.content)).toBe(true);
    expect(heard.content.split(' ').length).toBeGreaterThan(2);
    expect(heard.content.length).toBeLessThan(sentences[0]!.length);
    expect(listening.events.at(-1)!.event).toBe('end');
  });

  it('gives up a reply whose listener has gone and does not come back', async () => {
    const turn = await ask(endless(5));
    const listening = listen(origin + turn);
    await until(() => listening.events.length > 3);
    const request = upstream.requests.at(-1)!;
    listening.lost();
    expect(await upstream.earlyClose(request, 15_000)).toBeDefined();
    // It is not asked again: who comes now is told that it is over.
    const before = upstream.requests.length;
    const late = listen(origin + turn);
    await late.done;
    expect(late.events.map(({ event }) => event)).toEqual(['failure']);
    expect(upstream.requests).toHaveLength(before);
  });

  it.each([1, 2])('has %d in synthesis at once when told so', async (concurrency) => {
    const turn = await ask(ollamaReply(text, 0), {
      settings: { concurrency, sentenceBufferSize: 1, minChunkLength: 1 },
    });
    const listening = listen(origin + turn);
    await hearOut(turn, listening);
    let running = 0;
    let most = 0;
    for (const { event, data } of listening.events) {
      if (event !== 'synthesis') continue;
      if (data['state'] === 'asked') most = Math.max(most, ++running);
      if (data['state'] === 'done') running--;
    }
    expect(most).toBe(concurrency);
  });

  it('tells a failure of the model, and the history after it', async () => {
    const turn = await ask({ status: 500, body: ['{"error":"out of memory"}'] });
    const listening = listen(origin + turn);
    await listening.done;
    expect(listening.events.map(({ event }) => event)).toEqual(['failed', 'history', 'end']);
    expect(listening.events[0]!.data['message']).toContain('out of memory');
  });

  it('is answered by a text that knows what was heard, without any model', async () => {
    const turn = await ask({}, { model: 'scripted', prompt: 'What did you say last?' });
    const listening = listen(origin + turn);
    await hearOut(turn, listening);
    const tokens = listening.events.filter(({ event }) => event === 'token').map(({ data }) => data['text']);
    expect(tokens.join('')).toContain('not heard a word');
  });
});

describe('npm run demo with everything configured', { timeout: 60_000 }, () => {
  let providers: LoopbackProviders;
  let demo: RunningDemo;

  beforeAll(async () => {
    providers = await loopbackProviders();
    demo = await startDemo(providers.environment);
  }, 60_000);
  afterAll(async () => {
    expect(await demo.end()).toBe('');
    await providers.close();
  });

  const models = ['ollama', 'openai', 'anthropic', 'google-genai'];
  // Azure's SDK takes no address from the environment: that voice is listed, and not spoken with here.
  const voices = ['openai', 'xtts'];

  it('offers it all', async () => {
    const { text } = await send(`${demo.url}/choices`, {});
    const found = JSON.parse(text) as Record<string, { id: string }[]>;
    expect(found['models']!.map(({ id }) => id).sort()).toEqual([...models, 'scripted'].sort());
    expect(found['voices']!.map(({ id }) => id)).toEqual(expect.arrayContaining([...voices, 'azure', 'slt']));
  });

  it.each([...models.map((model) => [model, 'slt']), ...voices.map((voice) => ['ollama', voice])])(
    'speaks a reply of %s with %s',
    async (model, voice) => {
      const { status, text } = await send(`${demo.url}/turns`, {
        method: 'POST',
        headers: { origin: demo.url, 'content-type': 'application/json' },
        body: JSON.stringify({ conversation: `${model}-${voice}`, prompt: 'Why?', model, voice }),
      });
      expect(status).toBe(201);
      const { id } = JSON.parse(text) as { id: string };
      const { events, lost } = listen(`${demo.url}/turns/${id}`);
      await expect
        .poll(() => events.filter(({ event }) => event === 'audio').length, { timeout: 20_000 })
        .toBeGreaterThan(0);
      await expect
        .poll(() => events.map(({ event, data }) => (event === 'token' ? data['text'] : '')).join(''))
        .toContain('air scatters blue light');
      expect(events.filter(({ event }) => event === 'failed' || event === 'utterance-error')).toEqual([]);
      lost();
    },
  );
});

describe('npm run demo refuses in one line', () => {
  it.each([
    [['--port', 'eighty'], '--port'],
    [['--speed', '2'], '--speed'],
  ])('%j', async (args, why) => {
    const { code, stderr } = await runExample('web/serve', args);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/^demo: .+\n$/);
    expect(stderr).toContain(why);
  });

  it('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await runExample('web/serve', ['--port', String(port)]);
    other.close();
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/^demo: .*EADDRINUSE.*\n$/);
  });

  it('and tells its options', async () => {
    const { code, stdout } = await runExample('web/serve', ['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('--port');
  });
});
