import { dirname, resolve } from 'node:path';
import { concat, defer, ignoreElements, of, tap, using, type OperatorFunction } from 'rxjs';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { uniformFormat } from '../uniformFormat.js';
import { orFileError } from './fileError.js';
import { makeFolder } from './makeFolder.js';
import { openWav } from './openWav.js';

/** A WAV file that has been written. */
export interface SavedWav {
  /** Where it is: an absolute path. */
  readonly path: string;
  /** Length of the file, in bytes. */
  readonly bytes: number;
  /** Milliseconds of audio. */
  readonly duration: number;
}

/**
 * Writes all of a speech into one WAV file, and emits that file once it is complete.
 *
 * The file is opened (its folder made, an older file overwritten) on subscribe, so that a path that cannot be written
 * fails before anything has been asked of a model. From then on it is a valid WAV at every moment: it grows with each
 * audio event, can be played meanwhile, and keeps what it has when the source fails, the subscriber goes or the
 * process is killed. Speech without audio leaves a WAV of no length. Nothing is queued: the source waits for the disk.
 *
 * ```
 * speech   -<--a--b->--<--c->--|
 * file      0--a--ab-----abc         valid all the way
 * saveWav  --------------------(s|)
 * ```
 *
 * To save and go on, share the speech:
 *
 * ```ts
 * speech.pipe(connect((speech) => merge(speech, speech.pipe(saveWav('output/reply.wav')))));
 * ```
 *
 * Audio of another format than the first (a fallback voice's, say) is converted to it.
 *
 * Fails with `FileError` when the file cannot be written, with `SpeechError` on audio that is not 16-bit PCM.
 *
 * @param path where to; relative to the working folder at call time.
 * @throws TypeError when the path is empty.
 */
export function saveWav(path: string): OperatorFunction<SpeechEvent, SavedWav> {
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`saveWav: path must be a file's path, got ${JSON.stringify(path)}`);
  }
  const target = resolve(path);
  const open = () => {
    orFileError(dirname(target), () => makeFolder(dirname(target)));
    const wav = openWav(target, 'w');
    return { wav, unsubscribe: () => void wav.close() };
  };
  return (source) =>
    using(open, (resource) => {
      const { wav } = resource as ReturnType<typeof open>;
      return concat(
        source.pipe(
          uniformFormat(),
          tap({
            next(event) {
              if (event.type === 'audio') wav.append(event.data, event.format);
            },
            // Whoever handles the error finds the file closed already.
            error: () => wav.close(),
          }),
          ignoreElements(),
        ),
        defer(() => of({ path: target, ...wav.close() })),
      );
    });
}
