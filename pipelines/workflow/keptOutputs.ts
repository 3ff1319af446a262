import { WorkflowError } from '../../src/errors.js';
import { formatPath } from '../../src/fieldPath.js';
import type { StepOutputs } from './register.js';

type Path = readonly (string | number)[];

/**
 * A step's outputs as they come back from a checkpoint: a later attempt sees what the first one saw, so what JSON would
 * change is refused, not changed.
 */
export function keptOutputs(outputs: StepOutputs, id: string, path: string): StepOutputs {
  const copy = (value: unknown, at: Path): unknown => {
    const refuse = (what: string): never => {
      throw new WorkflowError(
        `step ${JSON.stringify(id)} (${path}): ${formatPath(at)} must be JSON to be kept, not ${what}`,
        { path },
      );
    };
    if (at.length > DEEPEST) return refuse(`nested deeper than ${DEEPEST} levels`);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(String(value));
    if (Array.isArray(value)) return Array.from(value, (item, index) => copy(item, [...at, index]));
    if (typeof value !== 'object') return refuse(value === undefined ? 'undefined' : `a ${typeof value}`);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
      return refuse(`a ${value.constructor.name}`);
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([key, item]) => [key, copy(item, [...at, key])]));
  };
  return copy(outputs, ['outputs']) as StepOutputs;
}

const DEEPEST = 200;
