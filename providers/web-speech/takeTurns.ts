import { Observable, type Subscription } from 'rxjs';

/**
 * Makes a queue: what is wrapped by it runs one at a time, first come, first served. Unsubscribing gives up the place.
 *
 * ```
 * a    --x--y|
 * b    subscribed meanwhile, starts here: --z|
 * ```
 */
export function takeTurns(): <T>(work: Observable<T>) => Observable<T> {
  interface Turn {
    readonly start: () => void;
  }
  const waiting: Turn[] = [];
  let current: Turn | undefined;
  const next = () => {
    if (current) return;
    current = waiting.shift();
    current?.start();
  };
  return (work) =>
    new Observable((subscriber) => {
      let working: Subscription | undefined;
      const turn: Turn = {
        start: () => {
          working = work.subscribe({
            next: (value) => subscriber.next(value),
            error: (error: unknown) => subscriber.error(error),
            complete: () => subscriber.complete(),
          });
          if (subscriber.closed) working.unsubscribe();
        },
      };
      subscriber.add(() => {
        // First the work ends, then its place is free.
        working?.unsubscribe();
        const place = waiting.indexOf(turn);
        if (place >= 0) waiting.splice(place, 1);
        if (current !== turn) return;
        // Browsers lose what is spoken in the same task as a cancel.
        setTimeout(() => {
          current = undefined;
          next();
        }, 0);
      });
      waiting.push(turn);
      next();
    });
}
