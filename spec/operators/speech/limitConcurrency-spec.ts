import { take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { limitConcurrency } from '../../../operators/speech/limitConcurrency.js';
import { marbles } from '../../support/marbles.js';

describe('limitConcurrency', () => {
  it('lets so many run, the others wait in order', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const a = cold('  --a|');
      const b = cold('  ----b|');
      const c = cold('     -c|');
      const d = cold('       #');
      const limited = limitConcurrency(2);
      expectObservable(limited(a)).toBe('--a|');
      expectObservable(limited(b)).toBe('----b|');
      expectObservable(limited(c)).toBe('----c|');
      expectObservable(limited(d)).toBe('-----#');
      expectSubscriptions(c.subscriptions).toBe('---^-!');
      expectSubscriptions(d.subscriptions).toBe('-----(^!)');
    }));

  it('gives up the place, also in the queue, when nobody wants it any more', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const a = cold('  a-----');
      const b = cold('  b-----');
      const c = cold('  c-----');
      const limited = limitConcurrency(1);
      expectObservable(limited(a), '^--!').toBe('a--');
      expectObservable(limited(b), '^-!').toBe('--');
      expectObservable(limited(c).pipe(take(1))).toBe('---(c|)');
      expectSubscriptions(b.subscriptions).toBe([]);
      expectSubscriptions(c.subscriptions).toBe('---(^!)');
    }));

  it('costs nothing without a limit', () =>
    marbles(({ cold }) => {
      const source = cold('a|');
      expect(limitConcurrency(Infinity)(source)).toBe(source);
    }));
});
