import { setTimeout as after } from 'node:timers/promises';
import { map, merge } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { pausableTimer } from '../../src/pausableTimer.js';
import { createValve } from '../../src/valve.js';
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

  it('never comes when a timer cannot wait that long', async () => {
    const came: unknown[] = [];
    const timers = merge(pausableTimer(2 ** 31), pausableTimer(2 ** 31, createValve({ high: 1, low: 0 })));
    const subscription = timers.subscribe((it) => came.push(it));
    await after(20);
    subscription.unsubscribe();
    expect(came).toEqual([]);
  });

  it('lets go of the valve when it is unsubscribed, and starts afresh', () =>
    marbles(({ expectObservable, expectSubscriptions, cold }) => {
      const open$ = cold('t', gate);
      const timer = pausableTimer(5, { open$ }).pipe(map(() => 'x'));
      expectObservable(timer, '^--!').toBe('-');
      expectObservable(timer, '--^').toBe('-------(x|)');
      expectSubscriptions(open$.subscriptions).toBe(['^--!', '--^----!']);
    }));
});
