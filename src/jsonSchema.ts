import { Validator } from '@cfworker/json-schema';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { defer, from, map, of, type Observable } from 'rxjs';
import type { JsonSchema } from './chatModel.js';
import { MalformedReplyError } from './errors.js';
import { formatPath } from './fieldPath.js';
import { valibotToJsonSchema } from './valibotJsonSchema.js';

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  /** Where, such as `items[0].name`; empty for the whole value. */
  readonly path: string;
  /** What is wrong there. */
  readonly message: string;
}

/** Whether a schema is a Standard Schema (zod, valibot, arktype …) and not a JSON Schema document. */
export function isStandardSchema(schema: StandardSchemaV1 | JsonSchema): schema is StandardSchemaV1 {
  // arktype's schemas are functions
  const value: unknown = schema;
  return (
    (typeof value === 'function' || (typeof value === 'object' && value !== null)) && '~standard' in value
  );
}

/**
 * The JSON Schema of what a model is asked to write (the *input* of a schema that transforms). A JSON Schema passes
 * through as the object it is; a Standard Schema is converted: by itself where it can (zod 4.2 and later, arktype 2,
 * valibot's `toStandardJsonSchema`), plain valibot by a reader of ours. `$schema` is left out, because some providers
 * refuse it. A schema that cannot be converted is a `TypeError`.
 *
 * ```ts
 * toJsonSchema(z.object({ answer: z.string() }));
 * // { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] }
 * ```
 */
export function toJsonSchema(schema: StandardSchemaV1 | JsonSchema): JsonSchema {
  if (!isStandardSchema(schema)) return asJsonSchema(schema);
  const standard: StandardSchemaV1.Props & Partial<StandardJSONSchemaV1.Props> = schema['~standard'];
  if (standard.jsonSchema) return withoutDialect(converted(standard.jsonSchema, standard.vendor));
  if (standard.vendor === 'valibot') return valibotToJsonSchema(schema);
  throw new TypeError(
    `schema must be a JSON Schema, or a Standard Schema that can be written as one ` +
      `(zod 4.2 or later, valibot 1, arktype 2); this one of ${standard.vendor} has no ~standard.jsonSchema`,
  );
}

/**
 * Checks a value and emits it once, as the schema makes it (defaults filled in, transforms applied; a JSON Schema
 * changes nothing). Synchronous unless the schema's own validation is not.
 *
 * A value that does not fit is a `MalformedReplyError` whose `path` is where the first fault lies.
 */
export function validateAgainst(schema: StandardSchemaV1 | JsonSchema, value: unknown): Observable<unknown> {
  return defer(() => {
    if (!isStandardSchema(schema)) {
      const issues = issuesOf(schema, value);
      if (issues.length > 0) throw mismatch(issues);
      return of(value);
    }
    const result = schema['~standard'].validate(value);
    return (result instanceof Promise ? from(result) : of(result)).pipe(
      map((outcome) => {
        if (!outcome.issues) return outcome.value;
        throw mismatch(
          outcome.issues.map(({ path = [], message }) => ({
            path: formatPath(path.map((segment) => (typeof segment === 'object' ? segment.key : segment))),
            message,
          })),
        );
      }),
    );
  });
}

function asJsonSchema(schema: unknown): JsonSchema {
  if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) return schema as JsonSchema;
  throw new TypeError(`schema must be a JSON Schema object or a Standard Schema, was ${String(schema)}`);
}

function converted(converter: StandardJSONSchemaV1.Converter, vendor: string): JsonSchema {
  try {
    return converter.input({ target: 'draft-2020-12' });
  } catch (first) {
    try {
      // an older dialect is better than none: they differ in little that a model is asked for
      return converter.input({ target: 'draft-07' });
    } catch {
      const why = first instanceof Error ? first.message : String(first);
      throw new TypeError(`schema must be one that can be written as JSON Schema; ${vendor} says: ${why}`, {
        cause: first,
      });
    }
  }
}

function withoutDialect(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'));
}

function mismatch(issues: readonly SchemaIssue[]): MalformedReplyError {
  const [first = { path: '', message: 'it does not fit the schema' }] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const where = first.path === '' ? 'the value' : first.path;
  return new MalformedReplyError(`${where}: ${first.message}${more}`, { path: first.path, issues });
}

function issuesOf(schema: JsonSchema, value: unknown): readonly SchemaIssue[] {
  // the validator writes marks of its own into the schema it is given
  const { errors } = new Validator(structuredClone(schema), '2020-12', false).validate(value);
  const leaves = errors.filter(
    ({ instanceLocation: at }) => !errors.some((other) => other.instanceLocation.startsWith(`${at}/`)),
  );
  return leaves.map(({ instanceLocation, error }) => ({
    path: formatPath(pointerSegments(instanceLocation, value)),
    message: error,
  }));
}

/** A JSON pointer says `0` for an index and for a key alike: the value tells which. */
function pointerSegments(pointer: string, value: unknown): readonly (string | number)[] {
  let here: unknown = value;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      const segment = Array.isArray(here) ? Number(key) : key;
      here =
        typeof here === 'object' && here !== null
          ? (here as Record<string | number, unknown>)[segment]
          : undefined;
      return segment;
    });
}
