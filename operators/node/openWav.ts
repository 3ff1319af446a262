import { closeSync, openSync, writeSync } from 'node:fs';
import { durationOf, type AudioFormat } from '../../src/audioFormat.js';
import { wavHeader, wavHeaderLength } from '../../src/wav.js';
import { orFileError } from './fileError.js';

/** A WAV file that is being written. */
export interface OpenWav {
  /** Adds samples, all of one format; the header counts them as soon as they are in the file. */
  append(data: Uint8Array, format: AudioFormat): void;
  /** Closes the file and tells what is in it; a second call only tells. */
  close(): { readonly bytes: number; readonly duration: number };
}

// Until the first audio tells the real one; such a file holds no sample.
const placeholder: AudioFormat = { encoding: 'pcm_s16le', sampleRate: 16_000, channels: 1 };

/**
 * Opens a WAV file that is whole at every moment: each append writes the samples, then the header that counts them,
 * so that a reader, or whoever finds the file after a crash, never meets a length that is not there.
 *
 * Writing is synchronous. RxJS cannot be told to wait, so a queue in front of a slow disk would have no limit; this
 * way the source waits, and a teardown has nothing left to flush.
 *
 * @param flags as in `fs.openSync`: `w` to overwrite, `wx` to refuse what exists.
 * @throws FileError
 */
export function openWav(path: string, flags: 'w' | 'wx'): OpenWav {
  const file = orFileError(path, () => openSync(path, flags));
  let open = true;
  let format: AudioFormat | undefined;
  let length = 0;
  const write = (bytes: Uint8Array, at: number) =>
    orFileError(path, () => {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(file, bytes, done, bytes.length - done, at + done);
      }
    });
  const close = () => {
    if (open) {
      open = false;
      orFileError(path, () => closeSync(file));
    }
    return { bytes: wavHeaderLength + length, duration: durationOf(length, format ?? placeholder) ?? 0 };
  };
  try {
    write(wavHeader(placeholder, 0), 0);
  } catch (error) {
    close();
    throw error;
  }
  return {
    append(data, its) {
      if (data.length === 0) return;
      format ??= its;
      write(data, wavHeaderLength + length);
      length += data.length;
      write(wavHeader(format, length), 0);
    },
    close,
  };
}
