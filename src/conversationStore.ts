import { defer, map, type Observable } from 'rxjs';
import { Conversation, type ConversationChange, type ConversationConfig } from './conversation.js';
import { AloudError } from './errors.js';

/** A conversation as a store has it. */
export interface StoredConversation {
  /** Every change, oldest first. */
  readonly changes: readonly ConversationChange[];
  /** How often it has been written to; 0 where there is nothing. What the next `append` expects. */
  readonly version: number;
}

/** Where conversations are kept. Observables are cold: each subscription is one access. */
export interface ConversationStore {
  /** What was written down; nothing and version 0 for an unknown id. One value, then complete. */
  load(id: string): Observable<StoredConversation>;
  /**
   * Writes changes down, all of them or none. Emits the new version once they are safe, then completes; fails with
   * `ConversationConflictError` where the conversation is not at `expectedVersion`: somebody else has written.
   */
  append(
    id: string,
    changes: readonly ConversationChange[],
    options: {
      /** What `load`, or the last `append`, has told. */
      readonly expectedVersion: number;
    },
  ): Observable<number>;
  /** The ids of all conversations, in no order. */
  ids(): Observable<string>;
  /** Forgets a conversation; completes without a value, also for an unknown id. */
  delete(id: string): Observable<never>;
}

/** Somebody else has written to the conversation. Load it again; not retryable as it is. */
export class ConversationConflictError extends AloudError {
  override readonly name = 'ConversationConflictError';
  /** The conversation’s. */
  readonly id: string;
  /** The version that was expected. */
  readonly expected: number;
  /** The version that is there. */
  readonly actual: number;

  constructor(id: string, expected: number, actual: number) {
    super(`conversation ${id} is at version ${actual}, not at ${expected}: somebody else has written to it`, {
      retryable: false,
    });
    this.id = id;
    this.expected = expected;
    this.actual = actual;
  }
}

/**
 * A conversation out of a store, and the version it was at. A new one where the store has none.
 *
 * ```ts
 * openConversation(jsonLinesStore({ dir: 'conversations' }), 'ada').subscribe(({ conversation, version }) => {
 *   console.log(conversation.messages.length, version);
 * });
 * ```
 */
export function openConversation(
  store: ConversationStore,
  id: string,
  config: Omit<ConversationConfig, 'id'> = {},
): Observable<{
  /** As it was written down. */
  readonly conversation: Conversation;
  /** What the next `append` expects. */
  readonly version: number;
}> {
  return defer(() => store.load(id)).pipe(
    map(({ changes, version }) => ({
      conversation: Conversation.fromChanges(changes, { ...config, id }),
      version,
    })),
  );
}
