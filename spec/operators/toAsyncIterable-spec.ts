import { concat, defer, EMPTY, from, map, NEVER, of, pipe, range, Subject, throwError, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { OverflowError, toAsyncIterable } from '../../operators/toAsyncIterable.js';
import { createValve } from '../../src/valve.js';

const drain = async <T>(iterable: AsyncIterable<T>): Promise<T[]> => {
  const values: T[] = [];
  for await (const value of iterable) values.push(value);
  return values;
};
const openStates = (valve: ReturnType<typeof createValve>) => {
  const states: boolean[] = [];
  valve.open$.subscribe((open) => states.push(open));
  return states;
};

describe('toAsyncIterable', () => {
  it('gives every value in order, and ends', async () => {
    expect(await drain(toAsyncIterable(of('a', 'b', 'c')))).toEqual(['a', 'b', 'c']);
    expect(await drain(toAsyncIterable(EMPTY))).toEqual([]);
    expect(await drain(toAsyncIterable(concat(of(1), timer(1), of(undefined))))).toEqual([1, 0, undefined]);
    expect(await drain(toAsyncIterable(range(0, 5000)))).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  });

  it('stands at the end of a pipe that has no source yet', async () => {
    expect(await drain(toAsyncIterable()(of('a', 'b')))).toEqual(['a', 'b']);
    const twice = pipe(
      map((n: number) => 2 * n),
      toAsyncIterable<number>({ maxBuffered: 5 }),
    );
    expect(await drain(twice(of(1, 2)))).toEqual([2, 4]);
  });

  it('subscribes with the first pull, once for each iteration', async () => {
    let subscribed = 0;
    const iterable = toAsyncIterable(defer(() => of(++subscribed)));
    const iterator = iterable[Symbol.asyncIterator]();
    expect(subscribed).toBe(0);
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    expect(await drain(iterable)).toEqual([2]);
  });

  it('throws an error after the values before it, once', async () => {
    const lost = new Error('lost');
    const iterator = toAsyncIterable(
      concat(
        of(1, 2),
        throwError(() => lost),
      ),
    )[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    expect(await iterator.next()).toEqual({ done: false, value: 2 });
    await expect(iterator.next()).rejects.toBe(lost);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('unsubscribes when the loop is left', async () => {
    const source = new Subject<number>();
    setTimeout(() => source.next(1), 1);
    for await (const value of toAsyncIterable(source)) {
      expect(value).toBe(1);
      expect(source.observed).toBe(true);
      break;
    }
    expect(source.observed).toBe(false);
  });

  it('ends a pull that waits when it is returned meanwhile', async () => {
    const source = new Subject<number>();
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    const pulls = [iterator.next(), iterator.next()];
    await iterator.return?.();
    expect(await Promise.all(pulls)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(source.observed).toBe(false);
  });

  it('answers pulls that were made at once in order, an error to the first that is left', async () => {
    const source = new Subject<number>();
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    const pulls = Promise.allSettled([iterator.next(), iterator.next(), iterator.next()]);
    source.next(1);
    source.error(new Error('lost'));
    expect(
      (await pulls).map((result) => (result.status === 'fulfilled' ? result.value : 'rejected')),
    ).toEqual([{ done: false, value: 1 }, 'rejected', { done: true, value: undefined }]);
  });

  it('counts what waits at the valve, and gives it back when the loop is left', async () => {
    const valve = createValve({ high: 2, low: 1 });
    const states = openStates(valve);
    const source = new Subject<number>();
    const iterator = toAsyncIterable(source, { valve })[Symbol.asyncIterator]();
    const first = iterator.next();
    source.next(0);
    await first;
    expect(states).toEqual([true]);
    source.next(1);
    source.next(2);
    expect(states).toEqual([true, false]);
    await iterator.next();
    expect(states).toEqual([true, false, true]);
    source.next(3);
    expect(states.at(-1)).toBe(false);
    await iterator.return?.();
    expect(states.at(-1)).toBe(true);
    valve.add(1);
    expect(states.at(-1)).toBe(true);
  });

  it('refuses to buffer more than it may, and stops even a synchronous source without end', async () => {
    let made = 0;
    const endless = from(
      (function* () {
        for (;;) yield ++made;
      })(),
    );
    const iterator = toAsyncIterable(endless, { maxBuffered: 10 })[Symbol.asyncIterator]();
    const seen: number[] = [];
    const overflow = (async () => {
      for (;;) {
        const result = await iterator.next();
        if (result.done !== true) seen.push(result.value);
      }
    })();
    await expect(overflow).rejects.toBeInstanceOf(OverflowError);
    expect(seen).toEqual(Array.from({ length: 11 }, (_, i) => i + 1));
    expect(made).toBe(12);
  });

  it('has a bound by default', async () => {
    const iterator = toAsyncIterable(range(0, 200_000))[Symbol.asyncIterator]();
    let seen = 0;
    const overflow = (async () => {
      while ((await iterator.next()).done !== true) seen++;
    })();
    await expect(overflow).rejects.toThrow(/more than 100000 values wait/);
    expect(seen).toBe(100_001);
  });

  it.each([0, -1, 1.5, NaN])('refuses to buffer %o', (maxBuffered) => {
    expect(() => toAsyncIterable(NEVER, { maxBuffered })).toThrow(/maxBuffered must be/);
    expect(() => toAsyncIterable({ maxBuffered })).toThrow(TypeError);
  });
});
