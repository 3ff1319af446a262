import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { defer, from, ignoreElements, mergeMap } from 'rxjs';
import { ConversationConflictError, type ConversationStore } from '../../src/conversationStore.js';
import { recordReader, type RecordReader } from './recordReader.js';

/** Where conversations are kept. */
export interface JsonLinesStoreConfig {
  /** The folder; made when missing. Relative to the working folder at call time. */
  readonly dir: string;
}

const ending = '.jsonl';

/**
 * Conversations in files of JSON Lines, one file each, one line for each write.
 *
 * A write is a single append that is forced to the disk before its version is emitted. A line holds what was written,
 * its version and a mark of who wrote it. What a crash has left of a line is ended by the next write and passed over,
 * so that a crash at any byte loses at most the write that was going on. Two processes that write the same version don't interleave: the first line of a version counts, and whoever wrote a later one
 * reads that and fails with `ConversationConflictError`. No lock is needed that a killed process could leave behind.
 *
 * For local disks: a network file system's append may not be atomic. A file name is the id, percent-encoded; ids may
 * have 200 characters when encoded. Unsubscribing does not take a write back.
 *
 * ```ts
 * const store = jsonLinesStore({ dir: 'conversations' });
 * openConversation(store, 'ann')
 *   .pipe(switchMap(({ conversation, version }) => keepConversation(conversation, store, version)))
 *   .subscribe();
 * ```
 *
 * Fails with the file system's error, or with `CorruptConversationError`.
 *
 * @throws TypeError when `dir` is empty, or an id is empty or too long.
 */
export function jsonLinesStore({ dir }: JsonLinesStoreConfig): ConversationStore {
  if (typeof dir !== 'string' || dir === '') {
    throw new TypeError(`jsonLinesStore: dir must be a folder's path, got ${JSON.stringify(dir)}`);
  }
  const folder = resolve(dir);
  const readers = new Map<string, RecordReader>();
  const last = new Map<string, Promise<unknown>>();

  const pathOf = (id: string) => {
    if (typeof id !== 'string' || /\p{Surrogate}/u.test(id)) {
      throw new TypeError(`jsonLinesStore: an id must be a well-formed text, got ${JSON.stringify(id)}`);
    }
    const name = encodeURIComponent(id).replace(
      /[*.~!'()]/g,
      (mark) => `%${mark.charCodeAt(0).toString(16)}`,
    );
    if (name === '' || name.length > 200) {
      throw new TypeError(
        `jsonLinesStore: an id must have 1 to 200 characters when encoded, got ${name.length}`,
      );
    }
    return join(folder, name + ending);
  };
  /** One access to a file at a time; what comes later sees what came before. */
  const inTurn = async <T>(path: string, access: () => Promise<T>): Promise<T> => {
    const mine = (last.get(path) ?? Promise.resolve()).then(access, access);
    last.set(path, mine);
    try {
      return await mine;
    } finally {
      if (last.get(path) === mine) last.delete(path);
    }
  };
  const readerOf = (path: string) => {
    const reader = readers.get(path) ?? recordReader(path);
    // A few hundred positions are worth remembering, not those of every conversation there ever was.
    if (readers.size > 500 && !readers.has(path)) readers.clear();
    readers.set(path, reader);
    return reader;
  };

  return {
    load(id) {
      const path = pathOf(id);
      return defer(() =>
        from(
          inTurn(path, async () => {
            // From the beginning: what has been read before is not kept.
            const reader = recordReader(path);
            const file = await openIfThere(path);
            if (!file) return { changes: [], version: 0 };
            try {
              const records = await reader.readOn(file);
              return { changes: records.flatMap(({ changes }) => changes), version: reader.version };
            } finally {
              await file.close();
            }
          }),
        ),
      );
    },
    append(id, changes, { expectedVersion }) {
      const path = pathOf(id);
      return defer(() =>
        from(
          inTurn(path, async () => {
            await mkdir(folder, { recursive: true });
            const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;
            const file = await open(path, flags, 0o600);
            try {
              const reader = readerOf(path);
              await reader.readOn(file);
              const version = expectedVersion + 1;
              const mark = randomBytes(9).toString('base64url');
              const line = `${JSON.stringify({ version, mark, changes })}\n`;
              while (reader.version === expectedVersion) {
                // What a crash has left of a line is ended first, and so passed over.
                await appendWhole(file, reader.endsLine ? line : `\n${line}`);
                await file.sync();
                if (version === 1) await syncFolder(folder);
                // The line may have met what another process left in this very moment: then it is written again.
                if ((await reader.readOn(file)).some((record) => record.mark === mark)) return version;
              }
              throw new ConversationConflictError(id, expectedVersion, reader.version);
            } finally {
              await file.close();
            }
          }),
        ),
      );
    },
    ids() {
      return defer(() => from(namesIn(folder))).pipe(
        mergeMap((names) =>
          names
            .filter((name) => name.endsWith(ending))
            .map((name) => decodeURIComponent(name.slice(0, -ending.length))),
        ),
      );
    },
    delete(id) {
      const path = pathOf(id);
      return defer(() =>
        from(
          inTurn(path, async () => {
            readers.delete(path);
            await rm(path, { force: true });
          }),
        ),
      ).pipe(ignoreElements());
    },
  };
}

/** One write of the whole line: a part of it would let another process's line come in between. */
async function appendWhole(file: FileHandle, line: string): Promise<void> {
  const bytes = Buffer.from(line);
  const { bytesWritten } = await file.write(bytes);
  if (bytesWritten < bytes.length) {
    throw new Error(`only ${bytesWritten} of ${bytes.length} bytes could be written; the disk may be full`);
  }
}

/** A new file is safe only when its folder is. Windows knows no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
