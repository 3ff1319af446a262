import type { RedisLink } from './redisLink.js';
import { relayKeys } from './relayKeys.js';
import { readScript } from './relayScripts.js';

/** Somebody who wants to know when a stream's producer is lost. */
export interface LeaseListener {
  /** The number of the last entry it has. */
  readonly position: () => number;
  /** How long it waits for a successor, in milliseconds. */
  readonly successorWithin: number;
  readonly lost: () => void;
  /** What it has is no longer there, or is something else. */
  readonly gap: () => void;
  readonly fail: (error: unknown) => void;
}

/** Watches the producers of streams that are listened to. */
export interface LeaseWatch {
  /**
   * Watches until what it returns is called.
   *
   * @param left Milliseconds that the lease has left, as just seen; undefined where nobody has begun.
   */
  watch(id: string, listener: LeaseListener, left: number | undefined): () => void;
}

/** Milliseconds: a lease is looked at this long after it should have run out. */
const after = 5;

interface Watched {
  readonly listeners: Set<LeaseListener>;
  timer: NodeJS.Timeout | undefined;
  /** Since when there is no producer. */
  lostAt: number | undefined;
}

/**
 * One look at a stream whenever its lease should have run out, whoever listens. A lease that ran out while Redis was
 * away counts only once its producer has had time to come back.
 */
export function leaseWatch(link: RedisLink, lease: number): LeaseWatch {
  const streams = new Map<string, Watched>();

  const look = async (id: string, watched: Watched): Promise<void> => {
    const { state, entries, control, lease: leaseKey } = relayKeys(link.prefix, id);
    let next = lease;
    // What they have now: while the answer is on its way they may get more.
    const had = [...watched.listeners].map((listener) => [listener, listener.position()] as const);
    const asked = performance.now();
    try {
      const reply = await link.run(readScript, [state, entries, control, leaseKey], ['0', '0']);
      const [epoch, seq, end, ttl] = reply as readonly [Buffer, Buffer, Buffer, unknown];
      const left = Number(ttl);
      const now = performance.now();
      // A client may hold what it is asked until Redis is back, and tell of no failure.
      if (now - asked > lease / 4) link.failed();
      const last = Number(String(seq));
      for (const [listener, position] of had) {
        // Redis has lost what it had told: a failover, or memory that was needed for something else. The end has a number,
        // too: who has an entry of that number without having ended has another one.
        if (position > last || (end.length > 0 && position === last)) listener.gap();
      }
      if (left > 0 || epoch.length === 0 || end.length > 0) {
        watched.lostAt = undefined;
        // Without a stream, or at its end, there is nothing to lose; but what begins is watched, too.
        if (left > 0) next = left + after;
      } else if (link.failedAt + lease > now) {
        next = link.failedAt + lease - now + after;
      } else {
        watched.lostAt ??= now;
        for (const listener of [...watched.listeners]) {
          const until = watched.lostAt + listener.successorWithin;
          if (until > now) next = Math.min(next, until - now + after);
          else if (listener.position() >= last) listener.lost();
          // It has not got everything yet, but will.
          else next = Math.min(next, 50);
        }
      }
    } catch (error) {
      for (const listener of [...watched.listeners]) listener.fail(link.failure(error));
    }
    if (streams.get(id) === watched) arm(id, watched, next);
  };
  const arm = (id: string, watched: Watched, ms: number) => {
    clearTimeout(watched.timer);
    watched.timer = setTimeout(() => void look(id, watched), ms);
  };

  return {
    watch(id, listener, left = lease) {
      const before = streams.get(id);
      const watched: Watched = before ?? { listeners: new Set(), timer: undefined, lostAt: undefined };
      streams.set(id, watched);
      watched.listeners.add(listener);
      if (before === undefined || left <= 0) arm(id, watched, left > 0 ? left + after : 0);
      return () => {
        watched.listeners.delete(listener);
        if (watched.listeners.size > 0) return;
        clearTimeout(watched.timer);
        if (streams.get(id) === watched) streams.delete(id);
      };
    },
  };
}
