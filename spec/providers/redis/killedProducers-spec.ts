import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ignoreElements, lastValueFrom, take, tap } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisRelay } from '../../../providers/redis/index.js';
import type { Relay } from '../../../src/index.js';
import { collect } from '../../support/collect.js';
import { redisMissing, redisServer, type RedisServer } from '../../support/redisServer.js';
import { seededRandom } from '../../support/seededRandom.js';

/** A few by default; `.ci/run` runs a hundred. */
const schedules = Number(process.env['RX_ALOUD_SCHEDULES'] ?? 5);
const seed = Number(process.env['RX_ALOUD_SEED'] ?? Date.now() % 1_000_000);
const lease = 300;
const atOnce = 3;
const workerFile = fileURLToPath(new URL('../../support/relayWorker.mjs', import.meta.url));

interface Told {
  readonly id?: string;
  readonly type: 'ready' | 'begun' | 'over';
  readonly how?: string;
}

describe.skipIf(redisMissing)('producers that are killed, stopped and come back', () => {
  let server: RedisServer;
  let relay: Relay;
  const idle: ChildProcess[] = [];
  const all = new Set<ChildProcess>();
  beforeAll(async () => {
    server = await redisServer();
    relay = redisRelay({ url: server.url, lease });
  });
  afterAll(async () => {
    for (const child of all) child.kill('SIGKILL');
    await server.stop();
  });

  const told = (child: ChildProcess, wanted: (message: Told) => boolean) =>
    new Promise<Told>((resolve) => {
      const listen = (message: Told) => {
        if (!wanted(message)) return;
        child.off('message', listen);
        resolve(message);
      };
      child.on('message', listen);
    });
  const worker = async () => {
    const free = idle.pop();
    if (free !== undefined) return free;
    const child = fork(workerFile, [server.url, String(lease)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    all.add(child);
    await told(child, ({ type }) => type === 'ready');
    return child;
  };

  /**
   * A first producer is stopped at an entry and a second takes over, which is killed at a later entry; a third goes on.
   * The first is let go on after the second, or the third, has begun. A reader leaves and comes back twice.
   */
  async function run(number: number) {
    const random = seededRandom(seed * 1000 + number);
    const whole = (from: number, to: number) => from + Math.floor(random() * (to - from));
    const id = `schedule ${seed}-${number}`;
    const tokens = Array.from({ length: 40 }, (_, index) => `${index}${random() < 0.5 ? ' ' : '. '}`);
    const plan = {
      stopAt: whole(0, 14),
      killAt: whole(14, 34),
      resumeAfter: random() < 0.5 ? 'second' : 'third',
      leaves: [whole(0, 20), whole(20, 40)],
      takeOver: [random() < 0.3, random() < 0.3],
      pace: whole(1, 8),
    } as const;

    const heard: string[] = [];
    const watchers = new Set<() => void>();
    const reaches = (count: number) =>
      new Promise<void>((resolve) => {
        const watch = () => {
          if (heard.length < count) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      });
    let visits = 0;
    const listen = async (after?: string): Promise<string> => {
      const leaveAt = plan.leaves[visits++];
      const left = leaveAt === undefined ? Infinity : leaveAt + 1 - heard.length;
      let last = after;
      try {
        await lastValueFrom(
          relay.replay<string>(id, { after, successorWithin: 30_000 }).pipe(
            tap(({ cursor, value }) => {
              heard.push(value);
              last = cursor;
              for (const watch of [...watchers]) watch();
            }),
            take(left),
            ignoreElements(),
          ),
          { defaultValue: undefined },
        );
      } catch (error) {
        return (error as Error).name;
      }
      return leaveAt !== undefined && heard.length === leaveAt + 1 ? listen(last) : 'complete';
    };

    const produce = async (takeOver: boolean, slowAt?: number) => {
      const child = await worker();
      const begun = told(child, (message) => message.id === id && message.type === 'begun');
      const over = told(child, (message) => message.id === id && message.type === 'over');
      child.send({ id, tokens, pace: plan.pace, slowAt, takeOver });
      return { child, begun, over };
    };

    const end = listen();
    const first = await produce(false, plan.stopAt + 3);
    await Promise.all([first.begun, reaches(plan.stopAt)]);
    first.child.kill('SIGSTOP');
    const second = await produce(plan.takeOver[0], plan.killAt + 3);
    await second.begun;
    if (plan.resumeAfter === 'second') first.child.kill('SIGCONT');
    await reaches(plan.killAt);
    second.child.kill('SIGKILL');
    await once(second.child, 'exit');
    const third = await produce(plan.takeOver[1]);
    const thirdOver = third.over;
    await Promise.race([third.begun, thirdOver]);
    if (plan.resumeAfter === 'third') first.child.kill('SIGCONT');

    const result = {
      plan,
      end: await end,
      heard: heard.join(''),
      visits,
      zombie: (await first.over).how,
      last: (await thirdOver).how,
      again: (await collect(relay.replay<string>(id))).map(({ value }) => value).join(''),
    };
    idle.push(first.child, third.child);
    expect(result, `seed ${seed}, schedule ${number}`).toEqual({
      plan,
      end: 'complete',
      heard: tokens.join(''),
      visits: 3,
      zombie: 'RelayFencedError',
      // The second may have come to the end before the signal came to it.
      last: expect.stringMatching(/^(complete|RelayEndedError)$/) as string,
      again: tokens.join(''),
    });
    return result;
  }

  it(
    `leave one coherent text: ${schedules} schedules from seed ${seed}`,
    { timeout: 60_000 + schedules * 10_000 },
    async () => {
      console.log(`${schedules} schedules from seed ${seed} (RX_ALOUD_SEED repeats them)`);
      let next = 0;
      const ends: string[] = [];
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          while (next < schedules) ends.push((await run(next++)).last ?? '');
        }),
      );
      expect(ends).toHaveLength(schedules);
      // Most schedules kill a producer that is in the middle of it.
      expect(ends.filter((how) => how === 'complete').length).toBeGreaterThan(schedules / 2);
    },
  );
});
