import { map, type Observable } from 'rxjs';
import { defineVoice, type VoiceTimeouts } from '../../src/defineVoice.js';
import { environment } from '../../src/environment.js';
import { MalformedReplyError, ProviderError } from '../../src/errors.js';
import { fromTokens } from '../../src/fromTokens.js';
import { httpFailure } from '../../src/providerFailure.js';
import { secretsOfUrl } from '../../src/secrets.js';
import { shown } from '../../src/shown.js';
import type { Valve } from '../../src/valve.js';
import type { SpeakOptions, Voice, VoiceEvent } from '../../src/voice.js';
import { wholeFrames } from '../../src/wholeFrames.js';
import { createLatentsCache, type SpeakerLatents, type XttsRequest } from './speakerLatents.js';
import { xttsLanguage } from './xttsLanguage.js';

const provider = 'xtts';

/** Which XTTS server, and whose voice. */
export interface XttsConfig extends VoiceTimeouts {
  /** The server. Default: the environment's `COQUI_XTTS_URL`. May carry `user:password@`. */
  readonly baseURL?: string | undefined;
  /**
   * A reference recording of some seconds to clone: a WAV as bytes, or a function that brings them. Its latents are
   * computed by the server once for this voice, at the first utterance, and kept.
   */
  readonly reference?:
    (Uint8Array | Blob | (() => Uint8Array | Blob | Promise<Uint8Array | Blob>)) | undefined;
  /** Latents that were computed before, instead of a recording. */
  readonly latents?: SpeakerLatents | undefined;
  /** One of the server's own speakers. Default, without `reference` and `latents`: the first it has. */
  readonly voice?: string | undefined;
  /** BCP 47 tag of the text's language; a call's `language` wins. Default: `en`. */
  readonly language?: string | undefined;
  /** Pieces of sound the model computes before it sends them, a whole number over 0. Fewer come sooner and rougher. Default: 20. */
  readonly streamChunkSize?: number | undefined;
  /** Sent as a bearer token, for a server behind a proxy that wants one. */
  readonly apiKey?: string | undefined;
  /** Aborts every synthesis of this voice. */
  readonly signal?: AbortSignal | undefined;
  /** While it is closed nothing is emitted, nothing is read from the socket, and both timeouts stand still. */
  readonly valve?: Valve | undefined;
}

/**
 * A Coqui XTTS streaming server (the public `xtts-streaming-server`): 24 kHz 16-bit mono PCM as it is computed, in 17
 * languages, with voices cloned from a recording. No word times; its protocol has no speaking rate.
 *
 * ```
 * reference  POST /clone_speaker   once, whatever the number of utterances that wait for it
 * utterance  POST /tts_stream      ----audio--audio--audio|
 * ```
 *
 * ```ts
 * const me = xtts({ reference: () => readFile('my-voice.wav'), language: 'de' });
 * from(['Guten Abend. ']).pipe(toSpeech(me)).subscribe(console.log);
 * ```
 *
 * Without a server's address it is a `ProviderError` that names `COQUI_XTTS_URL`, at subscribe time. Other failures:
 * `ProviderError` with the status, `ConnectionError`, `StalledReplyError` (60000 by default, both timeouts),
 * `MalformedReplyError`. When the computation of latents fails, the next utterance asks for it again.
 *
 * @throws TypeError for an option out of its range, for a language XTTS doesn't speak, and for a `rate` other than 1.
 */
export function xtts(config: XttsConfig = {}): Voice {
  const { streamChunkSize = 20, valve } = config;
  if (!(Number.isInteger(streamChunkSize) && streamChunkSize > 0)) {
    throw new TypeError(`xtts: streamChunkSize must be a whole number over 0, got ${shown(streamChunkSize)}`);
  }
  xttsLanguage(config.language ?? 'en');
  const baseURL = () => config.baseURL ?? environment('COQUI_XTTS_URL');
  const latents = createLatentsCache(config, request);

  async function request(path: string, init: XttsRequest): Promise<Response> {
    const { url, headers } = address(baseURL(), path, config.apiKey);
    const response = await fetch(url, { ...init, headers: { ...init.headers, ...headers } });
    if (response.ok) return response;
    const message = (await response.text()).slice(0, 300) || response.statusText;
    throw httpFailure({ provider, status: response.status, message, headers: response.headers });
  }

  async function* audio(
    text: string,
    options: SpeakOptions,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const speaker = await latents(options.voice, signal);
    const response = await request('/tts_stream', {
      method: 'POST',
      signal,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        ...speaker,
        text,
        language: xttsLanguage(options.language ?? config.language ?? 'en'),
        add_wav_header: false,
        stream_chunk_size: String(streamChunkSize),
      }),
    });
    const type = response.headers.get('content-type') ?? '';
    if (/json|html/.test(type)) {
      throw new MalformedReplyError(`xtts: audio was asked for, ${type} came`, { provider });
    }
    if (response.body) yield* wholeFrames(response.body, 2, provider);
  }

  return defineVoice({
    provider,
    format: { encoding: 'pcm_s16le', sampleRate: 24000, channels: 1 },
    rates: [1, 1],
    firstAudioTimeout: config.firstAudioTimeout ?? 60_000,
    idleTimeout: config.idleTimeout ?? 60_000,
    signal: config.signal,
    valve,
    secrets: () => [config.apiKey, ...secretsOfUrl(baseURL())],
    check: ({ language }) => void xttsLanguage(language ?? 'en'),
    synthesize: (text, options): Observable<VoiceEvent> =>
      fromTokens((signal) => audio(text, options, signal), valve === undefined ? {} : { valve }).pipe(
        map((data) => ({ type: 'audio', data })),
      ),
  });
}

function address(baseURL: string | undefined, path: string, apiKey: string | undefined) {
  if (baseURL === undefined) {
    throw new ProviderError('xtts: no server: set COQUI_XTTS_URL or the option baseURL', { provider });
  }
  if (!URL.canParse(baseURL)) {
    throw new ProviderError('xtts: COQUI_XTTS_URL (or baseURL) is no URL', { provider });
  }
  const url = new URL(baseURL);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  // fetch refuses credentials in a URL; they mean the same as a header.
  const basic = `Basic ${btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}`;
  const authorization = apiKey === undefined ? (username === '' ? undefined : basic) : `Bearer ${apiKey}`;
  return { url, headers: authorization === undefined ? {} : { Authorization: authorization } };
}
