import { Subscription, type SchedulerLike } from 'rxjs';
import type { Valve } from '../../src/valve.js';

/** The longest delay that a timer of the platform can hold; a longer wait is made of several. */
const longestDelay = 2 ** 31 - 1;

/** One alarm on a scheduler whose time stands still while a valve is closed. */
export interface Clock {
  now(): number;
  /** Asks to be called at a time of this clock, or earlier; later than an alarm that is set already changes nothing. */
  alarm(at: number): void;
}

/**
 * A clock for as long as `lifetime` lasts. An alarm comes after everything that the scheduler has to do in the same
 * frame, so that a token which arrives at that very moment is seen first.
 */
export function createClock(
  scheduler: SchedulerLike,
  valve: Valve | undefined,
  lifetime: Subscription,
  ring: () => void,
): Clock {
  let stood = 0;
  let closedAt: number | undefined;
  let setFor = Infinity;
  let timer: Subscription | undefined;

  const now = () => (closedAt ?? scheduler.now()) - stood;
  const clear = () => {
    timer?.unsubscribe();
    timer = undefined;
    setFor = Infinity;
  };
  const set = (at: number) => {
    const delay = Math.min(longestDelay, Math.max(0, at - now()));
    setFor = at;
    timer = scheduler.schedule(() => {
      timer = scheduler.schedule(() => {
        clear();
        ring();
      }, 0);
    }, delay);
  };

  lifetime.add(clear);
  lifetime.add(
    valve?.open$.subscribe({
      next: (open) => {
        if (!open) {
          closedAt ??= scheduler.now();
          clear();
        } else if (closedAt !== undefined) {
          stood += scheduler.now() - closedAt;
          closedAt = undefined;
          clear();
          ring();
        }
      },
      // A valve that breaks has closed for good or not at all: either way time goes on as it was.
      error: () => undefined,
    }),
  );
  return {
    now,
    alarm(at) {
      if (at >= setFor || closedAt !== undefined || at === Infinity || lifetime.closed) return;
      clear();
      set(at);
    },
  };
}
