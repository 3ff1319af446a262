import { EMPTY, concat, defer, of, take, toArray, lastValueFrom, firstValueFrom } from 'rxjs';
import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fromTokens } from '../../src/fromTokens.js';
import { createValve } from '../../src/valve.js';

/** A source that tells what is done to it. */
function told<T>(values: readonly T[], { hangAfter = Infinity }: { hangAfter?: number } = {}) {
  const log = { opened: 0, pulled: 0, returned: 0, aborted: 0 };
  const source = (signal: AbortSignal): AsyncIterable<T> => {
    log.opened += 1;
    signal.addEventListener('abort', () => (log.aborted += 1));
    let index = 0;
    return {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          log.pulled += 1;
          if (index >= hangAfter) return new Promise(() => undefined);
          return Promise.resolve(
            index < values.length
              ? { done: false, value: values[index++]! }
              : { done: true, value: undefined },
          );
        },
        return: () => {
          log.returned += 1;
          return Promise.resolve({ done: true as const, value: undefined });
        },
      }),
    };
  };
  return { log, source };
}

describe('fromTokens', () => {
  it('is cold, and every subscription makes a source of its own', async () => {
    const { log, source } = told(['a', 'b']);
    const tokens$ = fromTokens(source);
    expect(log.opened).toBe(0);
    expect(await lastValueFrom(tokens$.pipe(toArray()))).toEqual(['a', 'b']);
    expect(await lastValueFrom(tokens$.pipe(toArray()))).toEqual(['a', 'b']);
    expect(log.opened).toBe(2);
  });

  it('carries any type, arrays and undefined included', async () => {
    const { source } = told<unknown>([[1, 2], undefined, null]);
    expect(await lastValueFrom(fromTokens(source).pipe(toArray()))).toEqual([[1, 2], undefined, null]);
  });

  it('completes an empty source', async () => {
    const { source } = told([]);
    expect(await lastValueFrom(fromTokens(source).pipe(toArray()))).toEqual([]);
  });

  it('pulls one at a time and no further than its consumer wants', async () => {
    const { log, source } = told(['a', 'b', 'c', 'd']);
    expect(await lastValueFrom(fromTokens(source).pipe(take(2), toArray()))).toEqual(['a', 'b']);
    await after(5);
    expect(log).toEqual({ opened: 1, pulled: 2, returned: 1, aborted: 1 });
  });

  it('does not abort what has ended by itself', async () => {
    const { log, source } = told(['a']);
    await lastValueFrom(fromTokens(source));
    expect(log).toMatchObject({ aborted: 0, returned: 0 });
  });

  it('aborts and returns while a read is pending', async () => {
    const { log, source } = told(['a'], { hangAfter: 1 });
    const seen: string[] = [];
    const subscription = fromTokens(source).subscribe((token) => seen.push(token));
    await after(5);
    expect(log).toMatchObject({ pulled: 2, aborted: 0 });
    subscription.unsubscribe();
    expect(log).toMatchObject({ returned: 1, aborted: 1 });
    expect(seen).toEqual(['a']);
  });

  it("runs a generator's finally when its consumer leaves inside next", async () => {
    let cleaned = 0;
    const tokens$ = fromTokens(async function* () {
      try {
        yield await Promise.resolve('a');
        yield 'b';
      } finally {
        cleaned += 1;
      }
    });
    expect(await firstValueFrom(tokens$)).toBe('a');
    await after(5);
    expect(cleaned).toBe(1);
  });

  it('lets nothing of a source that fails after the unsubscribe be seen', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const subscription = fromTokens(async function* (signal) {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('late'))));
      yield 'never';
    }).subscribe({ error: (error: unknown) => unhandled.push(error) });
    await after(1);
    subscription.unsubscribe();
    await after(10);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('errors with what the source throws, as it is, and aborts what it may have left open', async () => {
    const failure = new Error('no');
    let signalled: AbortSignal | undefined;
    const tokens$ = fromTokens(async function* (signal) {
      signalled = signal;
      yield await Promise.resolve('a');
      throw failure;
    });
    await expect(lastValueFrom(tokens$)).rejects.toBe(failure);
    expect(signalled?.aborted).toBe(true);
  });

  it('refuses what makes no source', () => {
    expect(() => fromTokens(undefined as never)).toThrow(
      new TypeError('fromTokens: source must be a function, got undefined'),
    );
  });

  it('errors when the source cannot be made, or its iterator throws at once', async () => {
    const failure = new Error('no');
    const thrower = () => {
      throw failure;
    };
    await expect(lastValueFrom(fromTokens(thrower))).rejects.toBe(failure);
    const broken = () => ({ [Symbol.asyncIterator]: () => ({ next: thrower }) });
    await expect(lastValueFrom(fromTokens(broken))).rejects.toBe(failure);
  });

  it('says so when the source is no async iterable', async () => {
    const message = 'expected an async iterable, such as an async function* returns, got';
    for (const [source, what] of [
      [['a'], 'an array'],
      [Promise.resolve(), 'a Promise'],
      [undefined, 'undefined'],
      [{}, 'object'],
    ] as const) {
      await expect(lastValueFrom(fromTokens(() => source as never))).rejects.toEqual(
        new TypeError(`${message} ${what}`),
      );
    }
  });

  it('neither pulls nor emits while the valve is closed, and goes on when it opens', async () => {
    const { log, source } = told(['a', 'b', 'c']);
    const valve = createValve({ high: 1, low: 0 });
    const seen: string[] = [];
    fromTokens(source, { valve }).subscribe((token) => {
      seen.push(token);
      valve.add(1);
    });
    await after(10);
    expect([seen, log.pulled]).toEqual([['a'], 1]);
    valve.remove(1);
    await after(10);
    expect([seen, log.pulled]).toEqual([['a', 'b'], 2]);
  });

  it('holds a token that arrives after somebody else has closed the valve', async () => {
    const valve = createValve({ high: 1, low: 0 });
    const seen: string[] = [];
    fromTokens(
      async function* () {
        await after(10);
        yield 'a';
      },
      { valve },
    ).subscribe({ next: (token) => seen.push(token), complete: () => seen.push('|') });
    valve.add(1);
    await after(30);
    expect(seen).toEqual([]);
    valve.remove(1);
    await after(5);
    expect(seen).toEqual(['a', '|']);
  });

  it('makes no source while the valve is closed from the start', async () => {
    const { log, source } = told(['a']);
    const valve = createValve({ high: 1, low: 0 });
    valve.add(1);
    const subscription = fromTokens(source, { valve }).subscribe();
    await after(5);
    expect(log.opened).toBe(0);
    subscription.unsubscribe();
    valve.remove(1);
    await after(5);
    expect(log.opened).toBe(0);
  });

  it('makes no source for a signal that is aborted already, and errors with its reason', async () => {
    const { log, source } = told(['a']);
    const reason = new Error('changed my mind');
    await expect(lastValueFrom(fromTokens(source, { signal: AbortSignal.abort(reason) }))).rejects.toBe(
      reason,
    );
    expect(log.opened).toBe(0);
  });

  it('aborts with an outer signal while a read is pending, and listens to it no longer than needed', async () => {
    const { log, source } = told([], { hangAfter: 0 });
    const outer = new AbortController();
    const reason = new Error('enough');
    const whole = lastValueFrom(fromTokens(source, { signal: outer.signal }));
    await after(5);
    outer.abort(reason);
    await expect(whole).rejects.toBe(reason);
    expect(log).toMatchObject({ aborted: 1, returned: 1 });
  });

  it('lets a consumer subscribe again from inside next', async () => {
    const { log, source } = told(['a', 'b']);
    const tokens$ = fromTokens(source);
    const nested$ = concat(
      tokens$.pipe(take(1)),
      defer(() => (log.opened > 3 ? EMPTY : of('|'))),
      tokens$,
    );
    expect(await lastValueFrom(nested$.pipe(toArray()))).toEqual(['a', '|', 'a', 'b']);
  });
});
