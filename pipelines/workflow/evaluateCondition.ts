import { isDeepStrictEqual } from 'node:util';
import type { Condition } from './schema.js';

const ORDERS = {
  greater_than: (order: number) => order > 0,
  at_least: (order: number) => order >= 0,
  less_than: (order: number) => order < 0,
  at_most: (order: number) => order <= 0,
};

/** Whether a condition holds, its references replaced already. Comparing what has no order is a `TypeError`. */
export function evaluateCondition(condition: Condition): boolean {
  if (condition.and) return condition.and.every(evaluateCondition);
  if (condition.or) return condition.or.some(evaluateCondition);
  if (condition.not) return !evaluateCondition(condition.not);
  if (condition.equals) return isDeepStrictEqual(...condition.equals);
  if (condition.not_equals) return !isDeepStrictEqual(...condition.not_equals);
  if (condition.contains) return contains(...condition.contains);
  for (const name of ['greater_than', 'at_least', 'less_than', 'at_most'] as const) {
    const operands = condition[name];
    if (operands) return ORDERS[name](compare(name, ...operands));
  }
  return condition.exists !== null && condition.exists !== undefined;
}

function contains(whole: unknown, part: unknown): boolean {
  if (typeof whole === 'string') return typeof part === 'string' && whole.includes(part);
  if (Array.isArray(whole)) return whole.some((item) => isDeepStrictEqual(item, part));
  if (typeof whole === 'object' && whole !== null)
    return typeof part === 'string' && Object.hasOwn(whole, part);
  return false;
}

function compare(name: string, a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  const kind = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value);
  throw new TypeError(`${name} compares two numbers or two texts, not ${kind(a)} and ${kind(b)}`);
}
