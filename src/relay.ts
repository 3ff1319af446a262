import type { Observable } from 'rxjs';
import { AloudError } from './errors.js';
import type { Valve } from './valve.js';

/**
 * Carries streams to other listeners and, with Redis behind it, to other machines. Each stream has an id that is used
 * once, one producer at a time, entries in order and an end; any number of listeners, whenever they come.
 *
 * `publishTo` is the operator that writes; `open` is what it is made of.
 */
export interface Relay {
  /**
   * Becomes the producer of a stream: emits a handle once that is so. Completes when the end that was given to the
   * handle is safe. Unsubscribing earlier ends the stream as aborted.
   *
   * Fails with `RelayOwnedError` while somebody else is the producer, `RelayEndedError` where the stream has ended,
   * `RelayAbortedError` once it was cancelled, `RelayFencedError` once a successor has taken over,
   * `RelayOverflowError` when more than `maxPending` entries wait to be acknowledged, and with what goes wrong below.
   */
  open<T>(id: string, options?: RelayOpenOptions): Observable<RelayProducer<T>>;
  /**
   * Everything from the beginning, or after a cursor, then what comes, then the end; waits where nobody has begun yet.
   * Cold: each subscription is a listener of its own.
   *
   * Completes as the producer's source did. Fails with that source's error, of the same class; with
   * `RelayAbortedError`, `ProducerLostError`, or `RelayGapError` where entries that were asked for are no longer kept.
   */
  replay<T>(id: string, options?: RelayReplayOptions): Observable<RelayEntry<T>>;
  /**
   * Ends a stream as aborted, from anywhere: the producer is unsubscribed, listeners see `RelayAbortedError`; one that
   * has not begun will not. Cold. Emits whether this has ended it (false: it had ended before), then completes.
   */
  cancel(id: string): Observable<boolean>;
}

/** One value of a stream, and where it is. */
export interface RelayEntry<T> {
  /** Give it to `replay` as `after` to go on behind this value. */
  readonly cursor: string;
  /** As it was published. */
  readonly value: T;
}

/** How a stream ends. */
export type RelayEnd =
  | { readonly type: 'complete' }
  | {
      readonly type: 'error';
      /** What listeners fail with: of the same class, its text the same. */
      readonly error: unknown;
    }
  | { readonly type: 'aborted' };

/** How to become a producer. */
export interface RelayOpenOptions {
  /**
   * Whether to push aside a producer whose lease still runs. For callers that know better, such as a queue that has
   * given them the job. Default: false.
   */
  readonly takeOver?: boolean | undefined;
  /** Counts 1 for each entry that is not acknowledged yet; what is left is given back at the end. */
  readonly valve?: Valve | undefined;
  /** Entries that may wait to be acknowledged. A whole number over 0, or `Infinity`. Default: 10,000. */
  readonly maxPending?: number | undefined;
}

/** Where to begin to listen, and how. */
export interface RelayReplayOptions {
  /** The cursor of the last entry that is known already. Default: from the beginning. */
  readonly after?: string | undefined;
  /** While it is closed nothing is read and nothing is emitted. Default: always open. */
  readonly valve?: Valve | undefined;
  /**
   * Milliseconds to wait for a successor once a producer's lease has run out, before `ProducerLostError`. 0 or more;
   * `Infinity` waits for ever. Default: 0.
   */
  readonly successorWithin?: number | undefined;
}

/**
 * What a producer writes with. Once the stream has ended, was cancelled or has another producer, nothing it is told has
 * an effect: the Observable it came from says why.
 */
export interface RelayProducer<T> {
  /** The stream’s. */
  readonly id: string;
  /** 1 for the stream's first producer, one more for each successor. */
  readonly epoch: number;
  /** The last entry that predecessors have written; `'0'` where there is none. */
  readonly cursor: string;
  /** What predecessors have written, then complete; `RelayGapError` where that isn't kept any more. */
  written(): Observable<RelayEntry<T>>;
  /** Adds an entry; returns its cursor at once. Safe once `flushed` says so. */
  append(value: T): string;
  /** The last cursor, once everything that was appended until now is safe, then complete. */
  flushed(): Observable<string>;
  /** Ends the stream, after everything that was appended. */
  end(end: RelayEnd): void;
  /**
   * Leaves the stream to a successor, without an end. Listeners take the producer for lost when none has come within so
   * many milliseconds. Default: the relay's lease.
   */
  release(within?: number): void;
}

/** A stream was cancelled, or its producer's subscriber has left. Not retryable. */
export class RelayAbortedError extends AloudError {
  override readonly name = 'RelayAbortedError';
  /** The stream. */
  readonly id: string;

  constructor(id: string) {
    super(`relay: ${id} was aborted`, { retryable: false });
    this.id = id;
  }
}

/** A producer has died without an end: its lease has run out. Retryable: a successor may come. */
export class ProducerLostError extends AloudError {
  override readonly name = 'ProducerLostError';
  /** The stream. */
  readonly id: string;
  /** The last entry there is. */
  readonly cursor: string;

  constructor(id: string, cursor: string) {
    super(`relay: the producer of ${id} is lost after entry ${cursor}`, { retryable: true });
    this.id = id;
    this.cursor = cursor;
  }
}

/** Entries that were asked for aren't there: trimmed by length, expired, or never written. Not retryable. */
export class RelayGapError extends AloudError {
  override readonly name = 'RelayGapError';
  /** The stream. */
  readonly id: string;
  /** The cursor that was to be gone on from; `'0'` is the beginning. */
  readonly after: string;
  /** The first entry that is kept, where there is any. */
  readonly first: string | undefined;

  constructor(id: string, after: string, first?: string) {
    const kept = first === undefined ? 'nothing of it is kept' : `entry ${first} is the first that is kept`;
    super(`relay: ${id} cannot go on after entry ${after}: ${kept}`, { retryable: false });
    this.id = id;
    this.after = after;
    this.first = first;
  }
}

/** Somebody else is the producer, and alive. Retryable, once the lease has run out. */
export class RelayOwnedError extends AloudError {
  override readonly name = 'RelayOwnedError';
  /** The stream. */
  readonly id: string;
  /** Milliseconds that the producer's lease has left, unless it is renewed. */
  readonly retryAfter: number;

  constructor(id: string, retryAfter: number) {
    super(`relay: ${id} has a producer, whose lease has ${retryAfter} ms left`, { retryable: true });
    this.id = id;
    this.retryAfter = retryAfter;
  }
}

/** A successor has taken over: what this producer has written since is refused. Not retryable. */
export class RelayFencedError extends AloudError {
  override readonly name = 'RelayFencedError';
  /** The stream. */
  readonly id: string;
  /** This producer's epoch. */
  readonly epoch: number;
  /** The successor's epoch. */
  readonly current: number;

  constructor(id: string, epoch: number, current: number) {
    super(`relay: the producer of epoch ${epoch} of ${id} was succeeded by that of epoch ${current}`, {
      retryable: false,
    });
    this.id = id;
    this.epoch = epoch;
    this.current = current;
  }
}

/** The stream has ended already, and an id is used once. Not retryable. */
export class RelayEndedError extends AloudError {
  override readonly name = 'RelayEndedError';
  /** The stream. */
  readonly id: string;
  /** How it has ended. */
  readonly end: 'complete' | 'error';

  constructor(id: string, end: 'complete' | 'error') {
    super(`relay: ${id} has ended already (${end})`, { retryable: false });
    this.id = id;
    this.end = end;
  }
}

/** More entries wait to be acknowledged than `maxPending` allows. Not retryable. */
export class RelayOverflowError extends AloudError {
  override readonly name = 'RelayOverflowError';
  /** The stream. */
  readonly id: string;

  constructor(id: string, maxPending: number) {
    super(
      `relay: more than ${maxPending} entries of ${id} wait to be acknowledged (a valve slows the source down, maxPending allows more)`,
      { retryable: false },
    );
    this.id = id;
  }
}

/** An error from another process whose class this package does not know. It has the name it had there. */
export class RelayedError extends AloudError {
  override readonly name: string;

  constructor(
    name: string,
    message: string,
    options: { readonly cause?: unknown; readonly retryable: boolean },
  ) {
    super(message, options);
    this.name = name;
  }
}
