import { asyncScheduler, defer, retry, tap, throwError, timer } from 'rxjs';
import type { MonoTypeOperatorFunction, SchedulerLike } from 'rxjs';
import { mayHeal } from '../src/mayHeal.js';
import { checkedRetry, retryDelay, type RetryConfig } from '../src/retryDelay.js';
import { shown } from '../src/shown.js';

/** When {@link retryBeforeFirstToken} tries again. */
export interface RetryBeforeFirstTokenConfig extends RetryConfig {
  /** Whether this error may heal. Default: not where its `retryable` is false, nor an abort; anything else may. */
  readonly when?: ((error: unknown) => boolean) | undefined;
  /** Where pauses pass. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Subscribes again after a failure, but only while nothing has been emitted: no word is ever repeated. Pauses double
 * from `delay` to `maxDelay`, less some `jitter`; where the error carries `retryAfter`, exactly that is waited.
 *
 * ```
 * source 1                    --#
 * source 2                          -a-b-#
 * retryBeforeFirstToken       -------a-b-#        delay 4, jitter 0
 * ```
 *
 * An empty token counts as none. Place it above `fallbackToComplete`, which takes over once something was emitted.
 * Fails with the last error as it is.
 *
 * ```ts
 * model('Why is the sky blue?').pipe(
 *   retryBeforeFirstToken({ count: 3, delay: 500 }),
 *   fallbackToComplete((partial) => model.complete(prompt, { continueFrom: partial }), { expects: 'continuation' }),
 * );
 * ```
 *
 * @throws TypeError when an option is out of range.
 */
export function retryBeforeFirstToken<T>(
  config: RetryBeforeFirstTokenConfig = {},
): MonoTypeOperatorFunction<T> {
  const { when = mayHeal, scheduler = asyncScheduler } = config;
  const pauses = checkedRetry('retryBeforeFirstToken', config);
  if (typeof when !== 'function') {
    throw new TypeError(`retryBeforeFirstToken: when must be a function, got ${shown(when)}`);
  }
  return (source) =>
    defer(() => {
      let spoken = false;
      return source.pipe(
        tap((value) => {
          if (value !== '') spoken = true;
        }),
        retry({
          count: pauses.count,
          delay: (error: unknown, tries) =>
            spoken || !when(error)
              ? throwError(() => error as Error)
              : timer(retryDelay(tries - 1, error, pauses), scheduler),
        }),
      );
    });
}
