import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { replyClock } from '../../src/replyClock.js';

describe('replyClock', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const started = (limits: { firstTokenTimeout?: number; idleTimeout?: number }) => {
    const expired = vi.fn();
    const clock = replyClock({ ...limits, expired });
    clock.start();
    return { clock, expired };
  };

  it('makes no timer without a limit', () => {
    const { clock } = started({});
    clock.text();
    expect(vi.getTimerCount()).toBe(0);
    const endless = started({ firstTokenTimeout: Infinity, idleTimeout: Infinity });
    endless.clock.text();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('the first text is due by firstTokenTimeout; reasoning does not count', () => {
    const { clock, expired } = started({ firstTokenTimeout: 100 });
    vi.advanceTimersByTime(60);
    clock.progress();
    vi.advanceTimersByTime(39);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(expired).toHaveBeenCalledExactlyOnceWith('firstTokenTimeout', 100);
  });

  it('idleTimeout runs between two signs of life, not before the first', () => {
    const { clock, expired } = started({ idleTimeout: 100 });
    vi.advanceTimersByTime(10_000);
    for (let piece = 0; piece < 20; piece += 1) {
      if (piece % 2 === 0) clock.text();
      else clock.progress();
      vi.advanceTimersByTime(99);
    }
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(expired).toHaveBeenCalledExactlyOnceWith('idleTimeout', 100);
  });

  it('costs no timer a token', () => {
    const { clock } = started({ idleTimeout: 100 });
    const made = vi.spyOn(globalThis, 'setTimeout');
    for (let token = 0; token < 1000; token += 1) clock.text();
    expect(made).toHaveBeenCalledTimes(1);
  });

  it('stands still between pause and resume', () => {
    const { clock, expired } = started({ firstTokenTimeout: 100, idleTimeout: 100 });
    vi.advanceTimersByTime(90);
    clock.pause();
    clock.pause();
    vi.advanceTimersByTime(5000);
    expect(vi.getTimerCount()).toBe(0);
    clock.resume();
    vi.advanceTimersByTime(9);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(expired).toHaveBeenCalledTimes(1);
  });

  it('what is told during a pause counts from its end', () => {
    const { clock, expired } = started({ idleTimeout: 100 });
    clock.pause();
    vi.advanceTimersByTime(50);
    clock.text();
    vi.advanceTimersByTime(5000);
    clock.resume();
    vi.advanceTimersByTime(49);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(expired).toHaveBeenCalledTimes(1);
  });

  it('after the finish marker only the end is waited for, and not for long', () => {
    const { clock, expired } = started({ idleTimeout: 10 });
    clock.text();
    clock.closing(1000);
    vi.advanceTimersByTime(900);
    clock.closing(1000);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(expired).toHaveBeenCalledExactlyOnceWith('closing', 1000);
  });

  it('a blocked event loop is no stall: what waits in the socket is read first', () => {
    const { clock, expired } = started({ firstTokenTimeout: 100 });
    // Time passes without a timer having its turn.
    vi.setSystemTime(Date.now() + 400);
    vi.spyOn(performance, 'now').mockReturnValueOnce(performance.now() + 400);
    vi.advanceTimersByTime(100);
    expect(expired).not.toHaveBeenCalled();
    clock.text();
    vi.advanceTimersByTime(1000);
    expect(expired).not.toHaveBeenCalled();
  });

  it('a stopped clock never expires', () => {
    const { clock, expired } = started({ firstTokenTimeout: 100, idleTimeout: 100 });
    clock.text();
    clock.stop();
    vi.advanceTimersByTime(1000);
    expect(expired).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
