import { Observable, Subject, Subscription, takeUntil, type SchedulerLike } from 'rxjs';
import { longestTimer } from '../src/longestTimer.js';

/** How {@link firstToSpeak} runs its race. */
export interface FirstToSpeakConfig {
  /** Milliseconds without a first token until the next one starts as well. */
  readonly hedgeAfter: number | undefined;
  readonly scheduler: SchedulerLike;
  /** Whether the next one may be tried after this error; else the race is over. */
  readonly goOn: (error: unknown) => boolean;
}

/**
 * Subscribes the first source; the next one when it fails before its first token or when that is late. The first to
 * emit a token wins and the others are unsubscribed before it is forwarded. Fails when the winner does, or when
 * nobody is left.
 *
 * ```
 * first           ------a-b|
 * second             -c-d|
 * firstToSpeak    ----c-d|          hedgeAfter 3
 * ```
 */
export function firstToSpeak(
  sources: readonly Observable<string>[],
  { hedgeAfter = Infinity, scheduler, goOn }: FirstToSpeakConfig,
): Observable<string> {
  return new Observable((subscriber) => {
    const stops = new Map<number, Subject<void>>();
    let hedge = Subscription.EMPTY;
    let next = 0;
    let winner: number | undefined;

    const stop = (spared?: number) => {
      hedge.unsubscribe();
      for (const [index, notifier] of [...stops]) {
        if (index === spared) continue;
        stops.delete(index);
        notifier.next();
      }
    };
    const wins = (index: number) => {
      if (winner !== undefined) return;
      winner = index;
      stop(index);
    };
    const start = () => {
      const index = next++;
      const source = sources[index];
      if (!source) return;
      hedge.unsubscribe();
      const notifier = new Subject<void>();
      stops.set(index, notifier);
      // A source may emit while it is being subscribed: the notifier, unlike its subscription, is there by then.
      source.pipe(takeUntil(notifier)).subscribe({
        next: (token) => {
          if (token !== '') wins(index);
          if (winner === index) subscriber.next(token);
        },
        error: (error: unknown) => {
          stops.delete(index);
          if (winner === index) subscriber.error(error);
          else if (!goOn(error)) {
            stop();
            subscriber.error(error);
          } else if (next < sources.length) start();
          else if (stops.size === 0) subscriber.error(error);
        },
        complete: () => {
          // Stopped ones complete, too; they are not in the race any more.
          if (!stops.has(index)) return;
          wins(index);
          subscriber.complete();
        },
      });
      const latest = next === index + 1 && next < sources.length;
      if (hedgeAfter <= longestTimer && winner === undefined && latest && !subscriber.closed) {
        hedge = scheduler.schedule(start, hedgeAfter);
      }
    };

    subscriber.add(() => stop());
    start();
  });
}
