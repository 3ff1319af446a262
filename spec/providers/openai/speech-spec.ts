import OpenAI from 'openai';
import OpenAI7 from 'openai-7';
import { take } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openaiSpeech } from '../../../providers/openai/index.js';
import { collect, collectFailure } from '../../support/collect.js';
import { endless, endlessBytes, pcmOf, pcmServer, type PcmServer } from '../../support/pcmServer.js';
import { drop, hang, type WireReply } from '../../support/wireServer.js';
import { describeVoice } from '../voiceConformance.js';

const apiKey = 'sk-very-secret-0123456789';
const refusal = (status: number, headers: Record<string, string> = {}): WireReply => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: [JSON.stringify({ error: { message: `no, not with ${apiKey}`, type: 'error' } })],
});
const answers: Record<string, WireReply> = {
  unauthorized: refusal(401),
  forbidden: refusal(403),
  unknown: refusal(404),
  'too many': refusal(429, { 'Retry-After': '2' }),
  broken: refusal(500),
  overloaded: refusal(503),
  'not audio': { headers: { 'Content-Type': 'application/json' }, body: ['{"error":"oops"}'] },
  'no audio': { body: [] },
  'half a sample': { body: [new Uint8Array(1001)] },
  dropped: { body: [new Uint8Array(1000), { wait: 20 }, drop] },
  silent: { body: [hang] },
  stalled: { body: [new Uint8Array(1000), hang] },
};
const start = () =>
  pcmServer(
    ({ json }) => String(json['input']),
    (_, text) => (text === 'endless' ? endless() : answers[text]),
  );

describeVoice('openai', async () => {
  const server = await start();
  const quick = { apiKey, baseURL: server.url, firstAudioTimeout: 2000, idleTimeout: 2000 };
  const voice = openaiSpeech(quick);
  const impatient = openaiSpeech({ ...quick, firstAudioTimeout: 60, idleTimeout: 60 });
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
    requests: () => server.requests.length,
    running: () => server.running,
    secrets: [apiKey],
    valved: {
      speak: (valve) => openaiSpeech({ ...quick, idleTimeout: 250, valve })('endless'),
      written: () => server.requests.at(-1)?.written ?? 0,
      bytes: endlessBytes,
    },
    faults: [
      fault('unauthorized', 'AuthenticationError', false),
      fault('forbidden', 'AuthenticationError', false),
      fault('unknown', 'ProviderError', false),
      fault('too many', 'RateLimitError', true),
      fault('broken', 'ProviderError', true),
      fault('overloaded', 'OverloadedError', true),
      fault('not audio', 'MalformedReplyError', true),
      fault('no audio', 'SpeechError', true),
      fault('half a sample', 'TruncatedReplyError', true),
      fault('dropped', 'ConnectionError', true),
      fault('silent', 'StalledReplyError', true, impatient),
      fault('stalled', 'StalledReplyError', true, impatient),
      {
        ...fault('nobody there', 'ConnectionError', true),
        speak: () => openaiSpeech({ ...quick, baseURL: 'http://127.0.0.1:9' })('Hello'),
      },
    ],
    close: () => server.close(),
  };
});

describe('openaiSpeech', () => {
  let server: PcmServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());
  const audio = (events: readonly { type: string; data?: Uint8Array }[]) =>
    Buffer.concat(events.flatMap(({ data }) => (data ? [data] : [])));

  it('asks for raw samples, with what it was told and nothing else', async () => {
    const voice = openaiSpeech({ apiKey, baseURL: server.url });
    await collect(voice('Hello there.'));
    expect(server.requests.at(-1)).toMatchObject({ method: 'POST', path: '/audio/speech' });
    expect(server.requests.at(-1)!.json).toEqual({
      model: 'gpt-4o-mini-tts',
      voice: 'alloy',
      input: 'Hello there.',
      response_format: 'pcm',
    });
    expect(server.requests.at(-1)!.headers.authorization).toBe(`Bearer ${apiKey}`);

    const told = openaiSpeech({
      apiKey,
      baseURL: server.url,
      model: 'm',
      voice: 'v',
      instructions: 'slow',
      speed: 0.5,
    });
    await collect(told('Hello there.', { voice: 'w', rate: 2 }));
    expect(server.requests.at(-1)!.json).toEqual({
      model: 'm',
      voice: 'w',
      input: 'Hello there.',
      response_format: 'pcm',
      speed: 2,
      instructions: 'slow',
    });
  });

  it.each([
    ['6', OpenAI],
    ['7', OpenAI7 as unknown as typeof OpenAI],
  ])('brings every byte, with a client of version %s', async (_, Client) => {
    const client = new Client({ apiKey, baseURL: server.url, maxRetries: 0 });
    const text = 'The sky is blue today.';
    expect(audio(await collect(openaiSpeech({ client })(text)))).toEqual(Buffer.from(pcmOf(text)));
  });

  it('emits audio before the answer is whole', async () => {
    const voice = openaiSpeech({ apiKey, baseURL: server.url });
    const [event] = await collect(voice('A text of some length, so that it takes its time.').pipe(take(1)));
    expect(event).toMatchObject({ type: 'audio' });
    expect(await server.earlyClose(server.requests.at(-1)!)).toBeDefined();
  });

  it('says when it may be asked again', async () => {
    const { error } = await collectFailure(openaiSpeech({ apiKey, baseURL: server.url })('too many'));
    expect(error).toMatchObject({ retryAfter: 2000, status: 429 });
  });

  it('names the missing key at subscribe time', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    vi.stubEnv('OPENAI_BASE_URL', '');
    for (const voice of [openaiSpeech(), openaiSpeech({ apiKey: '' })]) {
      const { error } = await collectFailure(voice('Hello'));
      expect(error).toMatchObject({ name: 'AuthenticationError', retryable: false });
      expect(String(error)).toContain('OPENAI_API_KEY');
    }
    vi.unstubAllEnvs();
  });

  it('refuses a speed out of range by name', () => {
    expect(() => openaiSpeech({ speed: 5 })).toThrow(/speed.*0\.25 to 4.*5/);
    expect(() => openaiSpeech()('Hello', { rate: 9 })).toThrow(/rate/);
    expect(() => openaiSpeech({ idleTimeout: 0 })).toThrow(/idleTimeout/);
  });
});
