import { Redis, type RedisOptions } from 'ioredis';
import { createClient } from 'redis';
import { concat, map, NEVER, of } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { publishTo } from '../../../operators/index.js';
import { redisConversationStore, redisRelay, type RedisClient } from '../../../providers/redis/index.js';
import { RelayAbortedError, type ConversationChange, type RelayEntry } from '../../../src/index.js';
import { collect, collectFailure } from '../../support/collect.js';
import { redisMissing, redisServer, type RedisServer } from '../../support/redisServer.js';
import { freshId, produce } from '../relayConformance.js';

const words = map(({ value }: RelayEntry<string>) => value);

describe.skipIf(redisMissing)('a client with options of its own', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await redisServer();
  });
  afterAll(() => server.stop());

  /** Publishing, listening early and late, a successor, a cancel, and a conversation. */
  async function carries(client: RedisClient): Promise<void> {
    const relay = redisRelay({ client });
    const id = freshId();
    const live = collect(relay.replay<string>(id).pipe(words));
    const first = await produce<string>(relay, id);
    first.producer.append('a');
    await collect(first.producer.flushed());
    first.producer.append('b');
    first.producer.release();
    await first.over;
    const second = of('c').pipe(
      publishTo(relay, id, {
        resume: (written$) => concat(written$.pipe(map((word) => word.toUpperCase())), ['d']),
      }),
    );
    await collect(second);
    expect(await live).toEqual(['a', 'b', 'A', 'B', 'd']);
    expect(await collect(relay.replay<string>(id).pipe(words))).toEqual(['a', 'b', 'A', 'B', 'd']);

    const cancelled = freshId();
    const source = collectFailure(concat(of('a'), NEVER).pipe(publishTo(relay, cancelled)));
    const hears = collectFailure(relay.replay<string>(cancelled).pipe(words));
    while (!(await collect(relay.cancel(cancelled)))[0]);
    expect((await source).error).toBeInstanceOf(RelayAbortedError);
    expect((await hears).error).toBeInstanceOf(RelayAbortedError);

    const store = redisConversationStore({ client, prefix: `${id.replace(/[{}]/g, '')}:` });
    const change: ConversationChange = {
      type: 'add',
      message: { role: 'user', content: 'hi', timestamp: 1 },
    };
    expect(await collect(store.append('ann', [change], { expectedVersion: 0 }))).toEqual([1]);
    expect(await collect(store.append('ann', [change], { expectedVersion: 1 }))).toEqual([2]);
    expect(await collect(store.load('ann'))).toEqual([{ changes: [change, change], version: 2 }]);
    expect(await collect(store.ids())).toEqual(['ann']);
  }

  it.each<[string, Omit<RedisOptions, 'replyMapping'>]>([
    ['keyPrefix', { keyPrefix: '天空 {app}:' }],
    ['commandTimeout', { commandTimeout: 1000 }],
    ['stringNumbers', { stringNumbers: true }],
    ['RESP3', { protocol: 3 }],
    ['RESP3, replies as maps', { protocol: 3, replyMapping: 'resp3' } as object],
    ['no offline queue', { enableOfflineQueue: false }],
    ['automatic pipelines', { enableAutoPipelining: true }],
    ['a late connection', { lazyConnect: true }],
  ])('carries everything with ioredis: %s', async (_name, options) => {
    const client = new Redis(server.port, '127.0.0.1', options);
    onTestFinished(() => client.disconnect());
    await carries(client);
  });

  it.each<[string, NonNullable<Parameters<typeof createClient>[0]>]>([
    ['RESP2', { RESP: 2 }],
    ['RESP3', { RESP: 3 }],
    ['no offline queue', { disableOfflineQueue: true }],
    ['a short timeout of commands', { commandOptions: { timeout: 1000 } }],
    ['numbers as texts', { commandOptions: { typeMapping: { 58: String } } }],
    ['maps as Map', { RESP: 3, commandOptions: { typeMapping: { 37: Map } } } as object],
  ])('carries everything with node-redis: %s', async (_name, options) => {
    const client = createClient({ ...options, url: server.url });
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(() => client.destroy());
    await carries(client);
  });
});
