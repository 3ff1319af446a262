import { randomUUID } from 'node:crypto';
import { catchError, defer, EMPTY, from, map, takeWhile, throwError, type Observable } from 'rxjs';
import { remembered } from '../../src/memoryRelay.js';
import type { Relay, RelayEntry } from '../../src/relay.js';
import {
  checkedOpen,
  checkedRelay,
  checkedReplay,
  checkedStreamId,
  type RelayConfig,
} from '../../src/relayOptions.js';
import { leaseWatch } from './leaseWatch.js';
import { redisLink, type RedisLinkConfig } from './redisLink.js';
import { redisListener } from './redisListener.js';
import { longestLife, redisProducer } from './redisProducer.js';
import { numberOf } from './relayEntry.js';
import { partitionOf, relayKeys } from './relayKeys.js';
import { cancelScript } from './relayScripts.js';
import { tailReader, type TailReader } from './tailReader.js';

/** Where Redis is, and what is kept there for how long. */
export interface RedisRelayConfig extends RedisLinkConfig, RelayConfig {}

/**
 * A relay through Redis Streams: a pipeline runs here and is listened to there, survives a restart of either side and of
 * Redis, and is cancelled from anywhere.
 *
 * Needs Redis 6.2 or newer, and the package `redis` (6) or `ioredis` (5 or 6). Entries are JSON, bytes in them
 * (`Uint8Array`) travel as they are, errors as their class, message and details. A producer sends what has come while
 * its last call was under way in one call. All listeners of a relay share one connection, all producers another; of a
 * cluster, one for each of up to 64 hash tags. They are closed when nobody is left, as is a client made from a `url`.
 *
 * ```ts
 * const relay = redisRelay({ url: 'redis://127.0.0.1:6379' });
 * model(prompt).pipe(coalesceTokens(50), publishTo(relay, id)).subscribe(); // here
 * relay.replay<string>(id).subscribe(({ value }) => process.stdout.write(value)); // there
 * ```
 *
 * Besides what every `Relay` fails with: `ConnectionError` once Redis has been away for `outage`, `AuthenticationError`
 * where it refuses, `ProviderError` for anything else it says.
 *
 * @throws TypeError when an option is out of range.
 */
export function redisRelay(config: RedisRelayConfig): Relay {
  const limits = checkedRelay('redisRelay', config);
  const link = redisLink('redisRelay', config);
  const ttl = Math.ceil(limits.ttl);
  const kept = { ...limits, ttl, remembered: Math.min(longestLife, ttl * remembered) };
  const leases = leaseWatch(link, limits.lease);
  /** Readers of entries, and those of control streams apart: few keys are named again for each entry that comes. */
  const readers = { entries: new Map<number, TailReader>(), control: new Map<number, TailReader>() };

  const readerOf = async (kind: keyof typeof readers, id: string): Promise<TailReader> => {
    const partition = (await link.isCluster()) ? partitionOf(id) : 0;
    const reader = readers[kind].get(partition) ?? tailReader(link, partition);
    readers[kind].set(partition, reader);
    return reader;
  };
  const listen = <T>(id: string, options: Parameters<typeof checkedReplay>[0]): Observable<RelayEntry<T>> =>
    redisListener(link, (of) => readerOf('entries', of), leases, id, checkedReplay(options));
  const written = <T>(id: string, until: string): Observable<RelayEntry<T>> =>
    until === '0'
      ? EMPTY
      : listen<T>(id, {}).pipe(takeWhile(({ cursor }) => numberOf(cursor) < numberOf(until), true));

  return {
    open<T>(id: string, options = {}) {
      checkedStreamId('open', id);
      const checked = checkedOpen(options);
      return redisProducer<T>(link, (of) => readerOf('control', of), written, kept, id, checked);
    },
    replay<T>(id: string, options = {}) {
      checkedStreamId('replay', id);
      return listen<T>(id, options);
    },
    cancel(id) {
      checkedStreamId('cancel', id);
      const { state, entries, control, lease } = relayKeys(link.prefix, id);
      return defer(() => {
        const args = [randomUUID(), String(kept.ttl), String(kept.remembered)];
        return from(link.run(cancelScript, [state, entries, control, lease], args));
      }).pipe(
        map((reply) => String((reply as readonly unknown[])[0]) === 'cancelled'),
        catchError((error: unknown) => throwError(() => link.failure(error))),
      );
    },
  };
}
