import { finalize, Observable } from 'rxjs';

/**
 * A turnstile: what goes through it waits, in order, until fewer than `count` others are running.
 *
 * @returns A function that makes an Observable wait its turn at subscribe time.
 */
export function limitConcurrency(count: number): <T>(source: Observable<T>) => Observable<T> {
  if (count === Infinity) return (source) => source;
  const waiting = new Set<() => void>();
  let running = 0;
  return (source) =>
    new Observable((subscriber) => {
      const start = () => {
        waiting.delete(start);
        running++;
        const leave = () => {
          running--;
          for (const next of waiting) {
            next();
            break;
          }
        };
        source.pipe(finalize(leave)).subscribe(subscriber);
      };
      if (running < count) start();
      else waiting.add(start);
      return () => waiting.delete(start);
    });
}
