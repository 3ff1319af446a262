// What a relay costs: publishing and hearing entries through Redis on loopback, beside the bare loops that anybody would
// write with the same client: XADD, and XREAD BLOCK on a connection of its own. Interleaved rounds in one process; a
// cost is CPU time, of this process and of Redis, for each entry.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { concatMap, interval, lastValueFrom, map, range, take, tap } from 'rxjs';
import { publishTo } from '../../../dist/operators/index.js';
import { redisRelay } from '../../../dist/providers/redis/index.js';
import { createValve } from '../../../dist/src/index.js';

const text = 'air scatters the blue light, ';
const window = 128;

async function server() {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  const folder = mkdtempSync(join(tmpdir(), 'rx-aloud-bench-'));
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
    {
      stdio: 'ignore',
    },
  );
  return {
    url: `redis://127.0.0.1:${port}`,
    stop() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The two clients, asked in one way. */
const clients = {
  async 'node-redis'(url) {
    const connect = async () => {
      const client = createClient({ url });
      client.on('error', () => undefined);
      await client.connect();
      return { client, call: (...args) => client.sendCommand(args), close: () => client.destroy() };
    };
    return connect;
  },
  async ioredis(url) {
    return async () => {
      const client = new Redis(url);
      client.on('error', () => undefined);
      await client.call('PING');
      return { client, call: (...args) => client.call(...args), close: () => client.disconnect() };
    };
  },
};

let names = 0;
const freshName = () => `bench-${process.pid}-${names++}`;
const entriesOf = (reply) => {
  if (reply === null || reply === undefined) return [];
  if (!Array.isArray(reply)) return Object.values(reply)[0];
  return Array.isArray(reply[0]) ? reply[0][1] : reply[1];
};

/** The bare reader: tells each entry's content as it comes. */
async function bareReader(connection, key, count, heard) {
  let after = '0-0';
  for (let seen = 0; seen < count;) {
    const entries = entriesOf(
      await connection.call('XREAD', 'COUNT', '100', 'BLOCK', '5000', 'STREAMS', key, after),
    );
    for (const [id, [, content]] of entries) {
      heard(JSON.parse(content));
      after = id;
      seen++;
    }
  }
}

/** Writes as fast as Redis answers, with so many unanswered, and reads. */
async function bareThroughput(a, b, count, unanswered) {
  const key = freshName();
  const reading = bareReader(b, key, count, () => undefined);
  const open = new Set();
  for (let index = 0; index < count; index++) {
    const writing = a.call('XADD', key, 'MAXLEN', '~', '100000', '*', 'v', JSON.stringify(text + index));
    open.add(writing);
    void writing.then(() => open.delete(writing));
    if (open.size >= unanswered) await Promise.race(open);
  }
  await Promise.all(open);
  await reading;
}

async function relayThroughput(relay, count) {
  const id = freshName();
  const hearing = lastValueFrom(relay.replay(id).pipe(take(count)));
  // As many unanswered as beside it: each time that the valve opens, as many as close it.
  const valve = createValve({ high: window / 2, low: window / 4 });
  const source = valve.open$.pipe(
    concatMap((open) => (open ? range(0, window / 2) : [])),
    take(count),
    map((_, index) => text + index),
  );
  await lastValueFrom(source.pipe(publishTo(relay, id, { valve })));
  await hearing;
}

async function bareLatency(a, b, count, every) {
  const key = freshName();
  const taken = [];
  const reading = bareReader(b, key, count, ({ at }) => taken.push(performance.now() - at));
  await lastValueFrom(
    interval(every).pipe(
      take(count),
      concatMap(() =>
        a.call(
          'XADD',
          key,
          'MAXLEN',
          '~',
          '100000',
          '*',
          'v',
          JSON.stringify({ at: performance.now(), text }),
        ),
      ),
    ),
  );
  await reading;
  return taken;
}

async function relayLatency(relay, count, every) {
  const id = freshName();
  const taken = [];
  const hearing = lastValueFrom(
    relay.replay(id).pipe(
      tap(({ value }) => taken.push(performance.now() - value.at)),
      take(count),
    ),
  );
  await lastValueFrom(
    interval(every).pipe(
      take(count),
      concatMap(() => [{ at: performance.now(), text }]),
      publishTo(relay, id),
    ),
  );
  await hearing;
  return taken;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const quantile = (values, q) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
const round = (value, digits = 1) => Number(value.toFixed(digits));

export default async function relayBench({ quick }) {
  const redis = await server();
  if (redis === undefined) {
    console.log('no redis-server on this machine: not measured');
    return [];
  }
  const rounds = quick ? 3 : 7;
  const count = quick ? 4000 : 20_000;
  const paced = quick ? 200 : 600;
  const rows = [];
  try {
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const [name, make] of Object.entries(clients)) {
      const connect = await make(redis.url);
      const a = await connect();
      const b = await connect();
      const relay = redisRelay({ client: a.client, maxLength: 100_000 });
      const redisCpu = async () => {
        const info = String(await a.call('INFO', 'cpu'));
        const part = (key) => Number(new RegExp(`${key}:([\\d.]+)`).exec(info)[1]);
        return (part('used_cpu_user') + part('used_cpu_sys')) * 1e6;
      };
      const contenders = {
        'bare, one by one': () => bareThroughput(a, b, count, 1),
        [`bare, ${window} unanswered`]: () => bareThroughput(a, b, count, window),
        relay: () => relayThroughput(relay, count),
      };
      const cost = Object.fromEntries(Object.keys(contenders).map((each) => [each, []]));
      for (let turn = -1; turn < rounds; turn++) {
        for (const [each, run] of Object.entries(contenders)) {
          const [cpu, far, began] = [process.cpuUsage(), await redisCpu(), performance.now()];
          await run();
          const ms = performance.now() - began;
          const { user, system } = process.cpuUsage(cpu);
          // The first round warms up.
          if (turn < 0) continue;
          cost[each].push({
            near: (user + system) / count,
            far: ((await redisCpu()) - far) / count,
            perSecond: (count / ms) * 1000,
          });
        }
      }
      const cpuOf = ({ near, far }) => near + far;
      const ratioTo = (other) =>
        median(cost.relay.map((one, index) => cpuOf(one) / cpuOf(cost[other][index])));
      for (const [each, figures] of Object.entries(cost)) {
        rows.push({
          client: name,
          what: 'throughput',
          contender: each,
          entriesPerSecond: Math.round(median(figures.map(({ perSecond }) => perSecond))),
          cpuMicroseconds: round(median(figures.map(cpuOf))),
          redisMicroseconds: round(median(figures.map(({ far }) => far))),
          relayOverThis: round(ratioTo(each), 2),
        });
      }

      const taken = { bare: [], relay: [] };
      const p50s = [];
      const p99s = [];
      const paceCost = { bare: [], relay: [] };
      for (let turn = -1; turn < rounds; turn++) {
        const one = {};
        for (const each of ['bare', 'relay']) {
          const [cpu, far] = [process.cpuUsage(), await redisCpu()];
          one[each] =
            each === 'bare' ? await bareLatency(a, b, paced, 2) : await relayLatency(relay, paced, 2);
          const { user, system } = process.cpuUsage(cpu);
          if (turn < 0) continue;
          paceCost[each].push((user + system + (await redisCpu()) - far) / paced);
          taken[each].push(...one[each]);
        }
        if (turn < 0) continue;
        p50s.push(quantile(one.relay, 0.5) - quantile(one.bare, 0.5));
        p99s.push(quantile(one.relay, 0.99) - quantile(one.bare, 0.99));
      }
      for (const each of ['bare', 'relay']) {
        rows.push({
          client: name,
          what: 'latency',
          contender: each,
          p50Milliseconds: round(quantile(taken[each], 0.5), 3),
          p99Milliseconds: round(quantile(taken[each], 0.99), 3),
          addedP50Milliseconds: each === 'relay' ? round(median(p50s), 3) : 0,
          addedP99Milliseconds: each === 'relay' ? round(median(p99s), 3) : 0,
          cpuMicroseconds: round(median(paceCost[each])),
          relayOverThis: round(median(paceCost.relay.map((cpu, index) => cpu / paceCost[each][index])), 2),
        });
      }
      a.close();
      b.close();
      const least = rows.filter((row) => row.client === name);
      console.log(`${name}: an entry through the relay costs, CPU over CPU (1.5 or less is the aim):`);
      for (const { what, contender, relayOverThis } of least) {
        if (contender !== 'relay') console.log(`  ${relayOverThis} × ${contender} (${what})`);
      }
      console.table(least.filter(({ what }) => what === 'throughput'));
      console.table(least.filter(({ what }) => what === 'latency'));
    }
  } finally {
    redis.stop();
  }
  return rows;
}
