import { isObservable, Subscription, type Observable } from 'rxjs';
import { AloudError } from '../src/errors.js';
import { shown } from '../src/shown.js';
import { untilUnsubscribed } from '../src/untilUnsubscribed.js';
import type { Valve } from '../src/valve.js';

/** How a source that pushes meets a consumer that pulls. */
export interface BufferConfig {
  /**
   * Counts 1 for each value that waits to be pulled; what is left is given back at the end. Give the same valve to
   * the source, and it stands still while the consumer is busy.
   */
  readonly valve?: Valve | undefined;
  /**
   * Values that may wait; one more ends the stream with an `OverflowError`. A whole number over 0, or `Infinity`.
   * Default: 100,000. A source without a valve can only be refused, not slowed down.
   */
  readonly maxBuffered?: number | undefined;
}

/** A consumer was so much slower than its source that more values waited than `maxBuffered` allows. Not retryable. */
export class OverflowError extends AloudError {
  override readonly name = 'OverflowError';

  constructor(maxBuffered: number) {
    super(
      `the consumer is too slow: more than ${maxBuffered} values wait (a valve slows the source down, maxBuffered allows more)`,
      { retryable: false },
    );
  }
}

/**
 * Makes an Observable an async iterable: out of RxJS, into `for await`.
 *
 * Each iteration is a subscription of its own, made with the first pull. Leaving the loop (`break`, `return`, a throw)
 * unsubscribes. Values that come while the loop is busy wait, in order; with a `valve` the source waits too. An error
 * is thrown after the values before it.
 *
 * ```ts
 * for await (const token of toAsyncIterable(model(prompt))) process.stdout.write(token);
 *
 * withValve({ high: 64, low: 16 }, (valve) => of(toAsyncIterable(model(prompt, { valve }), { valve })));
 *
 * const speak = pipe(bufferSentences(), toAsyncIterable<string>()); // made once, for any source
 * ```
 *
 * @throws TypeError when `maxBuffered` is out of range.
 */
export function toAsyncIterable<T>(source: Observable<T>, config?: BufferConfig): AsyncIterable<T>;
export function toAsyncIterable<T>(config?: BufferConfig): (source: Observable<T>) => AsyncIterable<T>;
export function toAsyncIterable<T>(
  first?: Observable<T> | BufferConfig,
  second?: BufferConfig,
): AsyncIterable<T> | ((source: Observable<T>) => AsyncIterable<T>) {
  if (!isObservable(first)) {
    const config = checked(first);
    return (source) => toAsyncIterable(source, config);
  }
  const config = checked(second);
  return { [Symbol.asyncIterator]: () => iterate(first, config) };
}

function checked(config: BufferConfig = {}): BufferConfig {
  const { maxBuffered = 1 } = config;
  if (maxBuffered !== Infinity && !(Number.isSafeInteger(maxBuffered) && maxBuffered > 0)) {
    throw new TypeError(
      `maxBuffered must be a whole number over 0 or Infinity, got ${shown(config.maxBuffered)}`,
    );
  }
  return config;
}

interface Waiting<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

function iterate<T>(
  source: Observable<T>,
  { valve, maxBuffered = 100_000 }: BufferConfig,
): AsyncIterator<T, undefined, undefined> {
  const subscription = new Subscription();
  const done = { done: true, value: undefined } as const;
  let values: T[] = [];
  let head = 0;
  let waiting: Waiting<T>[] = [];
  let started = false;
  let ended = false;
  let failure: { readonly error: unknown } | undefined;

  const end = (how?: { readonly error: unknown }) => {
    if (ended) return;
    ended = true;
    failure = how;
    subscription.unsubscribe();
    const pulls = waiting;
    waiting = [];
    for (const pull of pulls) {
      // An error is thrown once; whoever pulls on is told that it is over.
      if (failure === undefined) pull.resolve(done);
      else {
        pull.reject(failure.error);
        failure = undefined;
      }
    }
  };
  const drop = () => {
    const left = values.length - head;
    values = [];
    head = 0;
    if (left > 0) valve?.remove(left);
  };
  const receive = (value: T) => {
    const pull = waiting.shift();
    if (pull !== undefined) {
      pull.resolve({ done: false, value });
      return;
    }
    if (values.length - head >= maxBuffered) {
      end({ error: new OverflowError(maxBuffered) });
      return;
    }
    values.push(value);
    valve?.add(1);
  };
  const start = () => {
    started = true;
    subscription.add(
      source.pipe(untilUnsubscribed(subscription)).subscribe({
        next: receive,
        error: (error: unknown) => end({ error }),
        complete: () => end(),
      }),
    );
  };

  return {
    next() {
      if (head < values.length) {
        const [value] = values.slice(head, head + 1) as [T];
        head++;
        if (head === values.length || head > 1000) {
          values.splice(0, head);
          head = 0;
        }
        valve?.remove(1);
        return Promise.resolve({ done: false, value });
      }
      if (failure !== undefined) {
        const { error } = failure;
        failure = undefined;
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what the source failed with, as it is
        return Promise.reject(error);
      }
      if (ended) return Promise.resolve(done);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        if (!started) start();
      });
    },
    return() {
      end();
      failure = undefined;
      drop();
      return Promise.resolve(done);
    },
  };
}
