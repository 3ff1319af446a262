import { shown } from '../../src/shown.js';
/** The value, if it is in range; else a `TypeError` that names option, value and what is allowed. */
export function checked(
  option: string,
  value: number,
  allowed: string,
  inRange: (value: number) => boolean,
): number {
  if (typeof value === 'number' && inRange(value)) return value;
  throw new TypeError(`${option} must be ${allowed}, got ${shown(value)}`);
}
