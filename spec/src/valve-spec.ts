import { describe, expect, it } from 'vitest';
import { createValve, withValve, type Valve } from '../../src/index.js';
import { EMPTY } from 'rxjs';

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
