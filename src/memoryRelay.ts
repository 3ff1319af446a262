import { asyncScheduler, defer, Observable, of, type SchedulerLike, Subscription, timer } from 'rxjs';
import { longestTimer } from './longestTimer.js';
import {
  ProducerLostError,
  RelayAbortedError,
  RelayEndedError,
  RelayFencedError,
  RelayGapError,
  RelayOwnedError,
  type Relay,
  type RelayEnd,
  type RelayEntry,
  type RelayProducer,
  type RelayReplayOptions,
} from './relay.js';
import { describeFailure, reviveFailure, type RelayFailure } from './relayFailure.js';
import {
  checkedOpen,
  checkedRelay,
  checkedReplay,
  checkedStreamId,
  checkedWithin,
  type RelayConfig,
} from './relayOptions.js';

/** What a relay in memory keeps, and for how long. */
export interface MemoryRelayConfig extends RelayConfig {
  /** Where leases and lifetimes pass. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

type End =
  | { readonly type: 'complete' }
  | { readonly type: 'aborted' }
  | { readonly type: 'error'; readonly failure: RelayFailure };

interface Owner {
  /** Tells the producer that it is one no longer. */
  readonly lose: (error: Error) => void;
}

/** How many times longer than its entries a stream is remembered, so that who asks for them is told what is missing. */
export const remembered = 10;

/**
 * A relay within one process: for specs, and for a server that is the only one. What it does is what `redisRelay` does,
 * entry for entry; values are handed on as they are, not copied.
 *
 * ```ts
 * const relay = memoryRelay();
 * model(prompt).pipe(publishTo(relay, 'reply-1')).subscribe();
 * relay.replay<string>('reply-1').subscribe(({ value }) => process.stdout.write(value));
 * ```
 *
 * @throws TypeError when an option is out of range.
 */
export function memoryRelay(config: MemoryRelayConfig = {}): Relay {
  const { maxLength, ttl, lease, secrets } = checkedRelay('memoryRelay', config);
  const { scheduler = asyncScheduler } = config;
  const streams = new Map<string, Stream>();
  const listeners = new Map<string, Set<() => void>>();
  /** Streams without a producer, the longest untouched first: those with entries, and those that are only remembered. */
  const idle = new Set<string>();
  const forgotten = new Set<string>();

  /** Lets go of what has had its time; no timer does, which would keep a process alive. */
  const sweep = () => {
    const now = scheduler.now();
    for (const id of idle) {
      const stream = streams.get(id);
      if (stream !== undefined && now - stream.touched < ttl) break;
      stream?.forgetEntries();
      idle.delete(id);
      forgotten.add(id);
    }
    for (const id of forgotten) {
      const stream = streams.get(id);
      if (stream !== undefined && now - stream.touched < ttl * remembered) break;
      forgotten.delete(id);
      streams.delete(id);
    }
  };
  const find = (id: string): Stream | undefined => {
    sweep();
    return streams.get(id);
  };
  const touch = (id: string, stream: Stream) => {
    stream.touched = scheduler.now();
    streams.set(id, stream);
    forgotten.delete(id);
    idle.delete(id);
    if (stream.owner === undefined) idle.add(id);
  };
  const tell = (id: string) => {
    for (const listener of [...(listeners.get(id) ?? [])]) listener();
  };
  const endStream = (id: string, stream: Stream, end: End) => {
    stream.end = end;
    stream.owner = undefined;
    touch(id, stream);
    tell(id);
  };

  const relay: Relay = {
    open<T>(id: string, options = {}) {
      const { takeOver, valve } = checkedOpen(options);
      checkedStreamId('open', id);
      return new Observable<RelayProducer<T>>((subscriber) => {
        const stream = find(id) ?? new Stream(maxLength);
        const left = stream.leaseUntil - scheduler.now();
        if (stream.end !== undefined) {
          subscriber.error(endedBefore(id, stream.end));
          return;
        }
        if (stream.owner !== undefined && !takeOver) {
          subscriber.error(new RelayOwnedError(id, left > 0 && left < Infinity ? left : lease));
          return;
        }
        const epoch = ++stream.epoch;
        const from = stream.last;
        const owner: Owner = { lose: (error) => subscriber.error(error) };
        const before = stream.owner;
        stream.owner = owner;
        stream.leaseUntil = Infinity;
        touch(id, stream);
        before?.lose(new RelayFencedError(id, epoch - 1, epoch));
        tell(id);
        const isOwner = () => stream.owner === owner;
        const finish = (end: End) => {
          if (!isOwner()) return;
          endStream(id, stream, end);
          subscriber.complete();
        };
        subscriber.add(() => {
          if (isOwner()) endStream(id, stream, { type: 'aborted' });
        });
        const producer: RelayProducer<T> = {
          id,
          epoch,
          cursor: String(from),
          written: () => defer(() => written<T>(id, stream, from)),
          append(value) {
            if (!isOwner()) return String(stream.last);
            const cursor = String(stream.append(value));
            // Listeners are told while it counts: one that appends in turn closes the valve as others would.
            valve?.add(1);
            tell(id);
            valve?.remove(1);
            return cursor;
          },
          flushed: () => defer(() => of(String(stream.last))),
          end: (end) => finish(kept(end, secrets)),
          release(within = lease) {
            checkedWithin('release', within);
            if (!isOwner()) return;
            stream.owner = undefined;
            stream.leaseUntil = scheduler.now() + within;
            touch(id, stream);
            tell(id);
            subscriber.complete();
          },
        };
        subscriber.next(producer);
      });
    },

    replay<T>(id: string, options: RelayReplayOptions = {}) {
      checkedStreamId('replay', id);
      const { after, valve, successorWithin } = checkedReplay(options);
      return new Observable<RelayEntry<T>>((subscriber) => {
        let position = Number.parseInt(after, 10);
        let open = true;
        let moving = false;
        let started = false;
        let again = false;
        let watch: Subscription | undefined;

        const move = () => {
          again = true;
          if (moving) return;
          moving = true;
          while (again && !subscriber.closed) {
            again = false;
            step();
          }
          moving = false;
        };
        const step = () => {
          watch?.unsubscribe();
          watch = undefined;
          while (open && !subscriber.closed) {
            const stream = find(id);
            if (stream === undefined) {
              if (position > 0) subscriber.error(new RelayGapError(id, String(position)));
              return;
            }
            const gap = stream.gapAfter(position);
            if (gap) {
              subscriber.error(new RelayGapError(id, String(position), gap.first));
            } else if (position < stream.last) {
              const value = stream.at(++position) as T;
              subscriber.next({ cursor: String(position), value });
            } else if (stream.end !== undefined) {
              settle(stream.end);
            } else {
              if (stream.owner === undefined) awaitSuccessor(stream);
              return;
            }
          }
        };
        const settle = (end: End) => {
          if (end.type === 'complete') subscriber.complete();
          else if (end.type === 'aborted') subscriber.error(new RelayAbortedError(id));
          else subscriber.error(reviveFailure(end.failure));
        };
        const awaitSuccessor = (stream: Stream) => {
          const left = stream.leaseUntil + successorWithin - scheduler.now();
          if (left <= 0) subscriber.error(new ProducerLostError(id, String(position)));
          else if (left <= longestTimer) {
            // eslint-disable-next-line rxjs-x/no-ignored-error -- a timer has none
            watch = timer(left, scheduler).subscribe(move);
            subscriber.add(watch);
          }
        };

        const mine = listeners.get(id) ?? new Set();
        listeners.set(id, mine);
        mine.add(move);
        subscriber.add(() => {
          mine.delete(move);
          if (mine.size === 0 && listeners.get(id) === mine) listeners.delete(id);
        });
        if (valve !== undefined) {
          subscriber.add(
            valve.open$.subscribe({
              next: (isOpen) => {
                open = isOpen;
                if (isOpen && started) move();
              },
              error: (error: unknown) => subscriber.error(error),
            }),
          );
        }
        started = true;
        move();
      });
    },

    cancel(id) {
      checkedStreamId('cancel', id);
      return defer(() => {
        const stream = find(id) ?? new Stream(maxLength);
        if (stream.end !== undefined) return of(false);
        const { owner } = stream;
        endStream(id, stream, { type: 'aborted' });
        owner?.lose(new RelayAbortedError(id));
        return of(true);
      });
    },
  };
  return relay;
}

/** The entries of a stream and who writes them. */
class Stream {
  epoch = 0;
  /** The number of the last entry. */
  last = 0;
  end: End | undefined;
  owner: Owner | undefined;
  leaseUntil = Infinity;
  touched = 0;
  #kept: unknown[] = [];
  readonly #maxLength: number;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  get first(): number {
    return this.last - Math.min(this.#kept.length, this.#maxLength) + 1;
  }

  append(value: unknown): number {
    this.#kept.push(value);
    // Trimmed by halves: the cost of it is shared among as many appends.
    if (this.#kept.length > 2 * this.#maxLength) this.#kept = this.#kept.slice(-this.#maxLength);
    return ++this.last;
  }

  at(number: number): unknown {
    return this.#kept[number - 1 - this.last + this.#kept.length];
  }

  gapAfter(position: number): { readonly first?: string } | undefined {
    if (position >= this.first - 1 && position <= this.last) return undefined;
    return this.first > this.last ? {} : { first: String(this.first) };
  }

  forgetEntries(): void {
    this.#kept = [];
  }
}

function kept(end: RelayEnd, secrets: readonly string[]): End {
  return end.type === 'error'
    ? { type: 'error', failure: describeFailure(end.error, secrets) }
    : { type: end.type };
}

function endedBefore(id: string, end: End): Error {
  return end.type === 'aborted' ? new RelayAbortedError(id) : new RelayEndedError(id, end.type);
}

function written<T>(id: string, stream: Stream, until: number): Observable<RelayEntry<T>> {
  return new Observable((subscriber) => {
    for (let position = 0; position < until && !subscriber.closed;) {
      const gap = stream.gapAfter(position);
      if (gap) {
        subscriber.error(new RelayGapError(id, String(position), gap.first));
        return;
      }
      const value = stream.at(++position) as T;
      subscriber.next({ cursor: String(position), value });
    }
    subscriber.complete();
  });
}
