import { Observable, type ObservableNotification, type SchedulerLike } from 'rxjs';
import { longestTimer } from '../../src/longestTimer.js';
import type { Valve } from '../../src/valve.js';

/** One notification of a script, and when it is due. */
export interface ScriptStep<T> {
  /** Milliseconds from the request, never less than the step before. */
  readonly at: number;
  readonly notification: ObservableNotification<T>;
}

/** Script time is a float: what is due within a nanosecond is due. */
const tolerance = 1e-6;

/**
 * Plays a script on a scheduler: each step when it is due, later ones not delayed by a late timer. While the valve is
 * closed script time stands still.
 */
export function playScript<T>(
  steps: Iterable<ScriptStep<T>>,
  scheduler: SchedulerLike,
  valve?: Valve,
): Observable<T> {
  return new Observable((subscriber) => {
    const script = steps[Symbol.iterator]();
    let next: ScriptStep<T> | undefined;
    let elapsed = 0;
    let runningSince: number | undefined;
    let playing = false;

    const advance = () => {
      const result = script.next();
      next = result.done ? undefined : result.value;
    };
    const play = () => {
      // A consumer may close and open the valve while it is called: the loop below goes on with it.
      if (playing) return;
      playing = true;
      while (next && !subscriber.closed && runningSince !== undefined) {
        const wait = next.at - elapsed - (scheduler.now() - runningSince);
        if (wait > tolerance) {
          wake = scheduler.schedule(play, Math.min(wait, longestTimer));
          break;
        }
        const { notification } = next;
        advance();
        if (notification.kind === 'N') subscriber.next(notification.value);
        else if (notification.kind === 'E') subscriber.error(notification.error);
        else subscriber.complete();
      }
      playing = false;
    };
    let wake = scheduler.schedule(() => {
      advance();
      if (!valve) {
        runningSince = scheduler.now();
        play();
        return;
      }
      subscriber.add(
        valve.open$.subscribe({
          next: (open) => {
            wake.unsubscribe();
            if (open) {
              runningSince = scheduler.now();
              play();
            } else if (runningSince !== undefined) {
              elapsed += scheduler.now() - runningSince;
              runningSince = undefined;
            }
          },
          error: (error: unknown) => subscriber.error(error),
        }),
      );
    });
    return () => wake.unsubscribe();
  });
}
