import { setTimeout as after } from 'node:timers/promises';
import { concat, NEVER, of, Subject, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { coalesceTokens } from '../../operators/coalesceTokens.js';
import { marbles } from '../support/marbles.js';

describe('coalesceTokens', () => {
  it('joins the tokens of each window and says nothing for an empty one', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const tokens = cold('-a-b------------c-d|');
      expectObservable(tokens.pipe(coalesceTokens(5))).toBe('-----x-------------(y|)', {
        x: 'ab',
        y: 'cd',
      });
      expectSubscriptions(tokens.subscriptions).toBe('^------------------!');
    });
  });

  it('waits for the end where a timer cannot wait that long', async () => {
    const out: string[] = [];
    const subscription = concat(of('a'), NEVER)
      .pipe(coalesceTokens(Number.MAX_SAFE_INTEGER))
      .subscribe((text) => out.push(text));
    await after(20);
    subscription.unsubscribe();
    expect(out).toEqual([]);
  });

  it('gives what it holds before an error', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-b-#').pipe(coalesceTokens(10))).toBe('-----(x#)', { x: 'ab' });
      expectObservable(cold('#').pipe(coalesceTokens(10))).toBe('#');
      expectObservable(cold('|').pipe(coalesceTokens(10))).toBe('|');
    });
  });

  it('never emits an empty text', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-e-----e---|', { e: '' }).pipe(coalesceTokens(3))).toBe('-----------|');
    });
  });

  it('leaves the source and stops its clock with its consumer', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const tokens = cold('-a-b-c-d-e');
      expectObservable(tokens.pipe(coalesceTokens(2)), '^----!').toBe('--a-b-', { a: 'a', b: 'b' });
      expectSubscriptions(tokens.subscriptions).toBe('^----!');
    });
    const source = new Subject<string>();
    source.pipe(coalesceTokens(1), take(1)).subscribe();
    source.next('a');
    source.complete();
    expect(source.observed).toBe(false);
  });

  it.each([0, -1, NaN, Infinity])('refuses a window of %s ms', (ms) => {
    expect(() => coalesceTokens(ms)).toThrow(/coalesceTokens: ms must be/);
  });
});
