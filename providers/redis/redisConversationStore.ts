import { randomUUID } from 'node:crypto';
import {
  catchError,
  defer,
  from,
  ignoreElements,
  map,
  mergeMap,
  range,
  throwError,
  type Observable,
} from 'rxjs';
import type { ConversationChange } from '../../src/conversation.js';
import { ConversationConflictError, type ConversationStore } from '../../src/conversationStore.js';
import { MalformedReplyError } from '../../src/errors.js';
import { redisLink, redisScript, type RedisLinkConfig } from './redisLink.js';
import { partitionOf, partitions } from './relayKeys.js';

/** Where Redis is. */
export type RedisConversationStoreConfig = RedisLinkConfig;

/** One write: who made it, and what it says. */
interface Written {
  readonly mark: string;
  readonly changes: readonly ConversationChange[];
}

/** KEYS: the writes, the ids of the partition. ARGV: expected version, mark, the write, id. */
const appendScript = redisScript(`
local version, expected = redis.call('LLEN', KEYS[1]), tonumber(ARGV[1])
if version > expected then
  local there = redis.call('LINDEX', KEYS[1], expected)
  if there and string.find(there, ARGV[2], 1, true) == 10 then return {'ok', expected + 1} end
end
if version ~= expected then return {'conflict', version} end
redis.call('RPUSH', KEYS[1], ARGV[3])
redis.call('SADD', KEYS[2], ARGV[4])
return {'ok', expected + 1}
`);

/** KEYS: the writes, the ids of the partition. ARGV: id. */
const deleteScript = redisScript(`
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[1])
return {'ok'}
`);

/**
 * Conversations in Redis: one list each, one element for each write. An append is a script that looks at the version
 * first, so that of two machines that write at once the second is told (`ConversationConflictError`) and loses nothing;
 * sent again after a broken connection it is recognised by its mark. How safe a write is, Redis decides: with
 * `appendonly yes` it survives a restart.
 *
 * ```ts
 * const store = redisConversationStore({ url: 'redis://127.0.0.1:6379' });
 * openConversation(store, 'ann')
 *   .pipe(switchMap(({ conversation, version }) => keepConversation(conversation, store, version)))
 *   .subscribe();
 * ```
 *
 * Fails with `ConnectionError`, `AuthenticationError` or `ProviderError`.
 *
 * @throws TypeError when an option is out of range.
 */
export function redisConversationStore(config: RedisConversationStoreConfig): ConversationStore {
  const link = redisLink('redisConversationStore', config);
  const idsKey = (partition: number) => `${link.prefix}conversations:{${partition}}`;
  const keysOf = (id: string) => {
    // Half a character has no bytes of its own: two such ids could have one key.
    if (typeof id !== 'string' || /\p{Surrogate}/u.test(id)) {
      throw new TypeError(
        `redisConversationStore: an id must be a well-formed text, got ${JSON.stringify(id)}`,
      );
    }
    const ids = idsKey(partitionOf(id));
    return [`${ids}:${id}`, ids] as const;
  };
  const typed = <T>(source: Observable<T>): Observable<T> =>
    source.pipe(
      catchError((error: unknown) =>
        throwError(() => (error instanceof ConversationConflictError ? error : link.failure(error))),
      ),
    );

  return {
    load(id) {
      const [key] = keysOf(id);
      return defer(() => from(link.call(['LRANGE', key, '0', '-1'], key))).pipe(
        map((reply) => {
          const writes = (reply as readonly Buffer[]).map((bytes) => parse(id, bytes));
          return { changes: writes.flatMap(({ changes }) => changes), version: writes.length };
        }),
        typed,
      );
    },
    append(id, changes, { expectedVersion }) {
      const keys = keysOf(id);
      return defer(() => {
        const mark = randomUUID();
        const write = JSON.stringify({ mark, changes } satisfies Written);
        return from(link.run(appendScript, keys, [String(expectedVersion), mark, write, id]));
      }).pipe(
        map((reply) => {
          const [answer, there] = reply as readonly [Buffer, unknown];
          const version = Number(there);
          if (String(answer) === 'ok') return version;
          throw new ConversationConflictError(id, expectedVersion, version);
        }),
        typed,
      );
    },
    ids: () =>
      range(0, partitions).pipe(
        mergeMap((partition) => link.call(['SMEMBERS', idsKey(partition)], idsKey(partition))),
        mergeMap((reply) => [...(reply as Iterable<Buffer>)].map(String)),
        typed,
      ),
    delete(id) {
      const keys = keysOf(id);
      return defer(() => from(link.run(deleteScript, keys, [id]))).pipe(ignoreElements(), typed);
    },
  };
}

function parse(id: string, bytes: Buffer): Written {
  try {
    return JSON.parse(String(bytes)) as Written;
  } catch (cause) {
    const options = { provider: 'redis', cause, retryable: false };
    throw new MalformedReplyError(`redis: what is kept of conversation ${id} cannot be read`, options);
  }
}
