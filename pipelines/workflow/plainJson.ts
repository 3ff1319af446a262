import { formatPath } from '../../src/fieldPath.js';
import { BOUNDS, isForbiddenName } from './bounds.js';
import type { Problem } from './problem.js';

type Path = readonly (string | number)[];

/**
 * A frozen copy of a definition that holds nothing but JSON: later checks and the run read the copy, so that neither
 * a getter nor a change in between can show them different things. Forbidden names are reported and left out.
 *
 * `value` is `undefined` where the whole is too large or too deep to be looked at any further.
 */
export function plainJson(
  source: unknown,
  textLength: number = BOUNDS.textLength,
): {
  readonly value: unknown;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  let left: number = BOUNDS.values;
  const report = (path: Path, message: string): null => {
    problems.push({ path: formatPath(path), message });
    return null;
  };

  const copy = (value: unknown, path: Path): unknown => {
    if (--left < 0) throw new TooLarge([], `it must have at most ${BOUNDS.values} values`);
    if (path.length > BOUNDS.depth)
      throw new TooLarge(path.slice(0, 6), `it must not be nested deeper than ${BOUNDS.depth} levels`);
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'number')
      return Number.isFinite(value) ? value : report(path, 'must be a finite number');
    if (typeof value === 'string') {
      return value.length <= textLength ? value : report(path, `must have at most ${textLength} characters`);
    }
    if (Array.isArray(value)) {
      if (value.length > left) throw new TooLarge(path, `it must have at most ${BOUNDS.values} values`);
      return Object.freeze(Array.from(value, (item, index) => copy(item, [...path, index])));
    }
    if (typeof value !== 'object') return report(path, `must be JSON, not a ${typeof value}`);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
      return report(path, 'must be a plain object');
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      if (isForbiddenName(key)) report([...path, key], `the name ${key} is not allowed`);
      else if (item !== undefined) result[key] = copy(item, [...path, key]);
    }
    return Object.freeze(result);
  };

  try {
    return { value: copy(source, []), problems };
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    return { value: undefined, problems: [{ path: formatPath(error.path), message: error.message }] };
  }
}

class TooLarge extends Error {
  constructor(
    readonly path: Path,
    message: string,
  ) {
    super(message);
  }
}
