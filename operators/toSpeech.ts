import { Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import type { RetryConfig } from '../src/retryDelay.js';
import type { SpeechEvent } from '../src/speechEvent.js';
import type { Valve } from '../src/valve.js';
import type { SpeakOptions, Voice } from '../src/voice.js';
import { checkedConfig } from './speech/checkedConfig.js';
import { speakInOrder } from './speech/speakInOrder.js';

/** How `toSpeech` speaks. */
export interface ToSpeechConfig {
  /**
   * How many utterances may be in synthesis or waiting for their turn. A whole number over 0, or `Infinity`; a voice's
   * own `maxConcurrency` limits it further. Default: 2.
   */
  readonly concurrency?: number | undefined;
  /**
   * Milliseconds of audio: no synthesis starts while that much waits unplayed, so that an interruption costs little.
   * From 0. Default: no limit.
   */
  readonly maxAhead?: number | undefined;
  /**
   * Counts the audio that is out in milliseconds; the player takes away what it has played. Default: a listener in
   * real time is assumed. Without `maxAhead` the valve itself says when there is too much.
   */
  readonly playback?: Valve | undefined;
  /**
   * Milliseconds of audio to hold before the first goes out, so that a slow model leaves no gap later. Less is held
   * when no more can come before it. From 0. Default: 0.
   */
  readonly startDelay?: number | undefined;
  /** Counts 1 for each text from its arrival until it has been spoken, so that a source can wait. Default: none. */
  readonly valve?: Valve | undefined;
  /** Milliseconds from a request to its first audio; then it has failed. Over 0. Default: no limit. */
  readonly firstAudioTimeout?: number | undefined;
  /** Milliseconds without an event of the voice, from the request on; then it has failed. Over 0. Default: no limit. */
  readonly idleTimeout?: number | undefined;
  /** How often a failed utterance is tried again, while none of its audio has been emitted. Default: 0. */
  readonly retry?: number | RetryConfig | undefined;
  /** Speaks what the voice couldn't, and everything after it. Default: none. */
  readonly fallback?: Voice | undefined;
  /** What to do with an utterance that failed: fail too, or emit `utterance-error` and go on. Default: `error`. */
  readonly onError?: 'error' | 'skip' | undefined;
  /** Texts that wait are joined up to this many characters. From 0. Default: 0, never. */
  readonly mergeWaiting?: number | undefined;
  /** What the voice gets for a text; events carry the text itself. Default: the text. */
  readonly prepare?: ((text: string) => string) | undefined;
  /** Options for the voice, the same for every utterance. */
  readonly speak?: SpeakOptions | undefined;
  /** Where time passes. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Speaks texts, one utterance each: in order, never interleaved, while the next ones are already being synthesized.
 *
 * The utterance whose turn it is streams as it is synthesized; later ones are held until those before them have
 * ended. Text without a letter or digit is passed over. An utterance's failure, and the source's, wait until
 * everything before them has been emitted. Unsubscribing stops every synthesis.
 *
 * At a millisecond a character, `<` being an `utterance-start`, `>` an `utterance-end`, after the number of the frame:
 *
 * ```
 * source       (AB|)
 * voice('A')   --a--b|
 * voice('B')   -c--d---e|
 * toSpeech     2:<0 0a   5:0b   6:>0 <1 1c 1d   8:1e   9:>1 |
 * ```
 *
 * ```ts
 * model('Why is the sky blue?')
 *   .pipe(bufferSentences(), toSpeech(voice, { concurrency: 3, retry: 1, onError: 'skip' }))
 *   .subscribe((event) => {
 *     if (event.type === 'audio') play(event.data, event.format);
 *   });
 * ```
 *
 * A failing voice is tried again `retry` times, then its place is taken by `fallback` for the rest of the
 * subscription, both only while none of the utterance's audio has been emitted: nothing is ever begun twice.
 * The fallback's format may be another: each audio event carries its own. Speakable text that yields no audio is a
 * failure. When both voices fail, a `SpeechError` has both causes; else the voice's own error comes through.
 *
 * Where a voice tells no word times and the audio's length is known they are estimated, marked so, and come before
 * the `utterance-end`.
 *
 * @throws TypeError when an option is out of range.
 */
export function toSpeech(voice: Voice, config: ToSpeechConfig = {}): OperatorFunction<string, SpeechEvent> {
  const settings = checkedConfig(voice, config);
  return (source) => new Observable((out) => speakInOrder(source, voice, settings, out));
}
