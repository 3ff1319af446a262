import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Cluster } from 'ioredis';
import { concatMap, delay, from, interval, map, of, range, take, tap } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { publishTo, toAsyncIterable } from '../../../operators/index.js';
import { redisConversationStore, redisRelay } from '../../../providers/redis/index.js';
import { relayKeys } from '../../../providers/redis/relayKeys.js';
import {
  AuthenticationError,
  ConnectionError,
  createValve,
  RelayAbortedError,
  RelayFencedError,
  RelayGapError,
  RelayOverflowError,
  type Relay,
  type RelayEntry,
} from '../../../src/index.js';
import { collect, collectFailure } from '../../support/collect.js';
import { eventually } from '../../support/eventually.js';
import { redisClients } from '../../support/redisClients.js';
import { freePort, redisMissing, redisServer, type RedisServer } from '../../support/redisServer.js';
import { seededRandom } from '../../support/seededRandom.js';
import { freshId, produce } from '../relayConformance.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const numbers = (length: number) => Array.from({ length }, (_, index) => index);
const valueOf = map(({ value }: RelayEntry<number>) => value);

/** A way to a port that is cut at will; `cut` is asked about each piece that comes back. */
async function cuttingProxy(
  port: number,
  cut: () => boolean,
): Promise<{ url: string; cuts(): number; close(): void }> {
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server: Server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    const both = [near, far] as const;
    for (const socket of both) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const other of both) other.destroy();
        sockets.delete(socket);
      });
    }
    near.pipe(far);
    far.on('data', (bytes) => {
      if (!cut()) {
        near.write(bytes);
        return;
      }
      // What was asked has been done; its answer is lost, or the last part of it.
      cuts++;
      near.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => near.destroy());
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe.skipIf(redisMissing).each(Object.entries(redisClients))(
  'redisRelay and what befalls %s',
  (_name, make) => {
    let server: RedisServer;
    beforeAll(async () => {
      // Written down at once, also while the disk is slow: what is killed has lost nothing that it has answered.
      server = await redisServer('--appendonly', 'yes', '--appendfsync', 'no');
    });
    afterAll(() => server.stop());

    const clientOf = async (url: string) => {
      const made = await make(url);
      onTestFinished(() => made.close());
      return made.client;
    };
    const connections = () => Number(/connected_clients:(\d+)/.exec(server.cli('INFO', 'clients'))?.[1]);
    /** Once as many are connected as are expected; the asking one counts, too. */
    const settlesAt = async (expected: number) => {
      for (let tries = 0; connections() !== expected && tries < 200; tries++) await pause(20);
      expect(connections()).toBe(expected);
    };

    it.each(['kill', 'shutdown'] as const)(
      'survives that Redis is started anew in mid-stream (%s)',
      async (how) => {
        const id = freshId();
        const relay = redisRelay({ client: await clientOf(server.url) });
        const elsewhere = redisRelay({ client: await clientOf(server.url) });
        const live = collect(elsewhere.replay<number>(id).pipe(valueOf));
        const published = collect(
          from(numbers(300)).pipe(
            concatMap((value) => of(value).pipe(delay(5))),
            publishTo(relay, id),
          ),
        );
        await pause(300);
        await server.restart(how, 300);
        await pause(200);
        await server.restart(how, 0);
        expect(await published).toEqual(numbers(300));
        expect(await live).toEqual(numbers(300));
        expect(await collect(elsewhere.replay<number>(id).pipe(valueOf))).toEqual(numbers(300));
      },
    );

    it('does not take a producer for lost because Redis was away for longer than its lease', async () => {
      const id = freshId();
      const relay = redisRelay({ client: await clientOf(server.url), lease: 4000 });
      const elsewhere = redisRelay({ client: await clientOf(server.url), lease: 4000 });
      const live = collect(elsewhere.replay<number>(id).pipe(valueOf));
      const { producer, over } = await produce<number>(relay, id);
      producer.append(1);
      await pause(100);
      await server.restart('shutdown', 5000);
      producer.append(2);
      producer.end({ type: 'complete' });
      expect(await over).toBe('complete');
      expect(await live).toEqual([1, 2]);
    });

    it('publishes each entry once, in order, though answers get lost at random', async () => {
      const seed = Date.now() % 1_000_000;
      const random = seededRandom(seed);
      // One of every few pieces, so that some are cut whatever the chance.
      let untilCut = 12;
      const proxy = await cuttingProxy(server.port, () => {
        if (--untilCut > 0) return false;
        untilCut = 1 + Math.floor(random() * 6);
        return true;
      });
      onTestFinished(() => proxy.close());
      const id = freshId();
      const relay = redisRelay({ client: await clientOf(proxy.url), lease: 20_000 });
      const straight = redisRelay({ client: await clientOf(server.url) });
      const broken = collect(relay.replay<number>(id).pipe(valueOf));
      await collect(
        from(numbers(200)).pipe(
          concatMap((value) => of(value).pipe(delay(2))),
          publishTo(relay, id),
        ),
      );
      expect(await collect(straight.replay<number>(id).pipe(valueOf)), `seed ${seed}`).toEqual(numbers(200));
      expect(await broken, `seed ${seed}`).toEqual(numbers(200));
      expect(proxy.cuts(), `seed ${seed}`).toBeGreaterThan(2);
    }, 60_000);

    it('lets go of its connections, and leaves the client it was given alone', async () => {
      // Earlier tests' clients are gone; the one that asks is left.
      const before = 1;
      await settlesAt(before);
      const client = await clientOf(server.url);
      await settlesAt(before + 1);
      const relay = redisRelay({ client });
      const id = freshId();
      const listeners = numbers(20).map(() => relay.replay(id).subscribe({ error: () => undefined }));
      await settlesAt(before + 2);
      const publishing = interval(5).pipe(publishTo(relay, id)).subscribe();
      await settlesAt(before + 3);
      for (const listener of listeners) listener.unsubscribe();
      await settlesAt(before + 2);
      publishing.unsubscribe();
      await settlesAt(before + 1);
      expect((await collectFailure(relay.replay(id))).error).toBeInstanceOf(RelayAbortedError);
      await settlesAt(before + 1);
    });

    it('holds little for a listener that reads slowly, and nothing for one that never does', async () => {
      const id = freshId();
      const relay = redisRelay({ client: await clientOf(server.url) });
      const data = new Uint8Array(10_000);
      const never = createValve({ high: 1, low: 0 });
      never.add(1);
      let heard = 0;
      const deaf = relay.replay(id, { valve: never }).subscribe(() => heard++);
      const valve = createValve({ high: 16, low: 4 });
      const slow = toAsyncIterable(relay.replay<{ index: number; data: Uint8Array }>(id, { valve }), {
        valve,
      });
      const live = slow[Symbol.asyncIterator]();
      const first = live.next();
      collectGarbage();
      const before = process.memoryUsage().arrayBuffers;
      await collect(
        range(0, 3000).pipe(
          map((index) => ({ index, data })),
          publishTo(relay, id),
        ),
      );
      await pause(200);
      collectGarbage();
      collectGarbage();
      // 30 MB went by; a page of 100 entries and what a socket has read may be held.
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(15_000_000);
      const indices = [((await first).value as RelayEntry<{ index: number }>).value.index];
      for (let next = await live.next(); next.done !== true; next = await live.next()) {
        indices.push(next.value.value.index);
      }
      expect(indices).toEqual(numbers(3000));
      expect(heard).toBe(0);
      never.remove(1);
      deaf.unsubscribe();
    });

    it('carries a thousand streams at once on a handful of connections', { timeout: 60_000 }, async () => {
      const relay = redisRelay({ client: await clientOf(server.url) });
      const prefix = freshId();
      const all = numbers(1000).map((index) => {
        const id = `${prefix} ${index}`;
        const live = collect(relay.replay<number>(id).pipe(valueOf));
        const published = collect(interval(50).pipe(take(8), publishTo(relay, id)));
        return { live, published };
      });
      await pause(300);
      expect(connections()).toBeLessThanOrEqual(4);
      for (const { live, published } of all) {
        expect(await published).toEqual(numbers(8));
        expect(await live).toEqual(numbers(8));
      }
    });

    it('refuses to hold more than it may while Redis is away, and says so', async () => {
      const id = freshId();
      const relay = redisRelay({ client: await clientOf(server.url) });
      const { error } = await collectFailure(range(0, 1000).pipe(publishTo(relay, id, { maxPending: 100 })));
      expect(error).toBeInstanceOf(RelayOverflowError);
      expect((await collectFailure(relay.replay(id))).values).toHaveLength(100);
      // A source that waits for its valve never gets there.
      const valve = createValve({ high: 50, low: 10 });
      const waits = valve.open$.pipe(
        concatMap((open) => (open ? range(0, 50) : [])),
        take(500),
      );
      await collect(waits.pipe(publishTo(relay, freshId(), { valve, maxPending: 100 })));
    });

    it('tells producer and listener when Redis has lost what it had told', async () => {
      const own = await redisServer();
      onTestFinished(() => own.stop());
      const relay = redisRelay({ client: await clientOf(own.url), lease: 600 });
      const id = freshId();
      let hear: () => void = () => undefined;
      const heard = new Promise<void>((resolve) => (hear = resolve));
      const live = collectFailure(relay.replay(id, { successorWithin: 30_000 }).pipe(tap(() => hear())));
      const { producer, over } = await produce<string>(relay, id);
      producer.append('a');
      await heard;
      own.cli('FLUSHALL');
      producer.append('b');
      expect(await over).toBeInstanceOf(RelayGapError);
      expect((await live).error).toBeInstanceOf(RelayGapError);
    });

    describe('when Redis has lost what it had told, and others have written since', () => {
      const lease = 500;
      /** Redis as it was when the first words were there, whatever has been written since: as after a failover. */
      const lossOf = async (id: string, told: readonly string[], lost: readonly string[]) => {
        const relay = redisRelay({ client: await clientOf(server.url), lease });
        const { state, entries, control, lease: leaseKey } = relayKeys('rx-aloud:', id);
        const keys = [state, entries, control, leaseKey];
        const copy = (from: string, to: string) => {
          for (const key of keys) {
            server.cli('DEL', `${to}${key}`);
            server.cli('COPY', `${from}${key}`, `${to}${key}`);
          }
        };
        const heard: RelayEntry<string>[] = [];
        const live = collectFailure(
          relay.replay<string>(id, { successorWithin: 30_000 }).pipe(tap((entry) => heard.push(entry))),
        );
        const { producer, over } = await produce<string>(relay, id);
        for (const word of told) producer.append(word);
        await collect(producer.flushed());
        if (told.length > 0) copy('', 'before:');
        for (const word of lost) producer.append(word);
        await collect(producer.flushed());
        await eventually(() => expect(heard).toHaveLength(told.length + lost.length));
        copy('before:', '');
        const cursor = heard.at(-1)?.cursor ?? '';
        return {
          relay,
          producer,
          over,
          cursor,
          live: live.then(({ values, error }) => ({ words: values.map(({ value }) => value), error })),
        };
      };
      const succeed = (relay: Relay, id: string, words: readonly string[]) =>
        collect(of('anew').pipe(publishTo<string>(relay, id, { takeOver: true, resume: () => words })));

      it.each([
        ['more than it has heard', ['drei', 'vier', 'fünf']],
        ['as much as it has heard, the end included', ['drei']],
        ['less than it has heard', []],
      ])('fails a listener whose successor writes %s', async (_what, words) => {
        const id = freshId();
        const { relay, live, cursor } = await lossOf(id, ['one', 'two'], ['three', 'four']);
        await succeed(relay, id, words);
        const { words: heard, error } = await live;
        expect(error).toBeInstanceOf(RelayGapError);
        expect(heard).toEqual(['one', 'two', 'three', 'four']);
        const returns = await collectFailure(relay.replay(id, { after: cursor }));
        expect(returns).toMatchObject({ values: [], error: { name: 'RelayGapError' } });
        const late = await collect(relay.replay<string>(id));
        expect(late.map(({ value }) => value)).toEqual(['one', 'two', ...words]);
      });

      it('refuses a producer whose beginning was lost, whoever has its epoch by now', async () => {
        const id = freshId();
        const { relay, producer, over } = await lossOf(id, [], ['lost']);
        const second = await produce<string>(relay, id);
        expect(second.producer.epoch).toBe(producer.epoch);
        for (const word of ['eins', 'zwei']) second.producer.append(word);
        await collect(second.producer.flushed());
        producer.append('never');
        expect(await over).toBeInstanceOf(RelayFencedError);
        second.producer.end({ type: 'complete' });
        await second.over;
        const late = await collect(relay.replay<string>(id));
        expect(late.map(({ value }) => value)).toEqual(['eins', 'zwei']);
      });

      it('still tells of a cancel', async () => {
        const id = freshId();
        const { relay, live } = await lossOf(id, ['one'], ['two', 'three']);
        await collect(relay.cancel(id));
        expect((await live).error).toBeInstanceOf(RelayGapError);
        expect((await collectFailure(relay.replay(id))).error).toBeInstanceOf(RelayAbortedError);
      });
    });

    it('gives up when Redis is away for too long', async () => {
      const own = await redisServer();
      onTestFinished(() => own.stop());
      const relay = redisRelay({ client: await clientOf(own.url), outage: 4000 });
      const id = freshId();
      const live = collectFailure(relay.replay(id));
      const { over } = await produce(relay, id);
      await pause(100);
      await own.stop();
      expect(await over.then((error) => error)).not.toBe('complete');
      expect((await live).error).toBeInstanceOf(ConnectionError);
      const { error } = await collectFailure(relay.cancel(id));
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).toMatchObject({ provider: 'redis', retryable: true });
    }, 30_000);
  },
);

describe('a cluster of ioredis that has lost all its machines', () => {
  it('is not taken for closed', async () => {
    const client = new Cluster([await freePort()]);
    client.on('error', () => undefined);
    onTestFinished(() => client.disconnect());
    const store = redisConversationStore({ client, outage: 1000 });
    // Before its own listener, that has it connect again.
    const { error } = await new Promise<{ error: unknown }>((resolve) => {
      client.prependOnceListener('close', () => resolve(collectFailure(store.load('ann'))));
    });
    expect(error).toMatchObject({ message: 'redis: no answer within 1000 ms', retryable: true });
  });

  it('is closed once it was', async () => {
    const client = new Cluster([await freePort()], { lazyConnect: true });
    client.disconnect();
    const store = redisConversationStore({ client });
    const { error } = await collectFailure(store.load('ann'));
    expect(error).toMatchObject({ message: 'redis: the client is closed', retryable: false });
  });
});

describe.skipIf(redisMissing)('redisRelay with a url', () => {
  it('is connected while it is used, and no longer', async () => {
    const server = await redisServer();
    onTestFinished(() => server.stop());
    const connections = () => Number(/connected_clients:(\d+)/.exec(server.cli('INFO', 'clients'))?.[1]);
    const relay = redisRelay({ url: server.url });
    const id = freshId();
    expect(connections()).toBe(1);
    await collect(of(1, 2).pipe(publishTo(relay, id)));
    expect(await collect(relay.replay<number>(id).pipe(valueOf))).toEqual([1, 2]);
    for (let tries = 0; connections() > 1 && tries < 100; tries++) await pause(20);
    expect(connections()).toBe(1);
  });

  it('says at once, without the password, that it is wrong', async () => {
    const server = await redisServer('--requirepass', 'right-password');
    onTestFinished(() => server.stop());
    const url = server.url.replace('//', '//default:wrong-password@');
    for (const failing of [
      redisRelay({ url }).replay('x'),
      redisRelay({ url }).open('x'),
      redisConversationStore({ url }).load('x'),
      redisRelay({ url: server.url }).cancel('x'),
    ]) {
      const { error } = await collectFailure<unknown>(failing);
      expect(error).toBeInstanceOf(AuthenticationError);
      expect(JSON.stringify([String(error), error, String((error as Error).cause)])).not.toContain(
        'wrong-password',
      );
    }
    const right = redisRelay({ url: server.url.replace('//', '//default:right-password@') });
    expect(await collect(right.cancel('x'))).toEqual([true]);
  });

  it('refuses what cannot be meant', () => {
    expect(() => redisRelay({})).toThrow(/client or url must be given/);
    expect(() => redisRelay({ client: {} as never })).toThrow(/client must be a client of redis or ioredis/);
    expect(() => redisRelay({ url: 'nowhere' })).toThrow(/url must be a URL/);
    expect(() => redisRelay({ url: 'redis://h', prefix: 'a{b' })).toThrow(/prefix must be a text without {/);
    expect(() => redisRelay({ url: 'redis://h', prefix: '\ud83d' })).toThrow(/prefix must be a text/);
    expect(() => redisRelay({ url: 'redis://h', outage: 0 })).toThrow(/outage must be milliseconds over 0/);
    expect(() => redisConversationStore({})).toThrow(TypeError);
    const store = redisConversationStore({ url: 'redis://h' });
    expect(() => store.load('\ud83d')).toThrow(/an id must be a well-formed text/);
    expect(() => store.append('\ud83d', [], { expectedVersion: 0 })).toThrow(TypeError);
    expect(() => store.delete('\ud83d')).toThrow(TypeError);
  });
});
