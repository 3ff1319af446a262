import { describe, expect, it } from 'vitest';
import { createValve, withValve, type Valve } from '../../src/index.js';
import { EMPTY, skip, take } from 'rxjs';
import { outstandingAt } from '../../src/valve.js';

const record = (valve: Valve) => {
  const seen: boolean[] = [];
  const subscription = valve.open$.subscribe((open) => seen.push(open));
  return { seen, subscription };
};

describe('createValve', () => {
  it('closes at high or more and opens again at low or less', () => {
    const valve = createValve({ high: 3, low: 1 });
    const { seen } = record(valve);
    valve.add(2);
    expect(seen).toEqual([true]);
    valve.add(1);
    expect(seen).toEqual([true, false]);
    valve.remove(1);
    expect(seen).toEqual([true, false]);
    valve.remove(1);
    expect(seen).toEqual([true, false, true]);
  });

  it('replays its state to a late listener, then emits only changes', () => {
    const valve = createValve({ high: 1, low: 0 });
    valve.add(5);
    const { seen } = record(valve);
    valve.add(5);
    valve.remove(10);
    valve.remove(0);
    expect(seen).toEqual([false, true]);
  });

  it('never counts below zero', () => {
    const valve = createValve({ high: 2, low: 0 });
    const { seen } = record(valve);
    valve.remove(100);
    valve.add(2);
    expect(seen).toEqual([true, false]);
  });

  it('tells every listener the changes in order when one of them changes the valve', () => {
    const valve = createValve({ high: 1, low: 0 });
    valve.open$.subscribe((open) => {
      if (!open) valve.remove(1);
    });
    const { seen } = record(valve);
    valve.add(1);
    expect(seen).toEqual([true, false, true]);
  });

  it('works with fractions and without end', () => {
    const valve = createValve({ high: Infinity, low: 0 });
    const { seen } = record(valve);
    valve.add(1e300);
    expect(seen).toEqual([true]);
  });

  it.each([
    [{ high: 0, low: 0 }, 'high'],
    [{ high: NaN, low: 0 }, 'high'],
    [{ high: 2, low: 2 }, 'low'],
    [{ high: 2, low: -1 }, 'low'],
    [{ high: 2, low: NaN }, 'low'],
  ])('refuses %o, naming %s', (config, field) => {
    expect(() => createValve(config)).toThrow(TypeError);
    expect(() => createValve(config)).toThrow(field);
  });

  it.each([-1, NaN])('refuses to add or remove %s', (amount) => {
    const valve = createValve({ high: 2, low: 1 });
    expect(() => valve.add(amount)).toThrow(TypeError);
    expect(() => valve.remove(amount)).toThrow(TypeError);
  });
});

describe('createValve, while it tells', () => {
  it('stops a source that sends at once when it is opened', () => {
    const valve = createValve({ high: 3, low: 1 });
    let open = false;
    let sent = 0;
    valve.open$.subscribe((state) => {
      open = state;
      while (open && sent < 100) {
        sent++;
        valve.add(1);
      }
    });
    expect(sent).toBe(3);
    valve.remove(2);
    expect(sent).toBe(5);
    const late = record(valve);
    valve.remove(2);
    expect(sent).toBe(7);
    late.subscription.unsubscribe();
  });

  it('tells every listener a true story, in order', () => {
    const valve = createValve({ high: 2, low: 0 });
    const before = record(valve);
    valve.open$.pipe(skip(1), take(2)).subscribe((state) => {
      if (state) valve.add(2);
    });
    const after = record(valve);
    valve.add(2);
    valve.remove(2);
    valve.remove(2);
    expect(before.seen).toEqual([true, false, true, false, true]);
    expect(after.seen).toEqual(before.seen);
  });

  it('forgets who has left', () => {
    const valve = createValve({ high: 1, low: 0 });
    const seen: boolean[] = [];
    valve.open$.pipe(take(2)).subscribe((state) => seen.push(state));
    valve.add(1);
    valve.remove(1);
    expect(seen).toEqual([true, false]);
  });

  it('lets its amount be watched, and only its state where it is not ours', () => {
    const valve = createValve({ high: 2, low: 0 });
    const seen: number[] = [];
    outstandingAt(valve).subscribe((amount) => seen.push(amount));
    valve.add(5);
    valve.remove(1.5);
    expect(seen).toEqual([0, 5, 3.5]);
    const foreign: Valve = { ...valve };
    const states: number[] = [];
    outstandingAt(foreign).subscribe((amount) => states.push(amount));
    valve.remove(5);
    expect(states).toEqual([Infinity, 0]);
  });
});

describe('withValve', () => {
  it('makes one valve for each subscription, none before', () => {
    const made: Valve[] = [];
    const source = withValve({ high: 2, low: 1 }, (valve) => {
      made.push(valve);
      return EMPTY;
    });
    expect(made).toHaveLength(0);
    source.subscribe();
    source.subscribe();
    expect(new Set(made).size).toBe(2);
  });
});
