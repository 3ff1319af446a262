import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { SpeechConfig } from 'microsoft-cognitiveservices-speech-sdk';
import { take } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { azureSpeech } from '../../../providers/azure-speech/index.js';
import { azureServer, type AzureFault, type AzureServer } from '../../support/azureServer.js';
import { collect, collectFailure } from '../../support/collect.js';
import { within } from '../../support/within.js';
import { describeVoice } from '../voiceConformance.js';

const apiKey = '0123456789abcdef0123456789abcdef';
describeVoice('azure-speech', async () => {
  const server = await azureServer({ key: apiKey });
  const quick = { apiKey, baseURL: server.url, firstAudioTimeout: 3000, idleTimeout: 3000 };
  const voice = azureSpeech(quick);
  const impatient = azureSpeech({ ...quick, firstAudioTimeout: 100, idleTimeout: 100 });
  const fault = (name: AzureFault, error: string, retryable: boolean, speak = voice) => ({
    name,
    speak: () => speak(`Hello FAULT-${name} and more`),
    error,
    retryable,
  });
  const refused = (key: string, error: string, retryable: boolean) => ({
    name: key,
    speak: () => azureSpeech({ ...quick, apiKey: key })('Hello'),
    error,
    retryable,
  });
  return {
    voice,
    words: true,
    speech: false,
    requests: () => server.turns.length,
    running: () => server.running,
    secrets: [apiKey, 'wrong-key-0123456789'],
    faults: [
      refused('wrong-key-0123456789', 'AuthenticationError', false),
      refused('status-429-0123456789', 'RateLimitError', true),
      refused('status-503-0123456789', 'OverloadedError', true),
      fault('badparameters', 'ProviderError', false),
      fault('silence', 'StalledReplyError', true, impatient),
      fault('stall', 'StalledReplyError', true, impatient),
      fault('hangup', 'TruncatedReplyError', true),
      fault('drop', 'ConnectionError', true),
      fault('badjson', 'MalformedReplyError', true),
      fault('badmetadata', 'MalformedReplyError', true),
      fault('badresponse', 'MalformedReplyError', true),
      fault('noaudio', 'SpeechError', true),
      fault('oddaudio', 'TruncatedReplyError', true),
      {
        name: 'nobody there',
        speak: () => azureSpeech({ ...quick, baseURL: 'ws://127.0.0.1:9' })('Hello'),
        error: 'ConnectionError',
        retryable: true,
      },
    ],
    close: () => server.close(),
  };
});

describe('azureSpeech', () => {
  let server: AzureServer;
  beforeAll(async () => {
    server = await azureServer({ key: apiKey });
  });
  afterAll(() => server.close());
  const make = (options: Parameters<typeof azureSpeech>[0] = {}) =>
    azureSpeech({ apiKey, baseURL: server.url, keepAlive: 10_000, ...options });
  const document = () => server.turns.at(-1)!.ssml;

  it('says a text as a text, whatever is in it', async () => {
    await collect(make()('Fish & <break time="9s"/> "chips"\u0000 it’s \ud800 5 < 6'));
    expect(document()).toContain("<voice name='en-US-AvaMultilingualNeural'>");
    expect(document()).toContain(
      'Fish &amp; &lt;break time=&quot;9s&quot;/&gt; &quot;chips&quot;  it’s   5 &lt; 6',
    );
    expect(server.turns.at(-1)!.context).toMatchObject({
      synthesis: {
        audio: { outputFormat: 'raw-24khz-16bit-mono-pcm' },
      },
    });
  });

  it('says it with prosody, style and a personal voice, everything escaped', async () => {
    const voice = make({
      ssml: true,
      voice: 'de-AT-IngridNeural',
      rate: 1.25,
      pitch: '+5%',
      volume: 'soft',
      style: 'a"b',
      styleDegree: 2,
      role: 'Girl',
    });
    await collect(voice('Fisch & <b>'));
    expect(document()).toBe(
      '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="http://www.w3.org/2001/mstts" xml:lang="de-AT">' +
        '<voice name="de-AT-IngridNeural"><mstts:express-as style="a&quot;b" styledegree="2" role="Girl">' +
        '<prosody rate="1.25" pitch="+5%" volume="soft">Fisch &amp; &lt;b&gt;</prosody></mstts:express-as></voice></speak>',
    );
    await collect(make({ speakerProfileId: 'profile-1' })("It's me."));
    expect(document()).toContain(
      '<voice name="DragonLatestNeural"><mstts:ttsembedding speakerProfileId="profile-1">It&apos;s me.</mstts:ttsembedding></voice>',
    );
    await collect(make()('Bonjour', { voice: 'fr-FR-DeniseNeural', rate: 1.5 }));
    expect(document()).toContain('xml:lang="fr-FR"');
    expect(document()).toContain(
      '<voice name="fr-FR-DeniseNeural"><prosody rate="1.5">Bonjour</prosody></voice>',
    );
    await collect(make({ ssml: true })('Plain.'));
    expect(document()).toContain('<voice name="en-US-AvaMultilingualNeural">Plain.</voice>');
  });

  it('has words with their times, and audio in order', async () => {
    const events = await collect(make()('One two three.'));
    expect(events.flatMap((event) => (event.type === 'word' ? [event] : []))).toEqual([
      { type: 'word', text: 'One', offset: 0, duration: 90 },
      { type: 'word', text: 'two', offset: 100, duration: 90 },
      { type: 'word', text: 'three', offset: 200, duration: 90 },
    ]);
    const audio = Buffer.concat(events.flatMap((event) => (event.type === 'audio' ? [event.data] : [])));
    expect(audio).toEqual(
      Buffer.concat(
        [3, 4, 7].map((step) => Buffer.from(Uint8Array.from({ length: 4800 }, (_, at) => (at * step) % 251))),
      ),
    );
  });

  it('keeps one connection for each utterance at a time, and uses it again', async () => {
    const before = server.messages.length;
    const voice = make();
    await collect(voice('One.'));
    await collect(voice('Two.'));
    expect(server.messages.length - before).toBe(1);
    expect(server.messages.at(-1)).toEqual([
      ...['speech.config', 'synthesis.context', 'ssml'],
      ...['synthesis.context', 'ssml'],
    ]);
    await Promise.all(['One.', 'Two.', 'Three.'].map((text) => collect(voice(text))));
    expect(server.messages.length - before).toBe(3);
    await Promise.all(['One.', 'Two.', 'Three.'].map((text) => collect(voice(text))));
    expect(server.messages.length - before).toBe(3);
  });

  it('hangs up on the utterance that is cut off, and on no other', async () => {
    const voice = make();
    const other = collect(voice('A sentence of some length that goes on while the other is cut off.'));
    const open = server.open;
    await collect(voice('Never mind what would have come after the first words of this one.').pipe(take(2)));
    await vi.waitFor(() => expect(server.running).toBeLessThanOrEqual(1));
    expect((await other).length).toBeGreaterThan(20);
    await vi.waitFor(() => expect(server.open).toBeLessThanOrEqual(open + 1));
    expect(await collect(voice('And on.'))).not.toEqual([]);
  });

  it('gives a handshake up that is not answered, within 100 ms', async () => {
    const connections: { readonly opened: number; closed?: number; bytes: number }[] = [];
    const mute = createServer((socket) => {
      const connection: (typeof connections)[number] = { opened: performance.now(), bytes: 0 };
      connections.push(connection);
      socket.on('data', (data) => (connection.bytes += data.length));
      socket.on('error', () => undefined);
      socket.on('close', () => (connection.closed = performance.now()));
    });
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const baseURL = `ws://127.0.0.1:${(mute.address() as AddressInfo).port}`;

    await within(100, async () => {
      const { length } = connections;
      const subscription = make({ baseURL })('Hello').subscribe();
      await vi.waitFor(() => expect(connections[length]?.bytes).toBeGreaterThan(0));
      const asked = performance.now();
      subscription.unsubscribe();
      await vi.waitFor(() => expect(connections[length]?.closed).toBeDefined(), { interval: 1 });
      return connections[length]!.closed! - asked;
    });
    // In the middle of whatever the SDK does before it has a socket: then there is none, or it closes.
    for (let turns = 0; turns < 20; turns++) {
      const subscription = make({ baseURL })('Hello').subscribe();
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      subscription.unsubscribe();
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(connections.filter(({ closed }) => closed === undefined)).toEqual([]);

    const { error } = await collectFailure(make({ baseURL, firstAudioTimeout: 100 })('Hello'));
    expect(error).toMatchObject({ name: 'StalledReplyError', retryable: true });
    await vi.waitFor(() => expect(connections.at(-1)!.closed).toBeDefined());

    const { length } = connections;
    await expect(make({ baseURL, firstAudioTimeout: 100 }).warm()).rejects.toMatchObject({
      name: 'StalledReplyError',
      message: expect.stringContaining('no connection within 100 ms') as string,
    });
    const gone = new AbortController();
    const warming = make({ baseURL, signal: gone.signal }).warm();
    await vi.waitFor(() => expect(connections[length + 1]?.bytes).toBeGreaterThan(0));
    gone.abort(new Error('no longer'));
    await expect(warming).rejects.toThrow('no longer');
    await vi.waitFor(() =>
      expect(connections.slice(length).map(({ closed }) => closed)).not.toContain(undefined),
    );
    expect(await new Promise((resolve) => mute.close(resolve))).toBeUndefined();
  });

  it('lets a connection go that nobody needs', async () => {
    const before = server.open;
    const voice = make({ keepAlive: 30 });
    await collect(voice('One.'));
    await vi.waitFor(() => expect(server.open).toBe(before));
    expect(await collect(voice('Two.'))).not.toEqual([]);
    await vi.waitFor(() => expect(server.open).toBe(before));
  });

  it('takes a new connection when the service has hung up on the one kept', async () => {
    const own = await azureServer({ key: apiKey });
    const voice = azureSpeech({ apiKey, baseURL: own.url });
    await collect(voice('One.'));
    const port = Number(new URL(own.url).port);
    await own.close();
    expect((await collectFailure(voice('Two.'))).error).toMatchObject({
      name: 'ConnectionError',
    });
    expect(port).toBeGreaterThan(0);
  });

  it('can be warmed: the first utterance then has its connection', async () => {
    const before = server.messages.length;
    const voice = make({ keepAlive: 100 });
    await voice.warm();
    await voice.warm();
    expect(server.messages.length - before).toBe(1);
    expect(server.messages.at(-1)).toEqual([]);
    await collect(voice('Hello.'));
    expect(server.messages.length - before).toBe(1);

    const open = server.open;
    const unused = make({ keepAlive: 30 });
    await unused.warm();
    await vi.waitFor(() => expect(server.open).toBeLessThanOrEqual(open));
  });

  it('says why it could not be warmed, without the key', async () => {
    const voice = make({ apiKey: 'wrong-key-0123456789' });
    const error: unknown = await voice.warm().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'AuthenticationError' });
    expect(String(error)).not.toContain('wrong-key');
  });

  it('speaks with a configuration of one’s own', async () => {
    const client = SpeechConfig.fromHost(new URL(server.url), apiKey);
    const voice = azureSpeech({ client, sampleRate: 16000 });
    expect(voice.format).toEqual({ encoding: 'pcm_s16le', sampleRate: 16000, channels: 1 });
    expect(await collect(voice('Hello.'))).not.toEqual([]);
    expect(JSON.stringify(server.turns.at(-1)!.context)).toContain('raw-16khz-16bit-mono-pcm');
  });

  it('names what is missing at subscribe time', async () => {
    vi.stubEnv('AZURE_SPEECH_KEY', '');
    vi.stubEnv('AZURE_SPEECH_REGION', '');
    for (const voice of [azureSpeech(), azureSpeech({ apiKey: '' })]) {
      const noKey = (await collectFailure(voice('Hello'))).error;
      expect(noKey).toMatchObject({ name: 'AuthenticationError', retryable: false });
      expect(String(noKey)).toContain('AZURE_SPEECH_KEY');
    }
    vi.stubEnv('AZURE_SPEECH_KEY', apiKey);
    const noRegion = (await collectFailure(azureSpeech()('Hello'))).error;
    expect(noRegion).toMatchObject({ name: 'ProviderError', retryable: false });
    expect(String(noRegion)).toContain('AZURE_SPEECH_REGION');
    vi.unstubAllEnvs();
  });

  it('refuses what is out of range, by name', () => {
    expect(() => make({ rate: 3 })).toThrow(/rate.*0\.5 to 2.*3/);
    expect(() => make({ styleDegree: 0 })).toThrow(/styleDegree/);
    expect(() => make({ keepAlive: -1 })).toThrow(/keepAlive/);
    expect(() => make({ firstAudioTimeout: 0 })).toThrow(/firstAudioTimeout/);
    expect(() => make({ sampleRate: 22050 as 24000 })).toThrow(/sampleRate.*22050/);
    expect(() => make()('Hello', { rate: 9 })).toThrow(/rate/);
  });
});
