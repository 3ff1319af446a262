import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { xtts } from '../../../providers/xtts/index.js';
import { collect, collectFailure } from '../../support/collect.js';
import { endless, endlessBytes, pcmOf, pcmServer, type PcmServer } from '../../support/pcmServer.js';
import { drop, hang, type WireReply } from '../../support/wireServer.js';
import { describeVoice } from '../voiceConformance.js';

const password = 'a-password-of-some-length';
const ana = { gpt_cond_latent: [[0.25, 1]], speaker_embedding: [0.5] };
const clone = { gpt_cond_latent: [[0.75]], speaker_embedding: [0.125] };
const json = (body: unknown, status = 200): WireReply => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: [JSON.stringify(body)],
});
const answers: Record<string, WireReply> = {
  unauthorized: json({ detail: `not ${password}` }, 401),
  invalid: json({ detail: 'text' }, 422),
  broken: json({ detail: 'out of memory' }, 500),
  'not audio': json({}),
  'no audio': { body: [] },
  'half a sample': { body: [new Uint8Array(11)] },
  dropped: { body: [new Uint8Array(1000), { wait: 20 }, drop] },
  silent: { body: [hang] },
  stalled: { body: [new Uint8Array(1000), hang] },
};
/** How the next recordings are answered. */
let cloning: WireReply[] = [];
const start = () =>
  pcmServer(
    ({ json: body }) => String(body['text']),
    ({ path }, text) => {
      if (path.endsWith('/studio_speakers')) return json({ 'Ana Florence': ana, 'Other One': clone });
      if (path.endsWith('/clone_speaker')) return cloning.shift() ?? json(clone);
      return text === 'endless' ? endless() : answers[text];
    },
  );
const spoken = (server: PcmServer) => server.requests.filter(({ path }) => path.endsWith('/tts_stream'));
const asked = (server: PcmServer, path: string) =>
  server.requests.filter((request) => request.path === path).length;

describeVoice('xtts', async () => {
  const server = await start();
  const config = {
    baseURL: server.url.replace('//', `//me:${password}@`),
    firstAudioTimeout: 2000,
    idleTimeout: 2000,
  };
  const voice = xtts(config);
  const impatient = xtts({ ...config, latents: ana, firstAudioTimeout: 60, idleTimeout: 60 });
  const fault = (name: string, error: string, retryable: boolean, speak = voice) => ({
    name,
    speak: () => speak(name),
    error,
    retryable,
  });
  return {
    voice,
    words: false,
    speech: false,
    requests: () => spoken(server).length,
    running: () => server.running,
    secrets: [password],
    valved: {
      speak: (valve) => xtts({ ...config, latents: ana, idleTimeout: 250, valve })('endless'),
      written: () => spoken(server).at(-1)?.written ?? 0,
      bytes: endlessBytes,
    },
    faults: [
      fault('unauthorized', 'AuthenticationError', false),
      fault('invalid', 'ProviderError', false),
      fault('broken', 'ProviderError', true),
      fault('not audio', 'MalformedReplyError', true),
      fault('no audio', 'SpeechError', true),
      fault('half a sample', 'TruncatedReplyError', true),
      fault('dropped', 'ConnectionError', true),
      fault('silent', 'StalledReplyError', true, impatient),
      fault('stalled', 'StalledReplyError', true, impatient),
      {
        ...fault('nobody there', 'ConnectionError', true),
        speak: () => xtts({ baseURL: 'http://127.0.0.1:9' })('Hello'),
      },
    ],
    close: () => server.close(),
  };
});

describe('xtts', () => {
  let server: PcmServer;
  const recording = new Uint8Array([82, 73, 70, 70, 1, 2, 3, 4]);
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    cloning = [];
  });

  it('speaks with the first of the server’s speakers, or the one named', async () => {
    const voice = xtts({ baseURL: `${server.url}/`, streamChunkSize: 40 });
    const events = await collect(voice('Hello there.'));
    expect(Buffer.concat(events.flatMap((event) => (event.type === 'audio' ? [event.data] : [])))).toEqual(
      Buffer.from(pcmOf('Hello there.')),
    );
    expect(spoken(server).at(-1)!.json).toEqual({
      ...ana,
      text: 'Hello there.',
      language: 'en',
      add_wav_header: false,
      stream_chunk_size: '40',
    });
    await collect(voice('Hola.', { voice: 'Other One', language: 'es-MX' }));
    expect(spoken(server).at(-1)!.json).toMatchObject({ ...clone, language: 'es' });
    expect(asked(server, '/studio_speakers')).toBe(1);
    const { error } = await collectFailure(voice('Hello.', { voice: 'Nobody' }));
    expect(String(error)).toMatch(/"Nobody".*Ana Florence/);
  });

  it('clones a voice once, however many utterances wait for it', async () => {
    const before = asked(server, '/clone_speaker');
    let read = 0;
    const voice = xtts({
      baseURL: server.url,
      reference: () => {
        read++;
        return Promise.resolve(recording);
      },
    });
    expect(read).toBe(0);
    await Promise.all(['One.', 'Two.', 'Three.'].map((text) => collect(voice(text))));
    await collect(voice('Four.'));
    expect(asked(server, '/clone_speaker')).toBe(before + 1);
    expect(read).toBe(1);
    const upload = server.requests.find(({ path }) => path === '/clone_speaker')!;
    expect(upload.headers['content-type']).toMatch(/^multipart\/form-data/);
    expect(upload.text).toContain('name="wav_file"');
    expect(upload.text).toContain('RIFF');
    expect(spoken(server).at(-1)!.json).toMatchObject(clone);
  });

  it('asks for the latents again after a failure', async () => {
    cloning = [json({ detail: 'no' }, 500)];
    const before = asked(server, '/clone_speaker');
    const voice = xtts({ baseURL: server.url, reference: recording });
    expect((await collectFailure(voice('One.'))).error).toMatchObject({ status: 500, retryable: true });
    expect(await collect(voice('One.'))).not.toEqual([]);
    expect(asked(server, '/clone_speaker')).toBe(before + 2);
  });

  it.each([['{"gpt_cond_latent":1}'], ['nothing of the kind']])(
    'notices latents that are none: %s',
    async (body) => {
      cloning = [{ body: [body] }];
      const { error } = await collectFailure(xtts({ baseURL: server.url, reference: recording })('One.'));
      expect(error).toMatchObject({ name: 'MalformedReplyError' });
    },
  );

  it('goes on cloning for those who still wait, and stops with the last', async () => {
    cloning = [{ body: [{ wait: 100 }, JSON.stringify(clone)] }, { body: [hang] }];
    const voice = xtts({ baseURL: server.url, reference: new Blob([recording]) });
    const left = voice('One.').subscribe();
    const stayed = collect(voice('Two.'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    left.unsubscribe();
    expect(await stayed).not.toEqual([]);

    const other = xtts({ baseURL: server.url, reference: recording });
    const before = asked(server, '/clone_speaker');
    const subscription = other('One.').subscribe();
    await vi.waitFor(() => expect(asked(server, '/clone_speaker')).toBe(before + 1));
    subscription.unsubscribe();
    const request = server.requests.findLast(({ path }) => path === '/clone_speaker')!;
    expect(await server.earlyClose(request)).toBeDefined();
  });

  it('uses the environment, and names what is missing', async () => {
    vi.stubEnv('COQUI_XTTS_URL', '');
    expect(String((await collectFailure(xtts()('Hello'))).error)).toContain('COQUI_XTTS_URL');
    vi.stubEnv('COQUI_XTTS_URL', server.url);
    expect(await collect(xtts()('Hello'))).not.toEqual([]);
    vi.stubEnv('COQUI_XTTS_URL', 'not a url');
    expect((await collectFailure(xtts()('Hello'))).error).toMatchObject({
      name: 'ProviderError',
      retryable: false,
    });
    vi.unstubAllEnvs();
  });

  it('refuses what it cannot do, by name', () => {
    expect(() => xtts({ streamChunkSize: 0 })).toThrow(/streamChunkSize.*0/);
    expect(() => xtts({ language: 'la' })).toThrow(/language.*"la"/);
    expect(() => xtts()('Salve', { language: 'la-VA' })).toThrow(/language/);
    expect(() => xtts()('Hello', { rate: 2 })).toThrow(/rate/);
  });
});
