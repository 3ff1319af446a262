import { defer, map, Observable, startWith, Subject, type Subscriber } from 'rxjs';
import { shown } from './shown.js';

/** Says "wait" to a source, which RxJS cannot: the consumer adds and removes, the source stands still while closed. */
export interface Valve {
  /** Whether the source may go on: its state on subscribe, then every change. Never completes. */
  readonly open$: Observable<boolean>;
  /** Counts work as outstanding. The unit is the adder's. Anything but a number of 0 or more is a `TypeError`. */
  add(amount: number): void;
  /** Counts work as done; what is outstanding never falls below 0. */
  remove(amount: number): void;
}

/** When a valve closes and opens again, in the adder's unit. */
export interface ValveConfig {
  /** Closed at this much outstanding or more. A number over 0. */
  readonly high: number;
  /** Open again at this much or less. From 0 to below `high`. */
  readonly low: number;
}

/**
 * A gate between a fast source and a slow consumer, with hysteresis: closed at `high` or more, open again at `low`
 * or less.
 *
 * ```
 * high 3, low 1
 * add 1     --1--1--1-------------
 * remove 1  -----------1--1--1----
 * open$     t-------f-----t-------
 * ```
 *
 * ```ts
 * const valve = createValve({ high: 100, low: 20 });
 * valve.open$.subscribe((open) => (open ? upload.resume() : upload.pause()));
 * valve.add(64);
 * ```
 *
 * @throws TypeError when `high` or `low` is out of range.
 */
export function createValve({ high, low }: ValveConfig): Valve {
  if (!(high > 0)) throw new TypeError(`createValve: high must be a number over 0, got ${shown(high)}`);
  if (!(low >= 0 && low < high)) {
    throw new TypeError(`createValve: low must be from 0 to below high (${high}), got ${shown(low)}`);
  }
  // Changes are numbered: after an even number of them the valve is open.
  let change = 0;
  let outstanding = 0;
  const amounts$ = new Subject<void>();
  // The last change that each listener was told. A listener may add or remove while it is told, as a synchronous source
  // does that begins to send at once: then everyone, it too, is told at once, each change in its order.
  const told = new Map<Subscriber<boolean>, number>();

  const isOpen = (number: number) => number % 2 === 0;
  const settle = () => {
    if (isOpen(change) ? outstanding >= high : outstanding <= low) change++;
    for (const listener of told.keys()) {
      for (let last = told.get(listener); last !== undefined && last < change; last = told.get(listener)) {
        told.set(listener, last + 1);
        listener.next(isOpen(last + 1));
      }
    }
    amounts$.next();
  };
  const checked = (name: string, amount: number) => {
    if (!(amount >= 0))
      throw new TypeError(`valve.${name}: the amount must be 0 or more, got ${shown(amount)}`);
    return amount;
  };

  const valve: Valve = {
    open$: new Observable((listener) => {
      told.set(listener, change);
      listener.next(isOpen(change));
      return () => told.delete(listener);
    }),
    add(amount) {
      outstanding += checked('add', amount);
      settle();
    },
    remove(amount) {
      outstanding = Math.max(0, outstanding - checked('remove', amount));
      settle();
    },
  };
  amounts.set(
    valve,
    amounts$.pipe(
      startWith(undefined),
      map(() => outstanding),
    ),
  );
  return valve;
}

const amounts = new WeakMap<Valve, Observable<number>>();

/**
 * How much is outstanding at a valve: now, then at every change. Of a valve that `createValve` hasn't made only its
 * state is known: 0 while it is open, `Infinity` while it is closed.
 */
export function outstandingAt(valve: Valve): Observable<number> {
  return amounts.get(valve) ?? valve.open$.pipe(map((open) => (open ? 0 : Infinity)));
}

/**
 * Makes a valve of its own for every subscription of the pipeline that `build` returns.
 *
 * ```ts
 * withValve({ high: 8, low: 4 }, (valve) =>
 *   model(prompt, { valve }).pipe(bufferSentences({ valve }), toSpeech(voice, { valve })),
 * );
 * ```
 */
export function withValve<T>(config: ValveConfig, build: (valve: Valve) => Observable<T>): Observable<T> {
  return defer(() => build(createValve(config)));
}
