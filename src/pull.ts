import { Observable } from 'rxjs';
import { abortReason } from './mayHeal.js';
import type { Valve } from './valve.js';

/** How `pull` reads its source. */
export interface PullConfig<Read, T> {
  /** What one read of the source brought, as the values to emit. What it throws ends the stream as a failure does. */
  readonly values: (read: Read) => readonly T[];
  /** The source has ended: the last values before the completion. What it throws is the stream's error. */
  readonly ended?: () => readonly T[];
  /** The source has failed: either the last values before a completion after all, or it throws the error to emit. */
  readonly failed?: (error: unknown) => readonly T[];
  /** Called just before each read is asked for. */
  readonly asking?: () => void;
  /** Called with the valve's state, its first included. */
  readonly valveIs?: (open: boolean) => void;
  /** Called once when the subscription is over, whatever the cause. */
  readonly over?: () => void;
  /** While it is closed nothing is read and nothing is emitted. */
  readonly valve?: Valve | undefined;
  /** Any of them aborts: an error with its reason. One that is aborted already: the source is not even made. */
  readonly signals?: readonly (AbortSignal | undefined)[];
}

/** What `pull` hands to its config, to end a stream from outside its reads. */
export interface PullControl {
  /** Ends the stream as the source's own failure would. */
  fail(error: unknown): void;
}

/**
 * The one place where an async iterable becomes an Observable. Cold; one read at a time, the next only after every
 * value of the last has been emitted; nothing is read while the valve is closed. Unsubscribing aborts the signal and
 * returns the iterator, also while a read is pending. A source that ends by itself is not
 * aborted; one that fails is, because what it has opened may still be open.
 */
export function pull<Read, T>(
  open: (signal: AbortSignal) => AsyncIterable<Read>,
  configure: (control: PullControl) => PullConfig<Read, T>,
): Observable<T> {
  return new Observable<T>((subscriber) => {
    const controller = new AbortController();
    let iterator: AsyncIterator<Read> | undefined;
    let values: readonly T[] = [];
    let index = 0;
    let valveOpen = true;
    let reading = false;
    let sourceDone = false;
    let sourceBroken = false;
    let last = false;
    let moving = false;
    let started = false;
    // A getter that each step asks anew: a value's consumer may have left.
    const gone = () => subscriber.closed;

    const config = configure({ fail: (error) => failed(error) });
    const { valve, signals = [] } = config;

    const move = () => {
      if (moving) return;
      moving = true;
      while (!gone() && (last || !reading)) {
        while (index < values.length && valveOpen && !gone()) {
          // The index moves first: what happens inside `next` may look at it.
          subscriber.next(values[index++] as T);
        }
        if (gone() || index < values.length) break;
        if (last) {
          subscriber.complete();
        } else if (valveOpen) {
          ask();
        } else {
          break;
        }
      }
      moving = false;
    };
    const ask = () => {
      reading = true;
      try {
        config.asking?.();
        iterator ??= iteratorOf(open(controller.signal));
        iterator.next().then(arrived, broken);
      } catch (error) {
        broken(error);
      }
    };
    const arrived = (result: IteratorResult<Read, unknown>) => {
      reading = false;
      if (gone() || last) return;
      if (result.done === true) {
        sourceDone = true;
        finish(() => config.ended?.() ?? []);
      } else {
        try {
          values = config.values(result.value);
          index = 0;
        } catch (error) {
          failed(error);
          return;
        }
      }
      move();
    };
    const broken = (error: unknown) => {
      reading = false;
      sourceBroken = true;
      failed(error);
    };
    const failed = (error: unknown) => {
      if (gone() || last) return;
      finish(() => {
        if (config.failed === undefined) throw error;
        return config.failed(error);
      });
      move();
    };
    const finish = (lastValues: () => readonly T[]) => {
      try {
        // What is still held back goes first.
        values = [...values.slice(index), ...lastValues()];
        index = 0;
        last = true;
      } catch (error) {
        subscriber.error(error);
      }
    };

    const stopListening: (() => void)[] = [];
    subscriber.add(() => {
      for (const stop of stopListening) stop();
      config.over?.();
      if (sourceDone) return;
      controller.abort();
      if (sourceBroken) return;
      // A generator that waits at a `yield` runs its `finally`; one that reads was told by the signal.
      try {
        iterator?.return?.().then(undefined, ignore);
      } catch {
        // The subscription is over: nobody is left to be told.
      }
    });

    for (const signal of signals) {
      if (signal === undefined) continue;
      const abort = () => subscriber.error(abortReason(signal));
      if (signal.aborted) {
        abort();
        return;
      }
      signal.addEventListener('abort', abort, { once: true });
      stopListening.push(() => signal.removeEventListener('abort', abort));
    }
    if (valve !== undefined) {
      subscriber.add(
        valve.open$.subscribe({
          next: (isOpen) => {
            valveOpen = isOpen;
            config.valveIs?.(isOpen);
            // Not at once: what is emitted while the valve tells its listeners could not close it.
            if (isOpen && started) queueMicrotask(move);
          },
          error: failed,
        }),
      );
    }
    started = true;
    move();
  });
}

function iteratorOf<Read>(source: AsyncIterable<Read>): AsyncIterator<Read> {
  // A Promise of one is what an SDK gives, and a list what a test does.
  const made = source as Partial<AsyncIterable<Read>> | null | undefined;
  if (typeof made?.[Symbol.asyncIterator] === 'function') return source[Symbol.asyncIterator]();
  const what = made instanceof Promise ? 'a Promise' : Array.isArray(made) ? 'an array' : typeof made;
  throw new TypeError(`expected an async iterable, such as an async function* returns, got ${what}`);
}

function ignore(): void {
  // A rejection of what nobody waits for any more.
}
