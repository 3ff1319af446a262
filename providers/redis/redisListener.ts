import { Observable } from 'rxjs';
import { MalformedReplyError } from '../../src/errors.js';
import { ProducerLostError, RelayAbortedError, RelayGapError, type RelayEntry } from '../../src/relay.js';
import type { checkedReplay } from '../../src/relayOptions.js';
import type { LeaseWatch } from './leaseWatch.js';
import type { RedisLink } from './redisLink.js';
import { decodeEntry, numberOf, placeAfter, type ReadEntry } from './relayEntry.js';
import { relayKeys } from './relayKeys.js';
import { readScript } from './relayScripts.js';
import type { RawEntry, TailReader } from './tailReader.js';

/** Entries that one read of what has been written brings. */
const pageLength = 100;

type Page = readonly [epoch: Buffer, seq: Buffer, end: Buffer, lease: unknown, entries: readonly RawEntry[]];

/**
 * Listens to a stream: pages of what is there, each read when the last has been emitted, then what comes, from the
 * reader that all listeners share. While the valve is closed it holds at most one page, and asks for nothing.
 */
export function redisListener<T>(
  link: RedisLink,
  tail: (id: string) => Promise<TailReader>,
  leases: LeaseWatch,
  id: string,
  { after, valve, successorWithin }: ReturnType<typeof checkedReplay>,
): Observable<RelayEntry<T>> {
  return new Observable((subscriber) => {
    const keys = relayKeys(link.prefix, id);
    /** The cursor of the last entry it has, and its number. */
    let last = after;
    let position = numberOf(after);
    let waiting: readonly ReadEntry[] = [];
    let index = 0;
    let open = true;
    let moving = false;
    let started = false;
    let reading = false;
    let leaveTail: (() => void) | undefined;
    /** The last page was not full: what follows has not been written yet. */
    let caughtUp = false;
    /** Milliseconds that the producer's lease had left; undefined where nobody had begun. */
    let leaseLeft: number | undefined;
    const gone = () => subscriber.closed;

    const move = () => {
      if (moving) return;
      moving = true;
      while (!gone() && open && index < waiting.length) {
        const entry = waiting[index++];
        if (entry !== undefined) take(entry);
      }
      moving = false;
      if (gone()) return;
      if (index < waiting.length) {
        // Others need not wait for this one, nor is anything read for it.
        leave();
        caughtUp = false;
      } else if (open && !reading && leaveTail === undefined) {
        if (caughtUp) join();
        else void readPage();
      }
    };
    const gap = (first?: string) => subscriber.error(new RelayGapError(id, last, first));
    const take = (entry: ReadEntry) => {
      const place = placeAfter(last, entry);
      if (place === 'gap') gap(String(entry.number));
      if (place !== 'next') return;
      ({ cursor: last, number: position } = entry);
      if (entry.type === 'value') {
        subscriber.next({ cursor: last, value: entry.value as T });
      } else if (entry.end.type === 'complete') {
        subscriber.complete();
      } else {
        subscriber.error(entry.end.type === 'error' ? entry.end.error : new RelayAbortedError(id));
      }
    };
    const add = (raw: readonly RawEntry[]) => {
      try {
        const entries = raw.map(decodeEntry);
        waiting = index < waiting.length ? [...waiting.slice(index), ...entries] : entries;
        index = 0;
      } catch (error) {
        const options = { provider: 'redis', cause: error, retryable: false };
        subscriber.error(new MalformedReplyError(`redis: an entry of ${id} cannot be read`, options));
        return;
      }
      move();
    };
    const readPage = async () => {
      reading = true;
      let raw: readonly RawEntry[] = [];
      try {
        const args = [String(position), String(pageLength)];
        const reply = await link.run(readScript, [keys.state, keys.entries, keys.control, keys.lease], args);
        const [epoch, seq, end, left, entries] = reply as Page;
        leaseLeft = epoch.length === 0 ? undefined : Number(left);
        const written = epoch.length === 0 ? 0 : Number(String(seq));
        const isBeyond = position > written || (end.length > 0 && position === written);
        if (isBeyond || (written > position && entries.length === 0)) gap();
        raw = entries;
        caughtUp = entries.length < pageLength;
      } catch (error) {
        subscriber.error(link.failure(error));
      }
      reading = false;
      if (!gone()) add(raw);
    };
    const leave = () => {
      leaveTail?.();
      leaveTail = undefined;
    };
    const join = () => {
      let left = false;
      const ways: (() => void)[] = [];
      leaveTail = () => {
        left = true;
        for (const way of ways) way();
      };
      const fail = (error: unknown) => subscriber.error(error);
      tail(id).then(
        (reader) => {
          if (left) return;
          ways.push(
            reader.listen(keys.entries, { after: () => idOf(last), entries: add, fail }),
            leases.watch(
              id,
              {
                position: () => position,
                successorWithin,
                lost: () => subscriber.error(new ProducerLostError(id, last)),
                gap,
                fail,
              },
              leaseLeft,
            ),
          );
        },
        (error: unknown) => fail(link.failure(error)),
      );
    };

    const free = link.use();
    subscriber.add(() => {
      leave();
      free();
    });
    if (valve !== undefined) {
      subscriber.add(
        valve.open$.subscribe({
          next: (isOpen) => {
            open = isOpen;
            // Not at once: what is emitted while the valve tells its listeners could not close it.
            if (isOpen && started) queueMicrotask(move);
          },
          error: (error: unknown) => subscriber.error(error),
        }),
      );
    }
    started = true;
    move();
  });
}

/** The id of the entry that a cursor is of, or one behind it where the producer is not known. */
function idOf(cursor: string): string {
  return cursor === '0' || cursor.includes('-') ? cursor : `${cursor}-${2 ** 48}`;
}
