import {
  dematerialize,
  identity,
  map,
  materialize,
  merge,
  timer,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { StalledReplyError } from '../../src/errors.js';

/** Fails a reply that has not ended after that many milliseconds, however steadily it comes. */
export function failAfter<T>(
  ms: number | undefined,
  provider: string,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<T> {
  if (ms === undefined) return identity;
  const late = timer(ms, scheduler).pipe(
    map((): never => {
      throw new StalledReplyError(`no whole reply within ${ms / 1000} s`, { provider });
    }),
  );
  // The first to end, reply or timer, ends both.
  return (source) => merge(source.pipe(materialize()), late).pipe(dematerialize());
}
