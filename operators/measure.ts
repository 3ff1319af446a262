import { asyncScheduler, defer, tap, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import { durationOf, type AudioFormat } from '../src/audioFormat.js';

/** What `measure` has seen so far. Times are milliseconds from the subscription; what has not happened is absent. */
export interface Measures {
  /** Tokens so far; empty ones are not counted. Present once there is one. */
  readonly tokens?: number;
  /** When the first token came. */
  readonly timeToFirstToken?: number;
  /** Rate between the first token and the last; absent until it can be told. */
  readonly tokensPerSecond?: number;
  /** When the first audio came. */
  readonly timeToFirstAudio?: number;
  /** Playing time of the audio so far, in seconds. PCM only. */
  readonly audioSeconds?: number;
  /**
   * Time from the subscription to the latest audio, divided by the playing time so far. Below 1 the speech was made
   * faster than it plays, everything above the operator (a model's cadence, say) included.
   */
  readonly realTimeFactor?: number;
  /** When this was measured. */
  readonly elapsed: number;
  /** How it ended: only in the last one. */
  readonly ended?: 'complete' | 'error' | 'unsubscribe';
}

/** Called with the measures, or an object of which `next` is. */
export type MeasuresObserver =
  | ((measures: Measures) => void)
  | {
      /** Gets what has been measured. */
      readonly next: (measures: Measures) => void;
    };

/** Where time comes from. */
export interface MeasureConfig {
  /** Default: the wall clock. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Passes everything through and tells what it measures: on tokens (strings, or text events of a chat model) the time
 * to the first and their rate, on speech events the time to the first audio, its length and the real-time factor.
 *
 * The observer is told at the first token, at the first audio, at every utterance's end, and once more when the
 * stream ends in whatever way. Used at several places of a pipe, one object can collect all of it, since what a place
 * does not see is absent there:
 *
 * ```ts
 * const seen = {};
 * model(prompt)
 *   .pipe(
 *     measure((measures) => Object.assign(seen, measures)),
 *     bufferSentences(),
 *     toSpeech(voice),
 *     measure((measures) => Object.assign(seen, measures)),
 *   )
 *   .subscribe({ complete: () => console.log(seen) });
 * ```
 *
 * ```
 * tokens   ---a--b--c--d--|
 * measure  ---a--b--c--d--|
 * told     ---1-----------2     1 { timeToFirstToken: 3 }, 2 { …, tokensPerSecond, ended: 'complete' }
 * ```
 *
 * What the observer throws goes down the stream as its error. Constant memory.
 */
export function measure<T>(
  observer: MeasuresObserver,
  config: MeasureConfig = {},
): MonoTypeOperatorFunction<T> {
  const tell = typeof observer === 'function' ? observer : (measures: Measures) => observer.next(measures);
  if (
    typeof observer !== 'function' &&
    typeof (observer as Partial<typeof observer> | null)?.next !== 'function'
  ) {
    throw new TypeError(
      `measure: observer must be a function or an object with next, got ${typeof observer}`,
    );
  }
  const { scheduler = asyncScheduler } = config;
  return (source) =>
    defer(() => {
      const start = scheduler.now();
      const elapsed = () => scheduler.now() - start;
      let tokens = 0;
      let firstToken = 0;
      let lastToken = 0;
      let heard = false;
      let firstAudio = 0;
      let lastAudio = 0;
      let audio = 0;
      const measures = (ended?: Measures['ended']): Measures => ({
        ...(tokens > 0 && { tokens, timeToFirstToken: firstToken }),
        ...(lastToken > firstToken && { tokensPerSecond: ((tokens - 1) / (lastToken - firstToken)) * 1000 }),
        ...(heard && { timeToFirstAudio: firstAudio }),
        ...(audio > 0 && { audioSeconds: audio / 1000, realTimeFactor: lastAudio / audio }),
        elapsed: elapsed(),
        ...(ended && { ended }),
      });
      return source.pipe(
        tap({
          next(value) {
            const seen = recognized(value);
            if (seen === undefined) return;
            if (seen.type === 'token') {
              lastToken = elapsed();
              if (++tokens > 1) return;
              firstToken = lastToken;
            } else if (seen.type === 'audio') {
              lastAudio = elapsed();
              audio += seen.duration;
              if (heard) return;
              heard = true;
              firstAudio = lastAudio;
            }
            tell(measures());
          },
          complete: () => tell(measures('complete')),
          error: () => tell(measures('error')),
          unsubscribe: () => tell(measures('unsubscribe')),
        }),
      );
    });
}

type Recognized =
  { readonly type: 'token' | 'end' } | { readonly type: 'audio'; readonly duration: number } | undefined;

/** The stream may be anything: told by its looks. */
function recognized(value: unknown): Recognized {
  if (typeof value === 'string') return value === '' ? undefined : { type: 'token' };
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  switch (value.type) {
    case 'text':
      return 'text' in value && value.text !== '' ? { type: 'token' } : undefined;
    case 'audio': {
      const { data, format } = value as { data?: Uint8Array; format?: AudioFormat };
      if (data === undefined || data.length === 0) return undefined;
      return { type: 'audio', duration: (format && durationOf(data.length, format)) ?? 0 };
    }
    case 'utterance-end':
      return { type: 'end' };
    default:
      return undefined;
  }
}
