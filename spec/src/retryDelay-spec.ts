import { describe, expect, it } from 'vitest';
import { ConnectionError, OverloadedError, RateLimitError } from '../../src/index.js';
import { checkedRetry, retryDelay } from '../../src/retryDelay.js';

const error = new ConnectionError('gone');

describe('retryDelay', () => {
  it('doubles up to the longest pause', () => {
    const retry = checkedRetry('retry', { delay: 100, jitter: 0, maxDelay: 700 });
    expect([0, 1, 2, 3, 4, 5000].map((tries) => retryDelay(tries, error, retry))).toEqual([
      100, 200, 400, 700, 700, 700,
    ]);
  });

  it('leaves a part of it to chance', () => {
    const retry = checkedRetry('retry', { delay: 100, jitter: 0.2 });
    expect(retryDelay(0, error, retry, () => 0)).toBe(100);
    expect(retryDelay(1, error, retry, () => 0.5)).toBe(180);
    for (let each = 0; each < 50; each++) {
      expect(retryDelay(0, error, retry)).toBeGreaterThan(79);
      expect(retryDelay(0, error, retry)).toBeLessThanOrEqual(100);
    }
  });

  it('waits as long as the server says, also when that is longer than the longest pause', () => {
    const retry = checkedRetry('retry', { delay: 100, jitter: 1, maxDelay: 200 });
    expect(retryDelay(3, new RateLimitError('slow down', { retryAfter: 1234 }), retry)).toBe(1234);
    expect(retryDelay(0, new OverloadedError('busy', { retryAfter: 0 }), retry)).toBe(0);
    expect(retryDelay(0, new RateLimitError('slow down'), retry, () => 0)).toBe(100);
    expect(retryDelay(0, { retryAfter: NaN }, retry, () => 0)).toBe(100);
    expect(retryDelay(0, 'no', retry, () => 0)).toBe(100);
  });

  it('is never longer than a timer can wait, which would fire at once', () => {
    const retry = checkedRetry('retry', { delay: 1e12, jitter: 0, maxDelay: Infinity });
    expect(retryDelay(0, error, retry)).toBe(2 ** 31 - 1);
    expect(retryDelay(0, new RateLimitError('next year', { retryAfter: 1e11 }), retry)).toBe(2 ** 31 - 1);
  });
});

describe('checkedRetry', () => {
  it('takes a number for the count', () => {
    expect(checkedRetry('retry', 3)).toEqual({ count: 3, delay: 250, jitter: 0.5, maxDelay: 10_000 });
    expect(checkedRetry('retry', {})).toEqual({ count: 2, delay: 250, jitter: 0.5, maxDelay: 10_000 });
  });

  it('refuses what is out of range', () => {
    expect(() => checkedRetry('toSpeech: retry', -1)).toThrow(
      new TypeError('toSpeech: retry must be a whole number from 0, or Infinity, got -1'),
    );
    expect(() => checkedRetry('retry', { count: 0.5 })).toThrow(/^retry.count must be/);
    expect(() => checkedRetry('retry', { delay: Infinity })).toThrow(/^retry.delay must be/);
    expect(() => checkedRetry('retry', { jitter: 1.1 })).toThrow(/^retry.jitter must be/);
    expect(() => checkedRetry('retry', { maxDelay: NaN })).toThrow(/^retry.maxDelay must be/);
  });
});
