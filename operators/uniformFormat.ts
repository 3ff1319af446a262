import { concatMap, defer, type MonoTypeOperatorFunction } from 'rxjs';
import { sameFormat, type AudioFormat } from '../src/audioFormat.js';
import { SpeechError } from '../src/errors.js';
import { createResampler, type Resampler } from '../src/resampler.js';
import { shown } from '../src/shown.js';
import type { SpeechEvent } from '../src/speechEvent.js';

/** The format to make of every other; what is absent is taken from the first audio of the speech. */
export interface UniformFormat {
  /** Hertz, a whole number over 0. */
  readonly sampleRate?: number | undefined;
  /** A whole number over 0. Another number than before: each is the mean of all before. */
  readonly channels?: number | undefined;
}

/**
 * Makes all audio of a speech one format: that of its first audio, unless told otherwise. Audio that has it already
 * passes untouched. A speech changes its format when another voice takes over; files and players cannot.
 *
 * Resampling is streaming and of good quality (see `resample`). What it holds back, some two milliseconds, goes out
 * before the utterance's end.
 *
 * ```ts
 * speech.pipe(uniformFormat({ sampleRate: 8000, channels: 1 })); // for a telephone line
 * ```
 *
 * Fails with `SpeechError` on audio that is not 16-bit PCM.
 *
 * @throws TypeError when a value is out of range.
 */
export function uniformFormat(format: UniformFormat = {}): MonoTypeOperatorFunction<SpeechEvent> {
  for (const name of ['sampleRate', 'channels'] as const) {
    const value = format[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      throw new TypeError(`uniformFormat: ${name} must be a whole number over 0, got ${shown(value)}`);
    }
  }
  return (source) =>
    defer(() => {
      let wanted: AudioFormat | undefined;
      let text = '';
      let running: { readonly from: AudioFormat; readonly resampler: Resampler; index: number } | undefined;

      const rest = (): SpeechEvent[] => {
        if (running === undefined || wanted === undefined) return [];
        const { index, resampler } = running;
        running = undefined;
        return audio(index, resampler.flush(), wanted);
      };
      return source.pipe(
        concatMap((event): readonly SpeechEvent[] => {
          switch (event.type) {
            case 'utterance-start':
              text = event.text;
              return [...rest(), event];
            case 'word':
              return [event];
            case 'utterance-end':
            case 'utterance-error':
              return [...rest(), event];
            case 'audio': {
              if (event.format.encoding !== 'pcm_s16le') {
                throw new SpeechError(`16-bit PCM is needed here, got ${event.format.encoding}`, {
                  utterance: text,
                  retryable: false,
                });
              }
              wanted ??= {
                ...event.format,
                sampleRate: format.sampleRate ?? event.format.sampleRate,
                channels: format.channels ?? event.format.channels,
              };
              if (sameFormat(event.format, wanted)) return [...rest(), event];
              const before = running !== undefined && !sameFormat(running.from, event.format) ? rest() : [];
              running ??= {
                from: event.format,
                resampler: createResampler(event.format, wanted),
                index: event.index,
              };
              running.index = event.index;
              return [...before, ...audio(event.index, running.resampler.push(event.data), wanted)];
            }
          }
        }),
      );
    });
}

function audio(index: number, data: Uint8Array, format: AudioFormat): SpeechEvent[] {
  return data.length === 0 ? [] : [{ type: 'audio', index, data, format }];
}
