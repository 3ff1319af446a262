// A process that appends to a conversation without end and prints each version once it is safe, for specs that kill it:
// DIR ID LENGTH VERSION.
import { writeSync } from 'node:fs';
import { jsonLinesStore } from '../../providers/json-lines/index.js';
import { ConversationConflictError } from '../../src/conversationStore.js';

const [dir = '', id = '', length = '', version = '0'] = process.argv.slice(2);
const store = jsonLinesStore({ dir });

function appendAfter(expectedVersion: number): void {
  const content = `${expectedVersion + 1}:`.padEnd(Number(length), '天空 ');
  let now = expectedVersion;
  store
    .append(id, [{ type: 'add', message: { role: 'user', content, timestamp: 1 } }], { expectedVersion })
    .subscribe({
      next: (safe) => {
        now = safe;
        writeSync(1, `${safe}\n`);
      },
      error: (error: unknown) => {
        // Somebody else was first: go on from there.
        if (!(error instanceof ConversationConflictError)) throw error;
        appendAfter(error.actual);
      },
      complete: () => appendAfter(now),
    });
}
appendAfter(Number(version));
