import {
  asyncScheduler,
  bufferTime,
  dematerialize,
  filter,
  materialize,
  mergeMap,
  type MonoTypeOperatorFunction,
  type ObservableNotification,
  type SchedulerLike,
} from 'rxjs';
import { longestTimer } from '../src/longestTimer.js';
import { shown } from '../src/shown.js';

/** Where the windows' time comes from. */
export interface CoalesceTokensConfig {
  /** Default: the wall clock. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Joins the tokens of each time window into one: for screens, logs and relays, which need not follow every token. Not
 * for speech: sentences need the times of their tokens.
 *
 * Nothing is lost, also before an error, and nothing empty is emitted.
 *
 * ```
 * tokens             -a-b------c-(d#)
 * coalesceTokens(5)  -----e----c-(d#)     e 'ab'
 * ```
 *
 * ```ts
 * model(prompt).pipe(coalesceTokens(100)).subscribe((text) => screen.append(text));
 * ```
 *
 * @param ms the window: milliseconds over 0, less than `Infinity`.
 * @throws TypeError when it is out of range.
 */
export function coalesceTokens(
  ms: number,
  config: CoalesceTokensConfig = {},
): MonoTypeOperatorFunction<string> {
  if (!(ms > 0 && ms < Infinity)) {
    throw new TypeError(`coalesceTokens: ms must be over 0 and finite, got ${shown(ms)}`);
  }
  const { scheduler = asyncScheduler } = config;
  return (source) =>
    source.pipe(
      // `bufferTime` forgets what it holds when its source fails: it is not told of the failure before that is out.
      materialize(),
      bufferTime(Math.min(ms, longestTimer), scheduler),
      filter((window) => window.length > 0),
      mergeMap((window): ObservableNotification<string>[] => {
        const text = window.map((it) => (it.kind === 'N' ? it.value : '')).join('');
        const end = window.filter(({ kind }) => kind !== 'N');
        return text === '' ? end : [{ kind: 'N', value: text }, ...end];
      }),
      dematerialize(),
    );
}
