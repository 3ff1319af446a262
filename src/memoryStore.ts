import { defer, EMPTY, from, of } from 'rxjs';
import type { ConversationChange } from './conversation.js';
import { ConversationConflictError, type ConversationStore } from './conversationStore.js';

/**
 * Conversations in memory, gone with the process. For specs and for servers that keep nothing.
 *
 * ```ts
 * openConversation(memoryStore(), 'ada').subscribe(({ conversation }) => conversation.add('user', 'Hi'));
 * ```
 */
export function memoryStore(): ConversationStore {
  const stored = new Map<
    string,
    { readonly changes: readonly ConversationChange[]; readonly version: number }
  >();
  const find = (id: string) => stored.get(id) ?? { changes: [], version: 0 };
  return {
    load: (id) => defer(() => of(find(id))),
    append: (id, changes, { expectedVersion }) =>
      defer(() => {
        const before = find(id);
        if (before.version !== expectedVersion) {
          throw new ConversationConflictError(id, expectedVersion, before.version);
        }
        const version = before.version + 1;
        stored.set(id, { changes: [...before.changes, ...changes], version });
        return of(version);
      }),
    ids: () => defer(() => from([...stored.keys()])),
    delete: (id) =>
      defer(() => {
        stored.delete(id);
        return EMPTY;
      }),
  };
}
