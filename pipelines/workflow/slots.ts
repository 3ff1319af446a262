import { dematerialize, materialize, Observable, queueScheduler, switchMap } from 'rxjs';

/** A number of places, each held by one piece of work at a time. */
export interface Slots {
  /** The work, begun when a place is free, in the order of subscription; the place is free again when it ends. */
  readonly hold: <T>(work: Observable<T>) => Observable<T>;
}

/** Places for `count` pieces of work. */
export function createSlots(count: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();
  const next = () => {
    const [begin] = waiting;
    if (!begin || free === 0) return;
    waiting.delete(begin);
    begin();
  };

  const place = new Observable<true>((subscriber) => {
    const begin = () => {
      free--;
      subscriber.add(() => {
        free++;
        // Not from within the work that has just ended: a thousand short ones would be as deep as they are many.
        queueScheduler.schedule(next);
      });
      subscriber.next(true);
    };
    if (free > 0 && waiting.size === 0) begin();
    else waiting.add(begin);
    return () => waiting.delete(begin);
  });

  return {
    hold: (work) =>
      place.pipe(
        switchMap(() => work.pipe(materialize())),
        dematerialize(),
      ),
  };
}
