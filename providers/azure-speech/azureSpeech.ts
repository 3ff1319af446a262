import {
  PropertyId,
  ResultReason,
  SpeechConfig,
  SpeechSynthesisBoundaryType,
  SpeechSynthesisOutputFormat,
  SpeechSynthesizer,
  type SpeechSynthesisResult,
} from 'microsoft-cognitiveservices-speech-sdk';
import {
  catchError,
  defer,
  lastValueFrom,
  mergeMap,
  NEVER,
  Observable,
  switchMap,
  takeUntil,
  throwError,
} from 'rxjs';
import { defineVoice, type VoiceTimeouts } from '../../src/defineVoice.js';
import { environment, optionOr } from '../../src/environment.js';
import {
  AuthenticationError,
  MalformedReplyError,
  ProviderError,
  StalledReplyError,
  TruncatedReplyError,
} from '../../src/errors.js';
import { pausableTimer } from '../../src/pausableTimer.js';
import { rejectOnAbort } from '../../src/rejectOnAbort.js';
import { secretsOfUrl, redactor } from '../../src/secrets.js';
import { shown } from '../../src/shown.js';
import type { SpeakOptions, Voice, VoiceEvent } from '../../src/voice.js';
import { frameCutter } from '../../src/wholeFrames.js';
import { azureFailure, canceled } from './azureFailure.js';
import { isReadable } from './isReadable.js';
import { prepareSocket } from './prepareSocket.js';
import { printable, ssml } from './ssml.js';
import { createSynthesizerPool, type Line } from './synthesizerPool.js';

const provider = 'azure-speech';
const formats = {
  16000: SpeechSynthesisOutputFormat.Raw16Khz16BitMonoPcm,
  24000: SpeechSynthesisOutputFormat.Raw24Khz16BitMonoPcm,
  48000: SpeechSynthesisOutputFormat.Raw48Khz16BitMonoPcm,
} as const;

/** Which Azure voice, and how it is to speak. */
export interface AzureSpeechConfig extends VoiceTimeouts {
  /** Default: the environment's `AZURE_SPEECH_KEY`. */
  readonly apiKey?: string | undefined;
  /** Such as `westeurope`. Default: the environment's `AZURE_SPEECH_REGION`. */
  readonly region?: string | undefined;
  /** A host of one's own (a private endpoint, a container) instead of the region's: `wss://…` or `https://…`. */
  readonly baseURL?: string | undefined;
  /** A `SpeechConfig` of your own, with its key and host. Its output format and voice are set here. */
  readonly client?: SpeechConfig | undefined;
  /** Default: `en-US-AvaMultilingualNeural`; with `speakerProfileId`: `DragonLatestNeural`. */
  readonly voice?: string | undefined;
  /** BCP 47 tag. Default: the one in the voice's name, else `en-US`. */
  readonly language?: string | undefined;
  /** Samples a second: 16000, 24000 or 48000. Default: 24000. */
  readonly sampleRate?: keyof typeof formats | undefined;
  /**
   * Whether every utterance is sent as SSML of this package's making. Default: only where an option needs it (`rate`,
   * `pitch`, `volume`, `style`, `role`, `speakerProfileId`, a call's `voice`, `language` or `rate`). The text is escaped either way.
   */
  readonly ssml?: boolean | undefined;
  /** Speaking rate, from 0.5 to 2. A call's `rate` wins. Default: 1. */
  readonly rate?: number | undefined;
  /** As SSML has it: `+5%`, `-2st`, `high`. */
  readonly pitch?: string | undefined;
  /** As SSML has it: `80`, `+10%`, `soft`. */
  readonly volume?: string | undefined;
  /** A speaking style that the voice has, such as `cheerful`. */
  readonly style?: string | undefined;
  /** How much of it, from 0.01 to 2. Default: 1. */
  readonly styleDegree?: number | undefined;
  /** A role that the voice can play, such as `Girl`. */
  readonly role?: string | undefined;
  /** A personal voice: the profile's id, as the service gave it. */
  readonly speakerProfileId?: string | undefined;
  /** Milliseconds a connection waits for the next utterance, 0 or more. It holds the process that long. Default: 5000. */
  readonly keepAlive?: number | undefined;
  /** Aborts every synthesis of this voice. */
  readonly signal?: AbortSignal | undefined;
}

/** An Azure voice. */
export interface AzureSpeechVoice extends Voice {
  /**
   * Opens a connection ahead of the first utterance, which then needs no handshake. Rejects as an utterance would fail,
   * after `firstAudioTimeout` at the latest.
   */
  warm(): Promise<void>;
}

/**
 * Azure's neural voices: 16-bit mono PCM as it is synthesized, and the time of every word. Text is spoken as text:
 * markup in it is read out, never obeyed.
 *
 * ```
 * utterance  ----w-a-w-a-w-a|      w word, a audio; one connection for each running utterance, kept for the next
 * ```
 *
 * ```ts
 * const ava = azureSpeech({ voice: 'en-US-AvaMultilingualNeural', style: 'cheerful' });
 * await ava.warm();
 * from(['Good evening. ']).pipe(toSpeech(ava)).subscribe(console.log);
 * ```
 *
 * At subscribe time: no key is an `AuthenticationError`, no region a `ProviderError`, both name the variable. Then: a refused key
 * `AuthenticationError`; bad parameters a `ProviderError` with status 400; `RateLimitError`, `ConnectionError`;
 * `TruncatedReplyError` when the service hangs up in the middle; `MalformedReplyError`; silence, of which the SDK
 * tells nothing, `StalledReplyError` after `firstAudioTimeout` and `idleTimeout` (10000 by default).
 *
 * Unsubscribing closes that utterance's connection, also one that is still being opened.
 *
 * @throws TypeError for an option out of its range.
 */
export function azureSpeech(config: AzureSpeechConfig = {}): AzureSpeechVoice {
  const { sampleRate = 24000, keepAlive = 5000, styleDegree } = config;
  const voiceName =
    config.voice ??
    (config.speakerProfileId === undefined ? 'en-US-AvaMultilingualNeural' : 'DragonLatestNeural');
  const languageOf = (voice: string) => /^[a-z]{2,3}-[A-Z]{2}(?=-)/.exec(voice)?.[0] ?? 'en-US';
  const language = config.language ?? languageOf(voiceName);
  requireRange('rate', config.rate, 0.5, 2);
  requireRange('styleDegree', styleDegree, 0.01, 2);
  requireRange('keepAlive', keepAlive, 0, 2 ** 31 - 1);
  if (!Object.hasOwn(formats, sampleRate)) {
    throw new TypeError(`azureSpeech: sampleRate must be 16000, 24000 or 48000, got ${shown(sampleRate)}`);
  }
  const key = () => optionOr('AZURE_SPEECH_KEY', config.apiKey);
  const pool = createSynthesizerPool(() => {
    const speech = config.client ?? speechConfig(key(), config.region, config.baseURL);
    speech.speechSynthesisOutputFormat = formats[sampleRate];
    speech.speechSynthesisVoiceName = voiceName;
    speech.speechSynthesisLanguage = language;
    return new SpeechSynthesizer(speech, null);
  }, keepAlive);
  const { rate, pitch, volume, style, role, speakerProfileId } = config;
  const styled = [rate, pitch, volume, style, role, speakerProfileId].some((option) => option !== undefined);
  const secrets = () => [
    key(),
    config.client?.getProperty(PropertyId[PropertyId.SpeechServiceConnection_Key]),
    ...secretsOfUrl(config.baseURL),
  ];

  const documentOf = (text: string, options: SpeakOptions): string | undefined => {
    const called = [options.voice, options.language, options.rate].some((option) => option !== undefined);
    if (config.ssml !== true && !styled && !called) return undefined;
    const voice = options.voice ?? voiceName;
    return ssml(text, {
      voice,
      language: options.language ?? (options.voice === undefined ? language : languageOf(voice)),
      rate: options.rate ?? rate,
      pitch,
      volume,
      style,
      styleDegree: style === undefined ? undefined : styleDegree,
      role,
      speakerProfileId,
    });
  };

  const synthesize = (text: string, options: SpeakOptions) =>
    new Observable<VoiceEvent>((subscriber) => {
      const line = pool.take();
      const { synthesizer, connection } = line;
      const frames = frameCutter(2);
      let hungUp: ReturnType<typeof setTimeout> | undefined;
      let whole = false;
      subscriber.add(() => {
        clearTimeout(hungUp);
        quiet(line);
        if (whole) pool.give(line);
        else pool.close(line);
      });

      synthesizer.synthesizing = (_, { result }) => {
        const data = frames.cut(new Uint8Array(result.audioData));
        if (data) subscriber.next({ type: 'audio', data });
      };
      synthesizer.wordBoundary = (_, { boundaryType, text: word, audioOffset, duration }) => {
        if (boundaryType !== SpeechSynthesisBoundaryType.Word) return;
        subscriber.next({
          type: 'word',
          text: word,
          offset: audioOffset / ticks,
          duration: duration / ticks,
        });
      };
      // The SDK stops reading at what it cannot read, without a word.
      connection.messageReceived = ({ message }) => {
        if (message.isTextMessage && !isReadable(message.path, message.TextMessage)) {
          const said = `${provider}: the service sent ${message.path} that cannot be read`;
          subscriber.error(new MalformedReplyError(said, { provider }));
        }
      };
      // And it says nothing of a connection that was closed politely. What arrived just before is still being read.
      connection.disconnected = () => {
        hungUp ??= setTimeout(() => {
          subscriber.error(new TruncatedReplyError(`${provider}: the service hung up`, { provider }));
        }, 20);
      };
      const settle = (result: SpeechSynthesisResult) => {
        if (result.reason !== ResultReason.SynthesizingAudioCompleted) {
          subscriber.error(canceled(result));
        } else if (frames.rest > 0) {
          const said = `${provider}: the audio ends inside a sample`;
          subscriber.error(new TruncatedReplyError(said, { provider }));
        } else {
          whole = true;
          subscriber.complete();
        }
      };
      const fail = (error: string) => subscriber.error(azureFailure(error));
      const document = documentOf(text, options);
      if (document === undefined) synthesizer.speakTextAsync(printable(text), settle, fail);
      else synthesizer.speakSsmlAsync(document, settle, fail);
    });

  const firstAudioTimeout = config.firstAudioTimeout ?? 10_000;
  const voice = defineVoice({
    provider,
    format: { encoding: 'pcm_s16le', sampleRate, channels: 1 },
    rates: [0.5, 2],
    firstAudioTimeout,
    idleTimeout: config.idleTimeout ?? 10_000,
    signal: config.signal,
    secrets,
    synthesize: (text, options) => defer(prepareSocket).pipe(switchMap(() => synthesize(text, options))),
  });
  const tooLate = pausableTimer(firstAudioTimeout).pipe(
    mergeMap(() => {
      const said = `${provider}: no connection within ${firstAudioTimeout} ms`;
      return throwError(() => new StalledReplyError(said, { provider }));
    }),
  );
  const warm = defer(prepareSocket).pipe(
    switchMap(() => pool.warm()),
    takeUntil(tooLate),
    catchError((error: unknown) => {
      const failure = error instanceof ProviderError ? error : azureFailure(error);
      return throwError(() => redactor(secrets()).clean(failure));
    }),
    takeUntil(config.signal ? rejectOnAbort(config.signal) : NEVER),
  );
  return Object.assign(voice, { warm: () => lastValueFrom(warm, { defaultValue: undefined }) });
}

/** Azure counts time in steps of 100 ns. */
const ticks = 10_000;

function speechConfig(
  key: string | undefined,
  region = environment('AZURE_SPEECH_REGION'),
  baseURL: string | undefined,
): SpeechConfig {
  if (key === undefined) {
    throw new AuthenticationError(`${provider}: no key: set AZURE_SPEECH_KEY or the option apiKey`, {
      provider,
    });
  }
  if (baseURL !== undefined) return SpeechConfig.fromHost(new URL(baseURL.replace(/^http/, 'ws')), key);
  if (region === undefined) {
    throw new ProviderError(`${provider}: no region: set AZURE_SPEECH_REGION or the option region`, {
      provider,
    });
  }
  return SpeechConfig.fromSubscription(key, region);
}

/** A line outlives its utterance: nothing of the next one may reach this one's subscriber. */
function quiet({ synthesizer, connection }: Line): void {
  synthesizer.synthesizing = nothing;
  synthesizer.wordBoundary = nothing;
  connection.messageReceived = nothing;
  connection.disconnected = nothing;
}

function nothing(): void {
  // Not listening.
}

function requireRange(name: string, value: number | undefined, least: number, greatest: number): void {
  if (value === undefined || (value >= least && value <= greatest)) return;
  throw new TypeError(`azureSpeech: ${name} must be from ${least} to ${greatest}, got ${shown(value)}`);
}
