import { concatMap, defer, EMPTY, type OperatorFunction } from 'rxjs';
import type { AudioFormat } from '../src/audioFormat.js';
import type { SpeechEvent } from '../src/speechEvent.js';
import { requirePcm, wavHeader } from '../src/wav.js';

/**
 * Turns speech events into the bytes of one WAV that can be played while it arrives.
 *
 * The header goes out with the first audio and says that the length is not known; the samples follow as they come.
 * Speech without any audio gives no bytes at all. Every audio event has to have the format of the first one.
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
 * Fails with `SpeechError` on audio that is not 16-bit PCM, or whose format changes: `resample(rate)` above it
 * makes one format of several.
 */
export function toWav(): OperatorFunction<SpeechEvent, Uint8Array> {
  return (source) =>
    defer(() => {
      let format: AudioFormat | undefined;
      let text = '';
      return source.pipe(
        concatMap((event) => {
          if (event.type === 'utterance-start') text = event.text;
          if (event.type !== 'audio' || event.data.length === 0) return EMPTY;
          requirePcm(event.format, format, text);
          if (format !== undefined) return [event.data];
          format = event.format;
          return [wavHeader(format), event.data];
        }),
      );
    });
}
