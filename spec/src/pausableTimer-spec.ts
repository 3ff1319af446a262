import { map } from 'rxjs';
import { describe, it } from 'vitest';
import { pausableTimer } from '../../src/pausableTimer.js';
import { marbles } from '../support/marbles.js';

const gate = { t: true, f: false };

describe('pausableTimer', () => {
  const zero = { 0: 0 as const };

  it('is a timer without a valve, and while the valve is open', () =>
    marbles(({ expectObservable, hot }) => {
      expectObservable(pausableTimer(5)).toBe('-----(0|)', zero);
      expectObservable(pausableTimer(5, { open$: hot('t', gate) })).toBe('-----(0|)', zero);
    }));

  it('stands still while the valve is closed', () =>
    marbles(({ expectObservable, cold }) => {
      const open$ = cold('       t--f----t---f-----t--', gate);
      expectObservable(pausableTimer(9, { open$ })).toBe('20ms (0|)', zero);
      expectObservable(pausableTimer(6, { open$ })).toBe('-----------(0|)', zero);
    }));

  it('does not begin while the valve is closed, and never comes when due is Infinity', () =>
    marbles(({ expectObservable, cold }) => {
      expectObservable(pausableTimer(1, { open$: cold('f----t', gate) })).toBe('------(0|)', zero);
      expectObservable(pausableTimer(Infinity, { open$: cold('t', gate) })).toBe('-');
    }));

  it('lets go of the valve when it is unsubscribed, and starts afresh', () =>
    marbles(({ expectObservable, expectSubscriptions, cold }) => {
      const open$ = cold('t', gate);
      const timer = pausableTimer(5, { open$ }).pipe(map(() => 'x'));
      expectObservable(timer, '^--!').toBe('-');
      expectObservable(timer, '--^').toBe('-------(x|)');
      expectSubscriptions(open$.subscriptions).toBe(['^--!', '--^----!']);
    }));
});
