import fc from 'fast-check';
import { setTimeout as after } from 'node:timers/promises';
import { lastValueFrom, from as each, mergeMap, tap, toArray, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  bufferSentences,
  fallbackToComplete,
  retryBeforeFirstToken,
  toSpeech,
} from '../../operators/index.js';
import { flite } from '../../providers/flite/index.js';
import { ollama } from '../../providers/ollama/index.js';
import { scriptedVoice } from '../../providers/scripted/index.js';
import type { ChatOptions, SpeechEvent, Voice } from '../../src/index.js';
import {
  drop,
  hang,
  reset,
  wireServer,
  type WireReply,
  type WireRequest,
  type WireServer,
} from '../support/wireServer.js';

/** A recorded reply: the bytes of its stream, as Ollama sends them. */
const tokens = [
  ...['The', ' sky', ' is', ' blue', ' be', 'cause', ' air', ' scat', 'ters', ' light', '.'],
  ...[' Dr', '.', ' Ray', 'leigh', ' found', ' it', ' in', ' 18', '71', '.\n\n', 'Café', ' – 天空', '!'],
];
const reply = tokens.join('');
const line = (value: object) => `${JSON.stringify(value)}\n`;
const says = (content: string) => line({ message: { role: 'assistant', content }, done: false });
const marker = line({ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' });
const recorded = Buffer.from([...tokens.map(says), marker].join(''));

/** What a model answers to a request that is not streamed: it goes on with what the assistant has said so far. */
const whole = ({ json }: WireRequest): WireReply => {
  const messages = json['messages'] as { role: string; content: string }[];
  const last = messages.at(-1)!;
  const said = last.role === 'assistant' ? last.content : '';
  expect(reply.startsWith(said)).toBe(true);
  const content = reply.slice(said.length);
  return { body: [line({ message: { role: 'assistant', content }, done: true, done_reason: 'stop' })] };
};
const streamed: WireReply = { body: [recorded] };
/** Which run of the pipeline a request belongs to: its prompt says it. */
const runOf = ({ json }: WireRequest) => (json['messages'] as { content: string }[])[0]!.content;

type Answer = (request: WireRequest, earlier: number) => WireReply;

describe('faults, through whole pipelines', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  /** What keeps a process busy, counted: sockets, timers and the channels of workers. */
  const held = () => {
    const all = process.getActiveResourcesInfo();
    const count = (kind: RegExp) => all.filter((name) => kind.test(name)).length;
    return { sockets: count(/^TCPSocket/), timers: count(/^Timeout$/), workers: count(/Worker|MessagePort/) };
  };
  const more = (now: ReturnType<typeof held>) =>
    now.sockets > before.sockets || now.timers > before.timers || now.workers > before.workers;
  let server: WireServer;
  let answers: Map<string, Answer>;
  let asked: Map<string, WireRequest[]>;
  let before = held();

  beforeEach(async () => {
    process.on('unhandledRejection', note);
    before = held();
    answers = new Map();
    asked = new Map();
    server = await wireServer((request) => {
      const run = runOf(request);
      const earlier = asked.get(run) ?? [];
      asked.set(run, [...earlier, request]);
      return answers.get(run)!(request, earlier.length);
    });
  });
  afterEach(async () => {
    await server.close();
    process.off('unhandledRejection', note);
    for (let wait = 0; more(held()) && wait < 1000; wait++) await after(10);
    expect(more(held()), `${JSON.stringify(held())}, before ${JSON.stringify(before)}`).toBe(false);
    expect(unhandled).toEqual([]);
  });

  /** One run: what was spoken, what the voice was asked for, what the server was asked for. */
  const speak = async (run: string, answer: Answer, voice: Voice, options: ChatOptions = {}) => {
    answers.set(run, answer);
    const model = ollama({ model: 'recorded', baseURL: server.url });
    const patient = { count: 5, delay: 1, jitter: 0 };
    const events = await lastValueFrom(
      model(run, options).pipe(
        retryBeforeFirstToken<string>(patient),
        fallbackToComplete(
          (partial) =>
            model.complete(run, { continueFrom: partial }).pipe(retryBeforeFirstToken<string>(patient)),
          { expects: 'continuation' },
        ),
        bufferSentences({ minChunkLength: 5 }),
        toSpeech(voice, { concurrency: 3 }),
        toArray(),
      ),
      { defaultValue: [] as SpeechEvent[] },
    );
    const texts = (type: 'utterance-start' | 'utterance-end') =>
      events.flatMap((event) => (event.type === type ? [event.text] : []));
    expect(texts('utterance-start')).toEqual(texts('utterance-end'));
    return { spoken: texts('utterance-start').join(''), events, requests: asked.get(run)! };
  };
  const humming = () => {
    const log: string[] = [];
    const voice = scriptedVoice({
      latency: 0,
      realTimeFactor: 0,
      msPerWord: 20,
      onRequest: ({ text }) => log.push(text),
    });
    return { voice, log };
  };
  const words = (text: string) => text.split(/\s+/).filter(Boolean);
  /** Every word once, in order, and so was the voice asked. */
  const expectAllOnce = async (run: string, answer: Answer, options?: ChatOptions) => {
    const { voice, log } = humming();
    const { spoken, requests } = await speak(run, answer, voice, options);
    expect(spoken, run).toBe(reply);
    expect(words(log.join(' ')), run).toEqual(words(reply));
    return requests;
  };
  const atOnce = <T>(inputs: readonly T[], work: (input: T) => Promise<unknown>, concurrency = 8) =>
    lastValueFrom(each(inputs).pipe(mergeMap(work, concurrency)), { defaultValue: undefined });

  const offsets = Array.from({ length: recorded.length }, (_, offset) => offset);

  it(`says every word once when the connection is reset after any of the ${recorded.length} bytes`, async () => {
    await atOnce(offsets, async (offset) => {
      const requests = await expectAllOnce(`reset after ${offset}`, ({ json }, earlier) =>
        earlier > 0 && json['stream'] === false
          ? whole({ json } as unknown as WireRequest)
          : earlier > 0
            ? streamed
            : { body: [recorded.subarray(0, offset), reset] },
      );
      // One that broke, and the one that healed it: streamed again where nothing had come, else for the rest.
      expect(requests, `reset after ${offset}`).toHaveLength(2);
    });
  }, 120_000);

  it('says every word once when the stream ends cleanly, but too early', async () => {
    await atOnce(
      // With only the last line break missing, the marker is there and nothing is wrong.
      offsets.filter((offset) => offset % 7 === 0 && offset < recorded.length - 1),
      async (offset) => {
        const requests = await expectAllOnce(`cut after ${offset}`, (request, earlier) =>
          request.json['stream'] === false
            ? whole(request)
            : earlier > 0
              ? streamed
              : { body: [recorded.subarray(0, offset)] },
        );
        expect(requests).toHaveLength(2);
      },
    );
  }, 60_000);

  it('says every word once when the stream stalls', async () => {
    await atOnce([0, 40, 200, 640, 1100, recorded.length - 1], async (offset) => {
      const requests = await expectAllOnce(
        `stalled after ${offset}`,
        (request, earlier) =>
          request.json['stream'] === false
            ? whole(request)
            : earlier > 0
              ? streamed
              : { body: [recorded.subarray(0, offset), hang] },
        { firstTokenTimeout: 400, idleTimeout: 400 },
      );
      expect(requests).toHaveLength(2);
    });
  }, 60_000);

  it('asks three times, and only streaming, at 429, then 529, then success', async () => {
    const script: WireReply[] = [
      { status: 429, headers: { 'retry-after': '0' }, body: ['{"error":"slow down"}'] },
      { status: 529, body: ['{"error":"overloaded"}'] },
      streamed,
    ];
    const requests = await expectAllOnce('busy', (_request, earlier) => script[earlier]!);
    expect(requests.map(({ json }) => json['stream'])).toEqual([true, true, true]);
  });

  it.each([0, 1, 9, tokens.length])(
    'says every word once when an error comes inside a 200, after %d tokens',
    async (count) => {
      const requests = await expectAllOnce(`error after ${count}`, (request, earlier) =>
        request.json['stream'] === false
          ? whole(request)
          : earlier > 0
            ? streamed
            : { body: [...tokens.slice(0, count).map(says), line({ error: 'the runner has died' })] },
      );
      expect(requests).toHaveLength(2);
    },
  );

  it('says every word once through 500 random schedules of faults', async () => {
    const seed = Number(process.env['RX_ALOUD_SEED'] ?? Date.now() % 2 ** 31);
    console.log(`fault schedules from RX_ALOUD_SEED=${seed}`);
    const offset = fc.nat({ max: recorded.length - 1 });
    const refusal = fc.constantFrom(408, 429, 500, 502, 503, 529).map((status): WireReply => ({
      status,
      body: ['{"error":"not now"}'],
    }));
    const atOnceGone = fc.constantFrom<WireReply>({ first: [reset] }, { first: [drop] });
    const broken = fc.oneof(
      offset.map((at): WireReply => ({ body: [recorded.subarray(0, at), reset] })),
      offset.map((at): WireReply => ({ body: [recorded.subarray(0, at), drop] })),
      offset.map((at): WireReply => ({ body: [recorded.subarray(0, Math.max(0, at - 1))] })),
      fc
        .nat({ max: tokens.length })
        .map((count): WireReply => ({ body: [...tokens.slice(0, count).map(says), '{"oops\n'] })),
    );
    const schedule = fc.array(fc.oneof(refusal, atOnceGone, broken), { maxLength: 4 });
    const schedules = fc.sample(schedule, { numRuns: 500, seed });
    let faults = 0;
    await atOnce([...schedules.entries()], async ([index, faulty]) => {
      const requests = await expectAllOnce(`schedule ${index} of ${seed}`, (request, earlier) => {
        const fault = faulty[earlier];
        if (!fault) return request.json['stream'] === false ? whole(request) : streamed;
        faults++;
        return fault;
      });
      // Each fault is answered by one more request, and nothing else is asked.
      expect(requests, `schedule ${index} of ${seed}`).toHaveLength(faulty.length + 1);
    });
    console.log(`${faults} faults`);
  }, 180_000);

  it('speaks with the embedded voice, wherever the stream breaks', async () => {
    const voice = flite({ idleTimeout: 50 });
    for (const offset of [0, 150, 555, 900, 1400]) {
      const { spoken, events, requests } = await speak(
        `embedded after ${offset}`,
        (request, earlier) =>
          request.json['stream'] === false
            ? whole(request)
            : earlier > 0
              ? streamed
              : { body: [recorded.subarray(0, offset), reset] },
        voice,
      );
      expect(spoken).toBe(reply);
      expect(requests).toHaveLength(2);
      const bytes = events.reduce((sum, event) => sum + (event.type === 'audio' ? event.data.length : 0), 0);
      // 13 words take some seconds at 32,000 bytes a second.
      expect(bytes).toBeGreaterThan(100_000);
    }
  }, 60_000);

  it('ends the request and the voice when the listener leaves while the fallback is being asked', async () => {
    const run = 'leaves';
    answers.set(run, (request) =>
      request.json['stream'] === false ? { body: [hang] } : { body: [recorded.subarray(0, 600), reset] },
    );
    const model = ollama({ model: 'recorded', baseURL: server.url });
    const { voice } = humming();
    const speech: Observable<SpeechEvent> = model(run).pipe(
      fallbackToComplete((partial) => model.complete(run, { continueFrom: partial }), {
        expects: 'continuation',
      }),
      bufferSentences(),
      toSpeech(voice),
      tap(() => expect(left).toBe(false)),
    );
    let left = false;
    const subscription = speech.subscribe();
    while ((asked.get(run)?.length ?? 0) < 2) await after(5);
    left = true;
    subscription.unsubscribe();
    expect(await server.earlyClose(asked.get(run)![1]!)).toBeDefined();
    expect(asked.get(run)).toHaveLength(2);
  });
});
