import type { Problem } from './problem.js';
import { formatPath } from '../../src/fieldPath.js';

/** Keywords whose fields are names of the data, not keywords. */
const BY_NAME = new Set(['properties', '$defs', 'definitions', 'dependentSchemas', 'dependentRequired']);
/** Keywords that hold data. */
const DATA = new Set(['enum', 'const', 'default', 'examples', 'required']);

/**
 * What a JSON Schema from an untrusted file must not hold: patterns (a regular expression can take forever on the
 * wrong text) and references that lead out of it.
 */
export function schemaKeywordProblems(schema: unknown, at: readonly (string | number)[]): readonly Problem[] {
  if (Array.isArray(schema))
    return schema.flatMap((item, index) => schemaKeywordProblems(item, [...at, index]));
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema as Readonly<Record<string, unknown>>).flatMap(([key, value]) => {
    const path = [...at, key];
    if (DATA.has(key)) return [];
    if (BY_NAME.has(key) && typeof value === 'object' && value !== null) {
      return Object.entries(value).flatMap(([name, inner]) => schemaKeywordProblems(inner, [...path, name]));
    }
    if (key === 'pattern' || key === 'patternProperties')
      return [{ path: formatPath(path), message: 'regular expressions are not allowed in a workflow file' }];
    if ((key === '$ref' && !(typeof value === 'string' && value.startsWith('#'))) || key === '$id')
      return [{ path: formatPath(path), message: 'a schema can only refer to itself (#/$defs/…)' }];
    return schemaKeywordProblems(value, path);
  });
}
