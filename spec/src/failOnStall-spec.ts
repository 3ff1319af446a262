import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '../../src/chatModel.js';
import { StalledReplyError } from '../../src/errors.js';
import { failOnStall } from '../../src/failOnStall.js';
import { marbles } from '../support/marbles.js';
import { valveOf } from '../support/valveOf.js';

const events: Record<string, ChatEvent> = {
  t: { type: 'text', text: 't' },
  r: { type: 'reasoning', text: 'r' },
  c: { type: 'tool-call', id: '1', name: 'f', arguments: {} },
  e: { type: 'finish', reason: 'stop' },
};
const provider = 'some';
const stalled = (message: string) => new StalledReplyError(`some: ${message}`, { provider });

describe('failOnStall', () => {
  it('fails when the first text is late; reasoning does not count', () =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  --r----r----t', events);
      const expected = '     --r----r--#';
      const subscription = ' ^---------!';
      expectObservable(source.pipe(failOnStall({ provider, firstTokenTimeout: 10 }))).toBe(
        expected,
        events,
        stalled('no text within 10 ms'),
      );
      expectSubscriptions(source.subscriptions).toBe(subscription);
    }));

  it('fails when the next text or reasoning is late; a tool call does not count', () =>
    marbles(({ cold, expectObservable }) => {
      const source = cold('  ----------t---r---t-c---c-', events);
      const expected = '     ----------t---r---t-c--#';
      expectObservable(source.pipe(failOnStall({ provider, idleTimeout: 5 }))).toBe(
        expected,
        events,
        stalled('nothing came for 5 ms'),
      );
    }));

  it('lets a timely reply through, its end and its error, and leaves no timer', () =>
    marbles(({ cold, expectObservable }) => {
      const guard = failOnStall({ provider, firstTokenTimeout: 5, idleTimeout: 5 });
      expectObservable(cold('---t----t(e|)', events).pipe(guard)).toBe('---t----t(e|)', events);
      expectObservable(cold('---t--#', events).pipe(guard)).toBe('---t--#', events);
      expectObservable(cold('|', events).pipe(guard)).toBe('|');
    }));

  it('stands still while the valve is closed', () =>
    marbles(({ cold, expectObservable }) => {
      const states = cold(' t--f----------t-------f-----t', { t: true, f: false });
      const source = cold(' ---------------t------------------', events);
      const expected = '    ---------------t---------------#';
      const valve = valveOf(states);
      const guard = failOnStall({ provider, firstTokenTimeout: 5, idleTimeout: 10, valve });
      expectObservable(source.pipe(guard)).toBe(expected, events, stalled('nothing came for 10 ms'));
    }));

  it('refuses a timeout that is out of range', () => {
    expect(() => failOnStall({ provider, idleTimeout: 0 })).toThrow(
      new TypeError('some: idleTimeout must be milliseconds over 0, got 0'),
    );
    expect(() => failOnStall({ provider, firstTokenTimeout: NaN })).toThrow(TypeError);
  });
});
