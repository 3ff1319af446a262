import {
  asyncScheduler,
  connect,
  EMPTY,
  endWith,
  filter,
  ignoreElements,
  merge,
  mergeMap,
  switchMap,
  takeUntil,
  throwError,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import type { ChatEvent, ChatOptions } from './chatModel.js';
import { StalledReplyError } from './errors.js';
import { pausableTimer } from './pausableTimer.js';
import { shown } from './shown.js';

/** The timeouts of `ChatOptions`, and where they run. */
export interface FailOnStallConfig extends Pick<ChatOptions, 'firstTokenTimeout' | 'idleTimeout' | 'valve'> {
  /** Named in the error. */
  readonly provider: string;
  /** Where time passes. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Fails a reply with `StalledReplyError` when its first text, or the next piece of text or reasoning, is late. Both
 * clocks stand still while the valve is closed.
 *
 * ```
 * source                        --r----r----r---
 * failOnStall first 8, idle 6   --r----r#
 * ```
 *
 * @throws TypeError when a timeout isn't over 0.
 */
export function failOnStall({
  firstTokenTimeout,
  idleTimeout,
  valve,
  provider,
  scheduler = asyncScheduler,
}: FailOnStallConfig): MonoTypeOperatorFunction<ChatEvent> {
  const checked = (name: string, value: number | undefined) => {
    if (value !== undefined && !(value > 0))
      throw new TypeError(`${provider}: ${name} must be milliseconds over 0, got ${shown(value)}`);
    return value === Infinity ? undefined : value;
  };
  const first = checked('firstTokenTimeout', firstTokenTimeout);
  const idle = checked('idleTimeout', idleTimeout);
  if (first === undefined && idle === undefined) return (source) => source;

  const late = (message: string) =>
    mergeMap(() => throwError(() => new StalledReplyError(`${provider}: ${message}`, { provider })));
  return connect((events) => {
    const firstIsLate =
      first === undefined
        ? EMPTY
        : pausableTimer(first, valve, scheduler).pipe(
            late(`no text within ${first} ms`),
            takeUntil(events.pipe(filter(({ type }) => type === 'text'))),
          );
    const nextIsLate =
      idle === undefined
        ? EMPTY
        : events.pipe(
            filter(({ type }) => type === 'text' || type === 'reasoning'),
            switchMap(() => pausableTimer(idle, valve, scheduler)),
            late(`nothing came for ${idle} ms`),
          );
    const ended = events.pipe(ignoreElements(), endWith(true));
    return merge(merge(firstIsLate, nextIsLate).pipe(takeUntil(ended)), events);
  });
}
