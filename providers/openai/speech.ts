import OpenAI from 'openai';
import { map, type Observable } from 'rxjs';
import { defineVoice, type VoiceTimeouts } from '../../src/defineVoice.js';
import { environment, optionOr } from '../../src/environment.js';
import { AuthenticationError, MalformedReplyError } from '../../src/errors.js';
import { fromTokens } from '../../src/fromTokens.js';
import { secretsOfUrl } from '../../src/secrets.js';
import { shown } from '../../src/shown.js';
import type { Valve } from '../../src/valve.js';
import type { SpeakOptions, Voice, VoiceEvent } from '../../src/voice.js';
import { wholeFrames } from '../../src/wholeFrames.js';

const provider = 'openai';

/** Which OpenAI voice, and how it is to speak. */
export interface OpenAISpeechConfig extends VoiceTimeouts {
  /** Default: `gpt-4o-mini-tts`. Models are withdrawn now and then: name another one here. */
  readonly model?: string | undefined;
  /** Who speaks. Default: `alloy`. */
  readonly voice?: string | undefined;
  /** How to speak: "Calm and slow, as to a child." The `tts-1` models do without. */
  readonly instructions?: string | undefined;
  /** Speaking rate, from 0.25 to 4. Default: 1. A call's `rate` wins. */
  readonly speed?: number | undefined;
  /** Default: the environment's `OPENAI_API_KEY`. A server of one's own at `baseURL` may need none. */
  readonly apiKey?: string | undefined;
  /** Any server that speaks the same protocol. Default: OpenAI's. */
  readonly baseURL?: string | undefined;
  /** An `OpenAI` instance of your own; `apiKey` and `baseURL` are then left alone. */
  readonly client?: OpenAI | undefined;
  /** Aborts every synthesis of this voice. */
  readonly signal?: AbortSignal | undefined;
  /** While it is closed nothing is emitted, nothing is read from the socket, and both timeouts stand still. */
  readonly valve?: Valve | undefined;
}

/**
 * OpenAI's voices: 24 kHz 16-bit mono PCM, emitted as it arrives, in pieces of whole samples whatever the network
 * cuts. No word times. A text may have 4096 characters; the model tells its language by itself.
 *
 * ```
 * request  ----audio--audio--audio|        first audio within 30 s, then every 30 s, else StalledReplyError
 * ```
 *
 * ```ts
 * const alloy = openaiSpeech({ instructions: 'Warm and unhurried.' });
 * from(['Good evening. ']).pipe(toSpeech(alloy)).subscribe(console.log);
 * ```
 *
 * A missing key is an `AuthenticationError` at subscribe time; a refused one too. Other failures: `RateLimitError`,
 * `ProviderError` with the status, `ConnectionError`, `StalledReplyError`, `TruncatedReplyError` when the audio ends
 * inside a sample. `firstAudioTimeout` and `idleTimeout` are 30000 by default.
 *
 * @throws TypeError when `speed`, or a call's `rate`, is out of range.
 */
export function openaiSpeech(config: OpenAISpeechConfig = {}): Voice {
  const { model = 'gpt-4o-mini-tts', voice = 'alloy', instructions, speed = 1, valve } = config;
  if (!(speed >= 0.25 && speed <= 4)) {
    throw new TypeError(`openaiSpeech: speed must be from 0.25 to 4, got ${shown(speed)}`);
  }
  const apiKey = () => optionOr('OPENAI_API_KEY', config.apiKey);
  const baseURL = () => config.baseURL ?? environment('OPENAI_BASE_URL');

  async function* audio(
    text: string,
    options: SpeakOptions,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const client = config.client ?? connect(apiKey(), baseURL());
    const rate = options.rate ?? speed;
    const response = await client.audio.speech.create(
      {
        model,
        voice: options.voice ?? voice,
        input: text,
        response_format: 'pcm',
        ...(rate === 1 ? {} : { speed: rate }),
        ...(instructions === undefined ? {} : { instructions }),
      },
      { signal, maxRetries: 0 },
    );
    const type = response.headers.get('content-type') ?? '';
    if (/json|html/.test(type)) {
      throw new MalformedReplyError(`openai: audio was asked for, ${type} came`, { provider });
    }
    const body = response.body as AsyncIterable<Uint8Array> | null;
    if (body) yield* wholeFrames(body, 2, provider);
  }

  return defineVoice({
    provider,
    format: { encoding: 'pcm_s16le', sampleRate: 24000, channels: 1 },
    rates: [0.25, 4],
    firstAudioTimeout: config.firstAudioTimeout ?? 30_000,
    idleTimeout: config.idleTimeout ?? 30_000,
    signal: config.signal,
    valve,
    secrets: () => [config.client?.apiKey ?? undefined, apiKey(), ...secretsOfUrl(baseURL())],
    synthesize: (text, options): Observable<VoiceEvent> =>
      fromTokens((signal) => audio(text, options, signal), valve === undefined ? {} : { valve }).pipe(
        map((data) => ({ type: 'audio', data })),
      ),
  });
}

function connect(apiKey: string | undefined, baseURL: string | undefined): OpenAI {
  if (apiKey === undefined && baseURL === undefined) {
    throw new AuthenticationError('openai: no key: set OPENAI_API_KEY or the option apiKey', { provider });
  }
  return new OpenAI({
    apiKey: apiKey ?? 'none',
    ...(baseURL === undefined ? {} : { baseURL }),
    maxRetries: 0,
    // Its own requests to the log would hold the text that is spoken.
    logLevel: 'off',
  });
}
