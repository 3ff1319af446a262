import { concat, defer, EMPTY, Observable, of, take, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { retryBeforeFirstToken } from '../../operators/retryBeforeFirstToken.js';
import { AuthenticationError, ConnectionError, RateLimitError } from '../../src/errors.js';
import { collect, collectFailure } from '../support/collect.js';
import { marbles } from '../support/marbles.js';

const lost = new ConnectionError('reset');
const steady = { delay: 4, jitter: 0 };

describe('retryBeforeFirstToken', () => {
  it('tries again after pauses that double, while nothing has been emitted', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('--#', undefined, lost);
      const second = cold('-#', undefined, lost);
      const third = cold('-a-b|');
      const attempts = [first, second, third];
      const source = defer(() => attempts.shift()!);
      // The first fails at 2, waits 4; the second fails at 7, waits 8.
      expectObservable(source.pipe(retryBeforeFirstToken(steady))).toBe('----------------a-b|');
      expectSubscriptions(first.subscriptions).toBe('^-!');
      expectSubscriptions(second.subscriptions).toBe('------^!');
      expectSubscriptions(third.subscriptions).toBe('---------------^---!');
    });
  });

  it('never repeats a word: a failure after the first token is passed on', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-#', undefined, lost);
      expectObservable(source.pipe(retryBeforeFirstToken(steady))).toBe('-a-#', undefined, lost);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  it('takes an empty token for none', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('-e#', { e: '' }, lost);
      expectObservable(source.pipe(retryBeforeFirstToken({ ...steady, count: 1 }))).toBe(
        '-e-----e#',
        { e: '' },
        lost,
      );
    });
  });

  it('waits exactly as long as the server asks, also beyond maxDelay', () => {
    marbles(({ cold, expectObservable }) => {
      const busy = new RateLimitError('slow down', { retryAfter: 9 });
      const attempts = [cold('-#', undefined, busy), cold('a|')];
      const source = defer(() => attempts.shift()!);
      expectObservable(source.pipe(retryBeforeFirstToken({ delay: 1, maxDelay: 2, jitter: 1 }))).toBe(
        '----------a|',
      );
    });
  });

  it('gives up after count tries, with the last error', () => {
    marbles(({ cold, expectObservable }) => {
      const last = new ConnectionError('the last');
      const attempts = [lost, lost, last].map((error) => cold('#', undefined, error));
      const source = defer(() => attempts.shift()!);
      expectObservable(source.pipe(retryBeforeFirstToken({ ...steady, maxDelay: 4 }))).toBe(
        '--------#',
        undefined,
        last,
      );
      expectObservable(cold('-#').pipe(retryBeforeFirstToken({ count: 0 }))).toBe('-#');
    });
  });

  it.each([
    ['an error that cannot heal', new AuthenticationError('no key')],
    ['an abort', new DOMException('stopped', 'AbortError')],
  ])('does not try again after %s', async (_name, error) => {
    let asked = 0;
    const source = defer(() => {
      asked++;
      return throwError(() => error);
    });
    const failure = await collectFailure(source.pipe(retryBeforeFirstToken({ delay: 0 })));
    expect(failure.error).toBe(error);
    expect(asked).toBe(1);
  });

  it('asks `when`, where given', async () => {
    const attempts = [throwError(() => new AuthenticationError('no key')), of('a')];
    const source = defer(() => attempts.shift()!);
    expect(await collect(source.pipe(retryBeforeFirstToken({ delay: 0, when: () => true })))).toEqual(['a']);
  });

  it('counts afresh for each subscription', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('#', undefined, lost).pipe(retryBeforeFirstToken({ ...steady, count: 1 }));
      expectObservable(source).toBe('----#', undefined, lost);
      expectObservable(source, '--^').toBe('------#', undefined, lost);
    });
  });

  it('ends its pause on unsubscribe', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-#', undefined, lost);
      expectObservable(source.pipe(retryBeforeFirstToken(steady)), '^--!').toBe('----');
      expectSubscriptions(source.subscriptions).toBe('^!');
    });
  });

  it('passes an empty reply, and stops a synchronous source when the consumer has had enough', async () => {
    expect(await collect(EMPTY.pipe(retryBeforeFirstToken()))).toEqual([]);
    let produced = 0;
    new Observable<string>((subscriber) => {
      while (!subscriber.closed && produced < 1000) subscriber.next(String(produced++));
    })
      .pipe(retryBeforeFirstToken(), take(3))
      .subscribe();
    expect(produced).toBe(3);
  });

  it('gives the rest to a fallback below it', async () => {
    const source = concat(
      of('a'),
      throwError(() => lost),
    );
    expect((await collectFailure(source.pipe(retryBeforeFirstToken()))).values).toEqual(['a']);
  });

  it.each([
    [{ count: -1 }, 'count'],
    [{ count: 1.5 }, 'count'],
    [{ delay: NaN }, 'delay'],
    [{ jitter: 2 }, 'jitter'],
    [{ maxDelay: -1 }, 'maxDelay'],
    [{ when: 1 as never }, 'when'],
  ])('refuses %o, naming %s', (config, field) => {
    expect(() => retryBeforeFirstToken(config)).toThrow(TypeError);
    expect(() => retryBeforeFirstToken(config)).toThrow(new RegExp(`retryBeforeFirstToken.*${field}`));
  });
});
