import { asyncScheduler, defer, finalize, NEVER, switchMap, take, timer, type SchedulerLike } from 'rxjs';
import type { Observable } from 'rxjs';
import { longestTimer } from './longestTimer.js';
import type { Valve } from './valve.js';

/**
 * A timer that stands still while a valve is closed: a pause that we caused must not count as waiting.
 *
 * ```
 * open$               t--f----t--------
 * pausableTimer(6)    -----------(0|)
 * ```
 *
 * @param due Milliseconds of open time; What is beyond 24 days, as `Infinity`, never comes.
 * @param valve Without one it is RxJS's `timer`.
 * @returns One `0`, then complete.
 */
export function pausableTimer(
  due: number,
  valve?: Pick<Valve, 'open$'>,
  scheduler: SchedulerLike = asyncScheduler,
): Observable<0> {
  if (due > longestTimer) return NEVER;
  if (!valve) return timer(due, scheduler);
  return defer(() => {
    let left = due;
    return valve.open$.pipe(
      switchMap((open) => {
        if (!open) return NEVER;
        const since = scheduler.now();
        return timer(left, scheduler).pipe(finalize(() => (left -= scheduler.now() - since)));
      }),
      take(1),
    );
  });
}
