import { map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { redisConversationStore, redisRelay } from '../../../providers/redis/index.js';
import { relayKeys } from '../../../providers/redis/relayKeys.js';
import type { ConversationChange, RelayEntry } from '../../../src/index.js';
import { collect } from '../../support/collect.js';
import { eventually } from '../../support/eventually.js';
import { clusterClients, ioredisCluster } from '../../support/redisClients.js';
import { clusterMissing, redisCluster } from '../../support/redisCluster.js';
import { freshId, produce } from '../relayConformance.js';

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const stateOf = (id: string) => relayKeys('rx-aloud:', id).state;
const said = (content: string): ConversationChange => ({
  type: 'add',
  message: { role: 'user', content, timestamp: 1 },
});

describe.skipIf(clusterMissing)('a machine of a Redis Cluster that stands still', { timeout: 90_000 }, () => {
  // Side by side, each in a cluster of its own: they mostly wait.
  it.concurrent.for<[string, (ports: readonly number[]) => ReturnType<typeof ioredisCluster>]>([
    ...Object.entries(clusterClients),
    ['ioredis without a timeout of commands', ioredisCluster],
  ])('is left for the one that has taken over: %s', async ([, connect], { onTestFinished }) => {
    const cluster = await redisCluster();
    onTestFinished(() => cluster.stop());
    const newClient = async () => {
      const made = await connect(cluster.ports);
      onTestFinished(() => made.close());
      return made.client;
    };
    const own = await newClient();
    const relay = redisRelay({ client: own });
    const store = redisConversationStore({ client: own, prefix: `${freshId().replace(/[{}]/g, '')}:` });
    const elsewhere = redisRelay({ client: await newClient() });
    // A conversation of the same name is in the same slot.
    let id = freshId();
    while (cluster.masterOf(stateOf(id)) !== cluster.replicated()) id = freshId();

    const heard: number[] = [];
    const hear = (source: Observable<RelayEntry<number>>) =>
      source.pipe(map(({ value }) => (heard.push(value), value)));
    const live = collect(hear(elsewhere.replay<number>(id)));
    const { producer, over } = await produce<number>(relay, id);
    const append = (from: number, to: number) => {
      for (const number of numbers(from, to)) producer.append(number);
      return collect(producer.flushed());
    };
    await append(0, 50);
    await collect(store.append(id, [said('one')], { expectedVersion: 0 }));
    await eventually(() => expect(heard).toHaveLength(50));

    const began = performance.now();
    const goOn = await cluster.freeze();
    onTestFinished(goOn);
    await append(50, 100);
    await eventually(() => expect(heard).toHaveLength(100));
    // Of the minute that Redis may be away.
    expect(performance.now() - began).toBeLessThan(30_000);
    await collect(store.append(id, [said('two')], { expectedVersion: 1 }));

    await goOn();
    await append(100, 150);
    producer.end({ type: 'complete' });
    expect(await over).toBe('complete');
    expect(await live).toEqual(numbers(0, 150));
    const late = await collect(elsewhere.replay<number>(id));
    expect(late.map(({ value }) => value)).toEqual(numbers(0, 150));
    expect(await collect(store.load(id))).toMatchObject([{ version: 2 }]);
  });
});
