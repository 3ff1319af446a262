import type { MonoTypeOperatorFunction } from 'rxjs';
import { shown } from '../src/shown.js';
import type { SpeechEvent } from '../src/speechEvent.js';
import { uniformFormat } from './uniformFormat.js';

/**
 * Gives all audio another sample rate; everything else passes through. Audio that has this rate already is untouched.
 *
 * A windowed-sinc filter that streams: its state goes on from one audio event to the next within an utterance, so
 * that a cut between them cannot be heard, and starts afresh with each utterance. Nothing is delayed against the word
 * times, an utterance's duration is kept to the frame, and what would alias lies 80 dB below. However many channels
 * the speech begins with, all of it has.
 *
 * ```ts
 * speech.pipe(resample(8000), toWav());
 * ```
 *
 * Fails with `SpeechError` on audio that is not 16-bit PCM.
 *
 * @param rate samples per second: a whole number from 1000 to 384,000.
 * @throws TypeError when the rate is out of range.
 */
export function resample(rate: number): MonoTypeOperatorFunction<SpeechEvent> {
  if (!(Number.isSafeInteger(rate) && rate >= 1000 && rate <= 384_000)) {
    throw new TypeError(`resample: rate must be a whole number from 1000 to 384000, got ${shown(rate)}`);
  }
  return uniformFormat({ sampleRate: rate });
}
