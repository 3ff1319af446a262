import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { saveUtterances } from 'rx-aloud/operators/node';
import { EMPTY, lastValueFrom } from 'rxjs';

/** The folder, made and writable, without the files an earlier and longer reply has left there. */
export async function makeRoom(dir: string): Promise<void> {
  await lastValueFrom(EMPTY.pipe(saveUtterances({ dir })), { defaultValue: null });
  try {
    const old = (await readdir(dir)).filter((name) => /^(utterance-\d{3,}|reply)\.wav$/.test(name));
    await Promise.all(old.map((name) => rm(join(dir, name))));
  } catch (error) {
    throw new Error(`cannot write to ${dir}: ${(error as Error).message}`, { cause: error });
  }
}

/** Removes a WAV file that has no audio in it: it would look like a finished reply. */
export async function removeIfEmpty(file: string): Promise<void> {
  const { size } = await stat(file).catch(() => ({ size: Infinity }));
  if (size <= 44) await rm(file);
}
