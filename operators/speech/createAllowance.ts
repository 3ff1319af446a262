import {
  concat,
  defer,
  filter,
  of,
  take,
  type Observable,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';
import type { Valve } from '../../src/valve.js';
import type { Voice } from '../../src/voice.js';
import { assumedListener, playbackListener } from './listener.js';

/** How far ahead of the listener speech may be. All amounts are milliseconds of audio. */
export interface Allowance {
  /** Audio has come and waits for its turn. */
  hold(duration: number): void;
  /** Held audio is discarded. */
  drop(duration: number): void;
  /** Held audio goes out. */
  emit(duration: number): void;
  /** Whether another synthesis may start. `woken`: asked because `again` has just said so. */
  allows(woken: boolean): boolean;
  /** Emits when it is time to ask again. */
  readonly again: Observable<unknown>;
  /** Emits when nothing that is out is still to be heard. */
  readonly silence: Observable<unknown>;
}

/** What an allowance depends on. */
export interface AllowanceConfig {
  readonly maxAhead?: number | undefined;
  readonly playback?: Valve | undefined;
  readonly fallback?: Voice | undefined;
  readonly scheduler: SchedulerLike;
}

/** A timer may be early by a rounding error. */
const tolerance = 1e-6;

/** Reckons how much audio waits unplayed: what is held, and what is out and not heard yet. */
export function createAllowance(
  { maxAhead, playback, fallback, scheduler }: AllowanceConfig,
  voice: Voice,
  out: Subscription,
): Allowance {
  // Nobody asks: then nobody reckons.
  const needed = maxAhead !== undefined || (fallback?.format === null && voice.format !== null);
  const listener = playback
    ? playbackListener(playback, out)
    : needed
      ? assumedListener(scheduler)
      : undefined;
  let held = 0;
  const unplayed = () => held + (listener?.ahead() ?? 0);
  const silence = defer(() => (listener && listener.ahead() > 0 ? listener.below(0) : of(0)));
  const common = {
    hold: (duration: number) => void (held += duration),
    drop: (duration: number) => void (held = Math.max(0, held - duration)),
    emit: (duration: number) => {
      held = Math.max(0, held - duration);
      if (duration > 0) listener?.hears(duration);
    },
    silence,
  };

  if (maxAhead !== undefined && listener) {
    return {
      ...common,
      allows: (woken) => {
        const amount = unplayed();
        return amount === 0 || amount < maxAhead || (woken && amount <= maxAhead + tolerance);
      },
      again: defer(() => listener.below(Math.max(0, maxAhead - held))),
    };
  }
  if (playback) {
    let open = true;
    out.add(playback.open$.subscribe({ next: (state) => (open = state), error: () => (open = true) }));
    return { ...common, allows: () => open, again: playback.open$.pipe(filter(Boolean), take(1)) };
  }
  return { ...common, allows: () => true, again: concat() };
}
