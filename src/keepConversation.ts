import { concatMap, defer, tap, type Observable } from 'rxjs';
import type { Conversation } from './conversation.js';
import type { ConversationStore } from './conversationStore.js';
import { shown } from './shown.js';

/**
 * Writes every change of a conversation to a store, in order, as long as it is subscribed, and emits the version that
 * each has brought: what was emitted is safe. Fails when the store does.
 *
 * ```ts
 * openConversation(store, 'ann')
 *   .pipe(switchMap(({ conversation, version }) => keepConversation(conversation, store, version)))
 *   .subscribe({ error: (error) => console.error('not kept:', error.message) });
 * ```
 *
 * @param version The store's version of the conversation as it is now: 0 for a new one.
 * @throws TypeError when the version is no whole number.
 */
export function keepConversation(
  conversation: Conversation,
  store: ConversationStore,
  version = 0,
): Observable<number> {
  if (!(Number.isInteger(version) && version >= 0)) {
    throw new TypeError(`keepConversation: version must be a whole number from 0, got ${shown(version)}`);
  }
  return defer(() => {
    let expectedVersion = version;
    return conversation.changes$.pipe(
      concatMap((change) => store.append(conversation.id, [change], { expectedVersion })),
      tap((now) => (expectedVersion = now)),
    );
  });
}
