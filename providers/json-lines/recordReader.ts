import type { FileHandle } from 'node:fs/promises';
import type { ConversationChange } from '../../src/conversation.js';
import { CorruptConversationError } from './corruptConversationError.js';

/** What one write has put down. */
export interface ConversationRecord {
  readonly version: number;
  /** Tells one writer's line from another's of the same version. */
  readonly mark: string;
  readonly changes: readonly ConversationChange[];
}

/** Reads a file on from where it was. */
export interface RecordReader {
  /** The version after the last record that was read. */
  readonly version: number;
  /** What was read ends with a line break: the next line can begin there. */
  readonly endsLine: boolean;
  /** The records that count and have not been read yet. */
  readOn(file: FileHandle): Promise<ConversationRecord[]>;
}

const lineBreak = 10;

/**
 * Reads the lines of a conversation's file. The first line of each version counts; later ones of the same version lost
 * against it. A line that is none is what a crash has left and is passed over; a version that is skipped is damage.
 */
export function recordReader(path: string): RecordReader {
  let version = 0;
  let offset = 0;
  let endsLine = true;

  return {
    get endsLine() {
      return endsLine;
    },
    get version() {
      return version;
    },
    async readOn(file) {
      const { size } = await file.stat();
      if (size < offset) {
        version = offset = 0;
        endsLine = true;
      }
      const bytes = Buffer.alloc(size - offset);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
      const records: ConversationRecord[] = [];
      let begin = 0;
      if (bytesRead > 0) endsLine = bytes[bytesRead - 1] === lineBreak;
      while (begin < bytesRead) {
        const found = bytes.indexOf(lineBreak, begin);
        const end = found < 0 || found >= bytesRead ? bytesRead : found;
        const record = parse(bytes.toString('utf8', begin, end));
        if (record && record.version > version + 1) {
          throw new CorruptConversationError(
            path,
            `version ${version + 1} is missing before version ${record.version} (byte ${offset + begin})`,
          );
        }
        if (record?.version === version + 1) {
          version++;
          records.push(record);
        }
        // The last line may still be growing: it is looked at again, unless it is whole.
        if (end === bytesRead && !record) break;
        begin = end + 1;
      }
      offset = Math.min(offset + begin, size);
      return records;
    },
  };
}

function parse(line: string): ConversationRecord | undefined {
  try {
    const value = JSON.parse(line) as Partial<ConversationRecord> | null;
    return Number.isInteger(value?.version) && typeof value?.mark === 'string' && Array.isArray(value.changes)
      ? (value as ConversationRecord)
      : undefined;
  } catch {
    return undefined;
  }
}
