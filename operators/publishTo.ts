import {
  catchError,
  concatWith,
  defer,
  EMPTY,
  map,
  switchMap,
  tap,
  throwError,
  type MonoTypeOperatorFunction,
  type Observable,
  type ObservableInput,
} from 'rxjs';
import type { Relay, RelayOpenOptions } from '../src/relay.js';

/** How a source becomes a stream of a relay. */
export interface PublishToConfig<T> extends RelayOpenOptions {
  /**
   * What to publish instead of the source where a predecessor has written something: it gets that, and returns what
   * follows it. Default: the source, whatever was written.
   */
  readonly resume?: (written$: Observable<T>) => ObservableInput<T>;
}

/**
 * Publishes a stream to a relay: each value is appended and passed on, then the end: complete, error, or aborted when
 * its subscriber leaves. The source is subscribed once the stream is this producer's.
 *
 * ```
 * source                 -a-b-c|
 * publishTo(relay, id)   -a-b-c|
 * relay.replay(id)       -a-b-c|
 * late relay.replay(id)      (abc)|
 * ```
 *
 * Values pass on at once; the end, complete or error, once it is safe in the relay. A `valve` that is given to the
 * source, too, makes it wait while many entries are not acknowledged. Tokens are best joined first: an entry costs the
 * same whatever its length.
 *
 * Fails with what the source fails with, with `RelayAbortedError` once the stream was cancelled, and with the other
 * errors of `Relay.open`; then the source is unsubscribed.
 *
 * ```ts
 * withValve({ high: 64, low: 16 }, (valve) =>
 *   model(prompt, { valve }).pipe(coalesceTokens(50), publishTo(relay, id, { valve })),
 * ).subscribe();
 * ```
 *
 * A successor goes on where its predecessor was lost:
 *
 * ```ts
 * publishTo(relay, id, {
 *   resume: (written$) =>
 *     written$.pipe(
 *       reduce((partial, text) => partial + text, ''),
 *       switchMap((partial) => model.complete(prompt, { continueFrom: partial })),
 *     ),
 * });
 * ```
 *
 * @param id The stream's name, used once: a random one, or a job's.
 * @throws TypeError when an option is out of range.
 */
export function publishTo<T>(
  relay: Relay,
  id: string,
  config: PublishToConfig<T> = {},
): MonoTypeOperatorFunction<T> {
  const { resume, ...options } = config;
  const opened$ = relay.open<T>(id, options);
  return (source) =>
    defer(() => {
      let failure: Observable<never> = EMPTY;
      return opened$.pipe(
        switchMap((producer) => {
          const values$ =
            resume === undefined || producer.cursor === '0'
              ? source
              : defer(() => resume(producer.written().pipe(map(({ value }) => value))));
          return values$.pipe(
            tap({
              next: (value) => producer.append(value),
              error: (error: unknown) => {
                failure = throwError(() => error as Error);
                producer.end({ type: 'error', error });
              },
              complete: () => producer.end({ type: 'complete' }),
            }),
            // The source's error is told once its end is safe.
            catchError(() => EMPTY),
          );
        }),
        concatWith(defer(() => failure)),
      );
    });
}
