import type { Filled } from './filled.js';
import { longestTimer } from './longestTimer.js';
import { shown } from './shown.js';

/** How often, and after which pauses, something is tried again. */
export interface RetryConfig {
  /** Tries after the first one. A whole number from 0, or `Infinity`. Default: 2. */
  readonly count?: number | undefined;
  /** Milliseconds before the first of them; doubled for each further one. From 0. Default: 250. */
  readonly delay?: number | undefined;
  /** Which part of a pause is left to chance, so that many clients don't come back at once. 0 to 1. Default: 0.5. */
  readonly jitter?: number | undefined;
  /** The longest pause in milliseconds; a longer `retryAfter` of the server is waited for all the same. Default: 10000. */
  readonly maxDelay?: number | undefined;
}

/**
 * A retry option in full: a number is the count alone.
 *
 * @param option The option's name, for the error.
 * @throws TypeError when a value is out of range.
 */
export function checkedRetry(option: string, retry: number | RetryConfig): Filled<RetryConfig> {
  const {
    count = 2,
    delay = 250,
    jitter = 0.5,
    maxDelay = 10_000,
  } = typeof retry === 'number' ? { count: retry } : retry;
  const refuse = (name: string, value: unknown, allowed: string) => {
    throw new TypeError(`${option}${name} must be ${allowed}, got ${shown(value)}`);
  };
  if (!(count >= 0 && (Number.isInteger(count) || count === Infinity))) {
    refuse(typeof retry === 'number' ? '' : '.count', count, 'a whole number from 0, or Infinity');
  }
  if (!(delay >= 0 && delay < Infinity)) refuse('.delay', delay, 'milliseconds from 0');
  if (!(jitter >= 0 && jitter <= 1)) refuse('.jitter', jitter, 'a number from 0 to 1');
  if (!(maxDelay >= 0)) refuse('.maxDelay', maxDelay, 'milliseconds from 0');
  return { count, delay, jitter, maxDelay };
}

/**
 * Milliseconds to wait before the next try: `delay`, doubled for each try before, up to `maxDelay`, of which `jitter`
 * says how much chance may take away. Where the error carries `retryAfter`, exactly that. Never more than a timer can
 * wait.
 *
 * @param tries How many tries after the first have been made already: 0 for the first pause.
 * @param random From 0 to below 1, for specs.
 */
export function retryDelay(
  tries: number,
  error: unknown,
  { delay, jitter, maxDelay }: Filled<RetryConfig>,
  random: () => number = Math.random,
): number {
  if (typeof error === 'object' && error !== null && 'retryAfter' in error) {
    const { retryAfter } = error;
    if (typeof retryAfter === 'number' && retryAfter >= 0 && retryAfter < Infinity)
      return Math.min(longestTimer, retryAfter);
  }
  const pause = Math.min(longestTimer, maxDelay, delay * 2 ** Math.min(tries, 60));
  return pause * (1 - jitter * random());
}
