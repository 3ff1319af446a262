import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { concatMap, filter, firstValueFrom, from, interval, map, of, take, tap, timer, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { publishTo } from '../../../operators/index.js';
import { redisConversationStore, redisRelay } from '../../../providers/redis/index.js';
import { slotOf } from '../../../providers/redis/redisClient.js';
import { relayKeys } from '../../../providers/redis/relayKeys.js';
import { RelayGapError, type Relay, type RelayEntry } from '../../../src/index.js';
import { collect, collectFailure } from '../../support/collect.js';
import { eventually } from '../../support/eventually.js';
import { clusterClients, type ConnectedClient } from '../../support/redisClients.js';
import { clusterMissing, redisCluster, type RedisCluster } from '../../support/redisCluster.js';
import type { RedisServer } from '../../support/redisServer.js';
import { freshId, produce, relayConformance } from '../relayConformance.js';
import { storeConformance } from '../storeConformance.js';

const workerFile = fileURLToPath(new URL('../../support/relayWorker.mjs', import.meta.url));
const numbers = (length: number) => Array.from({ length }, (_, index) => index);
const valueOf = map(({ value }: RelayEntry<number>) => value);
const slowly = (length: number, ms: number) => interval(ms).pipe(take(length));
const stateOf = (id: string) => relayKeys('rx-aloud:', id).state;

describe.skipIf(clusterMissing).each(Object.entries(clusterClients))(
  'a Redis Cluster, and %s',
  { timeout: 60_000 },
  (name, connect) => {
    let cluster: RedisCluster;
    let connected: ConnectedClient;
    let relay: Relay;
    const newClient = async () => {
      const made = await connect(cluster.ports);
      onTestFinished(() => made.close());
      return made.client;
    };
    /** A stream that is on that machine. */
    const idOn = (server: RedisServer) => {
      for (;;) {
        const id = freshId();
        if (cluster.masterOf(stateOf(id)) === server) return id;
      }
    };
    beforeAll(async () => {
      cluster = await redisCluster();
      connected = await connect(cluster.ports);
      relay = redisRelay({ client: connected.client });
    });
    afterAll(async () => {
      connected.close();
      await cluster.stop();
    });

    relayConformance(`redisRelay on a cluster with ${name}`, (config) =>
      redisRelay({ ...config, client: connected.client }),
    );
    let stores = 0;
    storeConformance(`redisConversationStore on a cluster with ${name}`, () =>
      redisConversationStore({ client: connected.client, prefix: `store-${stores++}:` }),
    );

    it('spreads streams over its machines', async () => {
      const own = redisRelay({ client: await newClient(), prefix: 'spread:' });
      const streams = numbers(30).map((index) => {
        const id = `stream ${index}`;
        const live = collect(own.replay<number>(id).pipe(valueOf));
        return { id, live, published: collect(slowly(5, 10).pipe(publishTo(own, id))) };
      });
      for (const { id, live, published } of streams) {
        expect(await published).toEqual(numbers(5));
        expect(await live).toEqual(numbers(5));
        expect(await collect(own.replay<number>(id).pipe(valueOf))).toEqual(numbers(5));
      }
      for (const master of cluster.masters()) {
        expect(master.cli('--scan', '--pattern', 'spread:relay:*:entries').trim()).not.toBe('');
      }
    });

    it('keeps the connection that it listens on', async () => {
      const own = redisRelay({ client: await newClient() });
      const id = freshId();
      const listening = own.replay(id).subscribe();
      const master = cluster.masterOf(stateOf(id));
      const blocked = () =>
        [...master.cli('CLIENT', 'LIST').matchAll(/^id=(\d+) .*cmd=xread/gm)].map(([, client]) => client);
      await eventually(() => expect(blocked()).toHaveLength(1));
      const before = blocked();
      await collect(timer(500));
      expect(blocked()).toEqual(before);
      listening.unsubscribe();
      await eventually(() => expect(blocked()).toEqual([]));
    });

    it('goes on where a killed producer was', async () => {
      const id = freshId();
      const urls = cluster.ports.map((port) => `redis://127.0.0.1:${port}`).join(',');
      const worker = fork(workerFile, [urls, '500'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      onTestFinished(() => void worker.kill('SIGKILL'));
      await once(worker, 'message');
      const live = collect(relay.replay<string>(id, { successorWithin: 30_000 }));
      const heard = firstValueFrom(relay.replay(id).pipe(take(10), toArray()));
      const tokens = numbers(1000).map((index) => `${index} `);
      worker.send({ id, tokens, pace: 5, takeOver: false });
      await heard;
      worker.kill('SIGKILL');
      await once(worker, 'exit');
      const successor = from(['begins anew']).pipe(
        publishTo(relay, id, {
          takeOver: true,
          resume: (written$) =>
            written$.pipe(
              toArray(),
              concatMap((written) => tokens.slice(written.length, 100)),
            ),
        }),
      );
      await collect(successor);
      expect((await live).map(({ value }) => value)).toEqual(tokens.slice(0, 100));
    });

    it('moves a slot while a stream in it is written and heard', async () => {
      // Other tests' streams have names that cannot be moved so easily.
      for (const master of cluster.masters()) master.cli('FLUSHALL');
      const id = freshId();
      const elsewhere = redisRelay({ client: await newClient() });
      const live = collect(elsewhere.replay<number>(id).pipe(valueOf));
      const published = collect(slowly(200, 5).pipe(publishTo(relay, id)));
      const reaches = (wanted: number) =>
        firstValueFrom(relay.replay<number>(id).pipe(filter(({ value }) => value === wanted)));
      await reaches(20);
      const before = cluster.masterOf(stateOf(id));
      const to = cluster.masters().find((master) => master !== before)!;
      const move = cluster.moveSlotOf(stateOf(id), to);
      // With one of its keys there and the others here, it stands still, and is asked for again.
      move.moveKeys(1);
      await collect(timer(200));
      move.finish();
      expect(cluster.masterOf(stateOf(id))).toBe(to);
      expect(await published).toEqual(numbers(200));
      expect(await live).toEqual(numbers(200));
      expect(await collect(relay.replay<number>(id).pipe(valueOf))).toEqual(numbers(200));
    });

    it('finds a slot that nobody had when it last looked', async () => {
      const id = freshId();
      const slot = String(slotOf(stateOf(id)));
      const owner = cluster.masterOf(stateOf(id));
      owner.cli('CLUSTER', 'DELSLOTS', slot);
      for (const master of cluster.masters()) master.cli('CLUSTER', 'DELSLOTS', slot);
      const own = redisRelay({ client: await newClient() });
      const live = collect(own.replay<number>(id).pipe(valueOf));
      const published = collect(slowly(5, 5).pipe(publishTo(own, id)));
      owner.cli('CLUSTER', 'ADDSLOTS', slot);
      expect(await published).toEqual(numbers(5));
      expect(await live).toEqual(numbers(5));
    });

    it('hears on when a master dies and its replica takes over', async () => {
      const id = idOn(cluster.replicated());
      const elsewhere = redisRelay({ client: await newClient() });
      const live = collect(elsewhere.replay<number>(id).pipe(valueOf));
      const { producer, over } = await produce<number>(relay, id);
      for (const number of numbers(50)) producer.append(number);
      await collect(producer.flushed());
      const dying = cluster.replicated();
      const takenOver = cluster.failOver();
      await eventually(() => expect(dying.isRunning).toBe(false));
      for (const number of numbers(50)) producer.append(50 + number);
      await takenOver;
      expect(cluster.masterOf(stateOf(id))).not.toBe(dying);
      const late = collect(elsewhere.replay<number>(id).pipe(valueOf));
      for (const number of numbers(50)) producer.append(100 + number);
      producer.end({ type: 'complete' });
      expect(await over).toBe('complete');
      expect(await live).toEqual(numbers(150));
      expect(await late).toEqual(numbers(150));
    });

    it('says so when a failover has lost what a listener has heard, whatever a successor writes', async () => {
      const id = idOn(cluster.replicated());
      const dies = await connect(cluster.ports);
      const client = await newClient();
      const heard: RelayEntry<string>[] = [];
      const listening = redisRelay({ client, lease: 1000 }).replay<string>(id, { successorWithin: 30_000 });
      const live = collectFailure(listening.pipe(tap((entry) => heard.push(entry))));
      const first = await produce<string>(redisRelay({ client: dies.client, lease: 1000 }), id);
      for (const word of ['one', 'two']) first.producer.append(word);
      await collect(first.producer.flushed());
      await cluster.failOver(async () => {
        for (const word of ['three', 'four']) first.producer.append(word);
        await collect(first.producer.flushed());
        await eventually(() => expect(heard).toHaveLength(4));
        dies.close();
      });
      await first.over;
      const words = ['drei', 'vier', 'fünf'];
      const second = publishTo<string>(relay, id, { takeOver: true, resume: () => words });
      await collect(of('begins anew').pipe(second));
      expect((await live).error).toBeInstanceOf(RelayGapError);
      expect(heard.map(({ value }) => value)).toEqual(['one', 'two', 'three', 'four']);
      const returns = relay.replay(id, { after: heard.at(-1)?.cursor });
      expect(await collectFailure(returns)).toMatchObject({ values: [], error: { name: 'RelayGapError' } });
      const late = (await collect(relay.replay<string>(id))).map(({ value }) => value);
      expect(late).toEqual(['one', 'two', ...words]);
    });
  },
);
