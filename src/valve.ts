import { BehaviorSubject, defer, map, type Observable } from 'rxjs';

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
 * @throws TypeError when `high` or `low` is out of range.
 */
export function createValve({ high, low }: ValveConfig): Valve {
  if (!(high > 0)) throw new TypeError(`createValve: high must be a number over 0, got ${String(high)}`);
  if (!(low >= 0 && low < high)) {
    throw new TypeError(`createValve: low must be from 0 to below high (${high}), got ${String(low)}`);
  }
  const open = new BehaviorSubject(true);
  const amount = new BehaviorSubject(0);
  let outstanding = 0;
  let telling = false;

  const settle = () => {
    // A listener may add or remove while it is told: the loop tells everyone again, in order, when it is done.
    if (telling) return;
    telling = true;
    try {
      for (;;) {
        const next = open.value ? outstanding < high : outstanding <= low;
        if (next === open.value) return;
        open.next(next);
      }
    } finally {
      telling = false;
    }
  };
  const checked = (name: string, amount: number) => {
    if (!(amount >= 0))
      throw new TypeError(`valve.${name}: the amount must be 0 or more, got ${String(amount)}`);
    return amount;
  };

  const valve: Valve = {
    open$: open.asObservable(),
    add(more) {
      outstanding += checked('add', more);
      settle();
      amount.next(outstanding);
    },
    remove(done) {
      outstanding = Math.max(0, outstanding - checked('remove', done));
      settle();
      amount.next(outstanding);
    },
  };
  amounts.set(valve, amount.asObservable());
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
