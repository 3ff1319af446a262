import { randomBytes } from 'node:crypto';
import { accessSync, constants, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { concatMap, tap, using, type OperatorFunction } from 'rxjs';
import { shown } from '../../src/shown.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { uniformFormat } from '../uniformFormat.js';
import { orFileError } from './fileError.js';
import { makeFolder } from './makeFolder.js';
import { openWav, type OpenWav } from './openWav.js';

/** Where `saveUtterances` writes. */
export interface SaveUtterancesConfig {
  /** The folder; made when missing. Relative to the working folder at call time. */
  readonly dir: string;
  /** What every file name begins with, by default `utterance`: letters, digits, `_` and `-`. */
  readonly prefix?: string | undefined;
}

/** The file of one utterance. */
export interface SavedUtterance {
  /** The utterance's index, from 0. */
  readonly index: number;
  /** Its text, as it arrived. */
  readonly text: string;
  /** Where it is: an absolute path. */
  readonly path: string;
  /** Length of the file, in bytes. */
  readonly bytes: number;
  /** Milliseconds of audio. */
  readonly duration: number;
}

/**
 * Writes every utterance into a WAV file of its own, `utterance-001.wav` for index 0 and so on, and emits each file
 * when it is there.
 *
 * A file appears only when it is whole: it grows under another name, hidden and ending in `.part`, and is renamed at
 * the utterance's end. What an error, an unsubscribe or an `utterance-error` cuts is deleted; only a killed process
 * can leave a `.part` behind. Names come from the index, never from the text, so nothing spoken can reach outside of
 * `dir`; a link that stands where a file should go is replaced, not followed. Files of an earlier run are
 * overwritten where the indices meet. An utterance without audio has no file.
 *
 * ```
 * speech          -<--a--b->--<--c--#
 * saveUtterances  ----------s-------#     utterance-001.wav; nothing of the second
 * ```
 *
 * ```ts
 * speech.pipe(saveUtterances({ dir: 'output' })).subscribe(({ path, text }) => console.log(path, text));
 * ```
 *
 * Audio of another format than the first (a fallback voice's, say) is converted to it, so that the files can be
 * joined.
 *
 * Fails with `FileError` when a file cannot be written (the folder already on subscribe), with `SpeechError` on audio
 * that is not 16-bit PCM.
 *
 * @throws TypeError when `dir` is empty or `prefix` could be more than a name.
 */
export function saveUtterances(config: SaveUtterancesConfig): OperatorFunction<SpeechEvent, SavedUtterance> {
  const { dir, prefix = 'utterance' } = config;
  if (typeof dir !== 'string' || dir === '') {
    throw new TypeError(`saveUtterances: dir must be a folder's path, got ${JSON.stringify(dir)}`);
  }
  if (!/^[\w-]+$/.test(prefix)) {
    throw new TypeError(
      `saveUtterances: prefix must be letters, digits, _ and -, got ${JSON.stringify(prefix)}`,
    );
  }
  const folder = resolve(dir);

  const open = () => {
    orFileError(folder, () => {
      makeFolder(folder);
      accessSync(folder, constants.W_OK);
    });
    const part = join(folder, `.${prefix}-${process.pid}-${randomBytes(6).toString('hex')}.part`);
    let wav: OpenWav | undefined;
    const discard = () => {
      if (wav === undefined) return;
      wav.close();
      wav = undefined;
      orFileError(part, () => rmSync(part, { force: true }));
    };
    return {
      append({ data, format }: Extract<SpeechEvent, { type: 'audio' }>) {
        if (data.length === 0) return;
        wav ??= openWav(part, 'wx');
        wav.append(data, format);
      },
      keep({ index, text }: Extract<SpeechEvent, { type: 'utterance-end' }>): SavedUtterance[] {
        if (wav === undefined) return [];
        const path = join(folder, fileName(prefix, index));
        const { bytes, duration } = wav.close();
        orFileError(path, () => renameSync(part, path));
        wav = undefined;
        return [{ index, text, path, bytes, duration }];
      },
      discard,
      unsubscribe: discard,
    };
  };

  return (source) =>
    using(open, (resource) => {
      const file = resource as ReturnType<typeof open>;
      return source.pipe(
        uniformFormat(),
        concatMap((event) => {
          switch (event.type) {
            case 'utterance-start':
              file.discard();
              return [];
            case 'audio':
              file.append(event);
              return [];
            case 'utterance-end':
              return file.keep(event);
            case 'utterance-error':
              file.discard();
              return [];
            case 'word':
              return [];
          }
        }),
        tap({ error: () => file.discard() }),
      );
    });
}

function fileName(prefix: string, index: number): string {
  if (!Number.isSafeInteger(index) || index < 0) {
    throw new TypeError(`saveUtterances: an utterance's index must be 0, 1, 2 …, got ${shown(index)}`);
  }
  return `${prefix}-${String(index + 1).padStart(3, '0')}.wav`;
}
