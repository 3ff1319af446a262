import { asyncScheduler, defer, finalize, takeUntil, tap, type SchedulerLike } from 'rxjs';
import type { AudioFormat } from '../../src/audioFormat.js';
import { SpeechError } from '../../src/errors.js';
import { rejectOnAbort } from '../../src/rejectOnAbort.js';
import type { SpeakOptions, Voice, VoiceEvent } from '../../src/voice.js';
import { checked } from './checked.js';
import { marbleScript } from './marbleScript.js';
import { playScript, type ScriptStep } from './playScript.js';
import type { ScriptedEnd } from './scriptedModel.js';
import { splitWords } from './splitWords.js';
import { tone } from './tone.js';

/** A synthesis that a scripted voice was asked for. */
export interface ScriptedVoiceRequest {
  /** What it is to say. */
  readonly text: string;
  /** With which options. */
  readonly options: SpeakOptions;
  /** How many syntheses had been asked of this voice before. */
  readonly call: number;
}

/** How a scripted voice speaks. */
export interface ScriptedVoiceConfig {
  /** Milliseconds from the request to the first audio. 0 or more. Default: 100. */
  readonly latency?: number | undefined;
  /** Milliseconds of audio a word. Over 0. Default: 300. */
  readonly msPerWord?: number | undefined;
  /** Time to synthesize over time to play: 0.1 is ten times faster than speech, 0 all at once. Default: 0.1. */
  readonly realTimeFactor?: number | undefined;
  /** Samples a second of the mono PCM. A whole number over 0. Default: 16000. */
  readonly sampleRate?: number | undefined;
  /** Which texts fail: those that contain the string, match the pattern, or for which the function says so. */
  readonly failOn?: (string | RegExp | ((text: string, call: number) => boolean)) | undefined;
  /** Words that a failing text still gets. A whole number of 0 or more. Default: 0. */
  readonly failAfter?: number | undefined;
  /** What it fails with. Default: a retryable `SpeechError`. */
  readonly error?: unknown;
  /** Whether `word` events are emitted. Default: true. */
  readonly words?: boolean | undefined;
  /**
   * The synthesis as a marble string, a millisecond a character, for every text or by text and call:
   * `'--a--b|'`. It says all times itself; `latency`, `realTimeFactor` and `failOn` are not used.
   */
  readonly marbles?: (string | ((text: string, call: number) => string)) | undefined;
  /** What the characters of `marbles` stand for; bytes are audio, a number is that many ms of it. Default: 10. */
  readonly values?: Readonly<Record<string, VoiceEvent | Uint8Array | number>> | undefined;
  /** How many texts it says it can synthesize at once. Default: any number. */
  readonly maxConcurrency?: number | undefined;
  /** Where time passes. Default: `asyncScheduler`, which is virtual inside `TestScheduler.run`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** Called at every request. */
  readonly onRequest?: ((request: ScriptedVoiceRequest) => void) | undefined;
  /** Called when a request is over. */
  readonly onEnd?: ((request: ScriptedVoiceRequest, how: ScriptedEnd) => void) | undefined;
}

/**
 * A voice that hums: a tone for each word, its pitch told by the word, always the same bytes for the same text. It uses
 * neither promises nor timers of its own, so the same script runs live and in virtual time.
 *
 * ```
 * scriptedVoice({ latency: 4, msPerWord: 30, realTimeFactor: 0.1 })('Hello you')
 * ----(wa)-(wa)-|          w: a word event, a: 30 ms of audio
 * ```
 *
 * ```ts
 * const voice = scriptedVoice({ latency: 200, failOn: (_, call) => call === 0 });
 * from(['First sentence. ', 'Second sentence.']).pipe(toSpeech(voice, { retry: 1 })).subscribe(console.log);
 * ```
 *
 * The first word comes after `latency`, the next ones `msPerWord * realTimeFactor` apart, and the whole takes
 * `latency` plus `realTimeFactor` times its audio. `rate` and `signal` are honoured.
 *
 * @throws TypeError when a number is out of range.
 */
export function scriptedVoice(config: ScriptedVoiceConfig = {}): Voice {
  const number = (
    name: 'latency' | 'msPerWord' | 'realTimeFactor' | 'sampleRate' | 'failAfter' | 'maxConcurrency',
    fallback: number,
    allowed: string,
    inRange: (value: number) => boolean,
  ) => checked(`scriptedVoice: ${name}`, config[name] ?? fallback, allowed, inRange);
  const latency = number('latency', 100, 'milliseconds from 0', (value) => value >= 0 && value < Infinity);
  const msPerWord = number('msPerWord', 300, 'milliseconds over 0', (value) => value > 0 && value < Infinity);
  const realTimeFactor = number(
    'realTimeFactor',
    0.1,
    'a number from 0',
    (value) => value >= 0 && value < Infinity,
  );
  const sampleRate = number(
    'sampleRate',
    16000,
    'a whole number over 0',
    (value) => value > 0 && Number.isInteger(value),
  );
  const failAfter = number(
    'failAfter',
    0,
    'a whole number of words from 0',
    (value) => value >= 0 && Number.isInteger(value),
  );
  const { failOn, words = true, scheduler = asyncScheduler, marbles, values } = config;
  const provider = 'scripted';
  const format: AudioFormat = { encoding: 'pcm_s16le', sampleRate, channels: 1 };
  const failure = (text: string): unknown =>
    config.error ?? new SpeechError('scripted: failed, as the script says', { utterance: text, provider });
  const fails = (text: string, call: number) =>
    typeof failOn === 'string'
      ? text.includes(failOn)
      : typeof failOn === 'function'
        ? failOn(text, call)
        : text.search(failOn ?? /(?!)/) >= 0;
  const audio = (seed: string, from: number, to: number): VoiceEvent => ({
    type: 'audio',
    data: tone(
      seed,
      Math.round((from * sampleRate) / 1000),
      Math.round((to * sampleRate) / 1000),
      sampleRate,
    ),
  });

  function* speak(text: string, options: SpeakOptions, call: number): Generator<ScriptStep<VoiceEvent>> {
    const wordMs = msPerWord / (options.rate ?? 1);
    const all = splitWords(text);
    const failing = fails(text, call);
    for (const [index, word] of all.entries()) {
      const offset = index * wordMs;
      const at = latency + offset * realTimeFactor;
      if (failing && index === failAfter) break;
      if (words)
        yield {
          at,
          notification: { kind: 'N', value: { type: 'word', text: word, offset, duration: wordMs } },
        };
      yield { at, notification: { kind: 'N', value: audio(word, offset, offset + wordMs) } };
    }
    const spoken = failing ? Math.min(failAfter, all.length) : all.length;
    yield {
      at: latency + spoken * wordMs * realTimeFactor,
      notification: failing ? { kind: 'E', error: failure(text) } : { kind: 'C' },
    };
  }
  const fromMarbles = (script: NonNullable<typeof marbles>, text: string, call: number) =>
    marbleScript<VoiceEvent>(
      typeof script === 'function' ? script(text, call) : script,
      (character) => {
        const value = values?.[character] ?? 10;
        if (typeof value === 'number') return audio(character, 0, value);
        return value instanceof Uint8Array ? { type: 'audio', data: value } : value;
      },
      failure(text),
    );

  let calls = 0;
  const voice = (text: string, options: SpeakOptions = {}) => {
    const { signal, rate = 1 } = options;
    checked('scriptedVoice: rate', rate, 'a number over 0', (value) => value > 0 && value < Infinity);
    const speech = defer(() => {
      const request = { text, options, call: calls++ };
      let how: ScriptedEnd = 'unsubscribe';
      const steps =
        marbles === undefined ? speak(text, options, request.call) : fromMarbles(marbles, text, request.call);
      config.onRequest?.(request);
      return playScript(steps, scheduler).pipe(
        tap({ complete: () => (how = 'complete'), error: () => (how = 'error') }),
        finalize(() => config.onEnd?.(request, how)),
      );
    });
    return signal ? speech.pipe(takeUntil(rejectOnAbort(signal))) : speech;
  };
  if (config.maxConcurrency === undefined) return Object.assign(voice, { provider, format });
  const maxConcurrency = number(
    'maxConcurrency',
    1,
    'a whole number over 0',
    (value) => value > 0 && (Number.isInteger(value) || value === Infinity),
  );
  return Object.assign(voice, { provider, format, maxConcurrency });
}
