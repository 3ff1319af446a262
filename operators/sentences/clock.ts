import { Subscription, type SchedulerLike } from 'rxjs';
import type { Valve } from '../../src/valve.js';

/** The longest delay that a timer of the platform can hold; a longer wait is made of several. */
const longestDelay = 2 ** 31 - 1;

/** How many tokens of one synchronous burst may share a moment; a burst of a million takes a while itself. */
const longestBurst = 256;

/** One alarm on a scheduler whose time stands still while a valve is closed. */
export interface Clock {
  /** The time, read afresh. */
  now(): number;
  /**
   * The time of something that has arrived. To ask a scheduler for each of a million tokens costs more than to scan
   * them, so what arrives in one synchronous burst shares one reading. It takes two arrivals in the same moment to
   * make a burst: tokens that come one by one need no timer that ends it.
   */
  arrival(): number;
  /** The time that the alarm is set for, or `Infinity`. */
  readonly setFor: number;
  /** Sets the alarm for when something is due, unless it is set for that or earlier already. */
  arm(): void;
}

interface Alarm {
  readonly at: number;
  timer: Subscription;
}

/**
 * A clock for as long as `lifetime` lasts. An alarm comes after everything that the scheduler has to do in the same
 * frame, so that a token which arrives at that very moment is seen first.
 *
 * @param dueAt When there is something to ring for, as things are now; `Infinity` for never. What an alarm was set for
 * may be settled by the time it goes off, and nearly always is: then it is only set anew.
 */
export function createClock(
  scheduler: SchedulerLike,
  valve: Valve | undefined,
  lifetime: Subscription,
  dueAt: () => number,
  ring: () => void,
): Clock {
  let stood = 0;
  let closedAt: number | undefined;
  // Each is set for an earlier time than the one below it. An early one is nearly always moot when it goes off, and
  // those below it stand then as they did.
  const alarms: Alarm[] = [];
  let burst = 0;
  let burstTime = -Infinity;
  let burstEnd: Subscription | undefined;

  const endBurst = () => {
    burst = 0;
    burstEnd?.unsubscribe();
    burstEnd = undefined;
  };
  /** Takes an alarm away, and those above it. */
  const drop = (alarm: Alarm | undefined) => {
    while (alarm && alarms.includes(alarm)) alarms.pop()?.timer.unsubscribe();
    clock.setFor = alarms.at(-1)?.at ?? Infinity;
  };
  const clear = () => drop(alarms[0]);
  const goOff = (alarm: Alarm) => {
    if (dueAt() <= clock.now()) {
      alarm.timer = scheduler.schedule(() => {
        drop(alarm);
        ring();
      }, 0);
    } else {
      drop(alarm);
      clock.arm();
    }
  };
  const clock = {
    setFor: Infinity,
    now: () => (closedAt ?? scheduler.now()) - stood,
    arrival: () => {
      if (burst === 0 || ++burst > longestBurst) {
        const now = clock.now();
        burst = now === burstTime ? 1 : 0;
        burstTime = now;
        if (burst > 0) burstEnd ??= scheduler.schedule(endBurst, 0);
      }
      return burstTime;
    },
    arm: () => {
      if (closedAt !== undefined || lifetime.closed) return;
      const at = dueAt();
      if (at >= clock.setFor) return;
      const alarm = { at, timer: Subscription.EMPTY };
      alarms.push(alarm);
      clock.setFor = at;
      const delay = Math.min(longestDelay, Math.max(0, at - clock.now()));
      alarm.timer = scheduler.schedule(() => goOff(alarm), delay);
    },
  };

  lifetime.add(clear);
  lifetime.add(endBurst);
  lifetime.add(
    valve?.open$.subscribe({
      next: (open) => {
        endBurst();
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
  return clock;
}
