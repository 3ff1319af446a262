import { concatMap, defer, EMPTY, type OperatorFunction } from 'rxjs';
import type { SpeechEvent } from '../src/speechEvent.js';
import { wavHeader } from '../src/wav.js';
import { uniformFormat } from './uniformFormat.js';

/**
 * Turns speech events into the bytes of one WAV that can be played while it arrives.
 *
 * The header goes out with the first audio and says that the length is not known; the samples follow as they come,
 * those of another format (a fallback voice's, say) converted to the first one. Speech without any audio gives no
 * bytes at all.
 *
 * ```
 * speech  -<--a--b->--<--c->--|      < utterance-start, > utterance-end
 * toWav   ----(ha)b------c----|      h header
 * ```
 *
 * ```ts
 * new Response(toReadableStream(speech.pipe(toWav())), { headers: { 'content-type': 'audio/wav' } });
 * ```
 *
 * Fails with `SpeechError` on audio that is not 16-bit PCM.
 */
export function toWav(): OperatorFunction<SpeechEvent, Uint8Array> {
  return (source) =>
    defer(() => {
      let begun = false;
      return source.pipe(
        uniformFormat(),
        concatMap((event) => {
          if (event.type !== 'audio' || event.data.length === 0) return EMPTY;
          if (begun) return [event.data];
          begun = true;
          return [wavHeader(event.format), event.data];
        }),
      );
    });
}
