import { randomUUID } from 'node:crypto';
import { inTime } from './inTime.js';
import type { RedisArgument, RedisConnection } from './redisClient.js';
import { isPassing } from './redisFailure.js';
import type { RedisLink } from './redisLink.js';
import { wakeKey } from './relayKeys.js';

/** An entry as Redis has it: its id, then names and contents in turn. */
export type RawEntry = readonly [id: Buffer, words: readonly Buffer[]];

/** Somebody who waits for what a stream gets next. */
export interface TailListener {
  /** The id after which it has everything yet to come. */
  readonly after: () => string;
  /** Entries in order, the first of them perhaps known already. */
  readonly entries: (entries: readonly RawEntry[]) => void;
  /** Nothing more will come. */
  readonly fail: (error: unknown) => void;
}

/** Waits for entries of any number of streams on one connection. */
export interface TailReader {
  /** Listens until what it returns is called. */
  listen(key: string, listener: TailListener): () => void;
}

/** Milliseconds that one read blocks, and that an answer takes at most: what has died in silence is noticed soon after. */
const blockFor = 5000;
const silence = 5000;
const silent = () => new Error('no answer from a connection that blocks');
/** Entries that one answer may hold, shared among the streams that are read. */
const mostEntries = 2000;
const wakeLasts = '60000';

const compareIds = (a: string, b: string) => {
  const [aTime = '0', aCount = '0'] = a.split('-');
  const [bTime = '0', bCount = '0'] = b.split('-');
  return Number(aTime) - Number(bTime) || Number(aCount) - Number(bCount);
};
const earliest = (ids: readonly string[]) => ids.reduce((a, b) => (compareIds(b, a) < 0 ? b : a));

/**
 * One `XREAD BLOCK` after the other for all streams that somebody listens to. A key that joins while a read blocks wakes
 * it by an entry to a stream of this reader's own. The connection is there while anybody listens.
 *
 * @param partition All keys are of this one.
 */
export function tailReader(link: RedisLink, partition: number): TailReader {
  const keys = new Map<string, Set<TailListener>>();
  const wake = wakeKey(link.prefix, partition, randomUUID());
  let wakeAfter = '0-0';
  let connection: RedisConnection | undefined;
  let running = false;
  /** What the read that is under way asks for: keys, and after which id. */
  let reading: ReadonlyMap<string, string> | undefined;
  let waking = false;
  /** A connection was closed because nobody listened: no failure. */
  let left = false;
  const wasLeft = () => {
    const was = left;
    left = false;
    return was;
  };

  const wakeUp = () => {
    if (waking) return;
    waking = true;
    link
      .call(['XADD', wake, 'MAXLEN', '1', '*', 'w', ''], wake)
      .then(() => link.call(['PEXPIRE', wake, wakeLasts], wake))
      // The read wakes by itself before long.
      .catch(() => undefined);
  };
  const close = () => {
    connection?.close();
    connection = undefined;
  };
  const failAll = (error: unknown) => {
    const listeners = [...keys.values()].flatMap((some) => [...some]);
    keys.clear();
    for (const { fail } of listeners) fail(error);
  };

  /** A connection that answers. */
  const connect = async (): Promise<RedisConnection | undefined> => {
    const made = await link.dedicated(wake);
    connection = made;
    await inTime(made.call(wake, ['PING']), Math.min(silence, link.outage), silent);
    return connection;
  };
  const read = async (): Promise<void> => {
    const to = connection ?? (await connect());
    // Left while the connection was made.
    if (keys.size === 0 || to === undefined) return;
    const asked = [...keys].map(
      ([key, listeners]) => [key, earliest([...listeners].map(({ after }) => after()))] as const,
    );
    const from = new Map(asked);
    reading = from;
    const count = Math.min(100, Math.max(2, Math.floor(mostEntries / asked.length)));
    const args: RedisArgument[] = ['XREAD', 'COUNT', String(count), 'BLOCK', String(blockFor), 'STREAMS'];
    args.push(wake, ...asked.map(([key]) => key), wakeAfter, ...asked.map(([, after]) => after));
    try {
      const reply = await inTime(to.call(wake, args), blockFor + silence, silent);
      for (const [name, entries] of streamsOf(reply)) {
        const key = name.slice(to.keyPrefix.length);
        if (key === wake) {
          waking = false;
          wakeAfter = entries.at(-1)?.[0].toString('latin1') ?? wakeAfter;
        }
        for (const listener of [...(keys.get(key) ?? [])]) {
          // One that has joined since may lack what came before these: the next read begins where it is.
          if (compareIds(listener.after(), from.get(key) ?? '0-0') >= 0) listener.entries(entries);
        }
      }
    } finally {
      reading = undefined;
    }
  };
  const run = async () => {
    left = false;
    const free = link.use();
    const since = () => performance.now() - lastAnswer;
    let lastAnswer = performance.now();
    let pause = 20;
    while (keys.size > 0) {
      try {
        // What many streams get within a few milliseconds is read at once: each read names all of their keys.
        if (keys.size > 64) await new Promise((resolve) => setTimeout(resolve, keys.size / 100));
        await read();
        lastAnswer = performance.now();
        pause = 20;
      } catch (error) {
        close();
        waking = false;
        if (wasLeft()) continue;
        link.failed();
        if (!isPassing(error) || since() > link.outage) {
          failAll(link.failure(error));
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
        pause = Math.min(1000, pause * 2);
      }
    }
    close();
    free();
    running = false;
    if (keys.size > 0) start();
  };
  const start = () => {
    running = true;
    // `run` has caught whatever can go wrong.
    void run();
  };

  return {
    listen(key, listener) {
      const listeners = keys.get(key) ?? new Set();
      keys.set(key, listeners.add(listener));
      if (!running) start();
      else if (reading !== undefined) {
        // A read that has passed it, for others, would not bring it what it lacks.
        const asked = reading.get(key);
        if (asked === undefined || compareIds(listener.after(), asked) < 0) wakeUp();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || keys.get(key) !== listeners) return;
        keys.delete(key);
        // The read that blocks for nobody is broken off with its connection.
        if (keys.size === 0 && connection !== undefined) {
          left = true;
          close();
        }
      };
    },
  };
}

/** What `XREAD` answers, in whichever shape a client and its protocol give it. */
function streamsOf(reply: unknown): [string, readonly RawEntry[]][] {
  if (reply === null || reply === undefined) return [];
  if (!Array.isArray(reply)) {
    return Object.entries(reply as Readonly<Record<string, readonly RawEntry[]>>);
  }
  const parts = reply as readonly unknown[];
  if (Array.isArray(parts[0])) {
    return (parts as readonly (readonly [Buffer, readonly RawEntry[]])[]).map(([key, entries]) => [
      String(key),
      entries,
    ]);
  }
  const found: [string, readonly RawEntry[]][] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    found.push([String(parts[index]), parts[index + 1] as readonly RawEntry[]]);
  }
  return found;
}
