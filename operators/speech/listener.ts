import {
  defer,
  filter,
  repeat,
  take,
  timer,
  type Observable,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';
import { outstandingAt, type Valve } from '../../src/valve.js';

/** Who listens, and how much of what was sent is still to be heard. */
export interface Listener {
  /** Audio of that many milliseconds goes out. */
  hears(duration: number): void;
  /** Milliseconds of audio that are out and have not been played. */
  ahead(): number;
  /** Emits when less than that is ahead (nothing, for 0), though never in the same instant. */
  below(duration: number): Observable<unknown>;
}

/** Milliseconds are floats: less than a nanosecond is nothing. */
const tolerance = 1e-6;

/** A listener who begins at once and listens in real time. */
export function assumedListener(scheduler: SchedulerLike): Listener {
  let playedAt = -Infinity;
  const ahead = () => {
    const left = playedAt - scheduler.now();
    return left > tolerance ? left : 0;
  };
  return {
    hears(duration) {
      playedAt = scheduler.now() + ahead() + duration;
    },
    ahead,
    below: (duration) =>
      defer(() => timer(Math.max(1, ahead() - duration), scheduler)).pipe(
        repeat(),
        filter(() => ahead() <= duration + tolerance),
        take(1),
      ),
  };
}

/** A player that takes what it has played from a valve of milliseconds. */
export function playbackListener(playback: Valve, out: Subscription): Listener {
  const amount = outstandingAt(playback);
  let ahead = 0;
  out.add(amount.subscribe({ next: (outstanding) => (ahead = outstanding), error: () => (ahead = 0) }));
  return {
    hears: (duration) => playback.add(duration),
    ahead: () => ahead,
    below: (duration) =>
      amount.pipe(
        filter((outstanding) => (duration > 0 ? outstanding < duration : outstanding === 0)),
        take(1),
      ),
  };
}
