import type { z } from 'zod';
import { formatPath } from '../../src/fieldPath.js';
import { suggestion } from './nearestName.js';
import { shownName, type Problem } from './problem.js';

type Path = readonly PropertyKey[];
/** What zod shows of a schema of any kind. */
interface Shown {
  readonly _zod: {
    readonly def: {
      readonly type: string;
      readonly innerType?: Shown;
      readonly options?: readonly Shown[];
      readonly element?: Shown;
      readonly valueType?: Shown;
      readonly shape?: Readonly<Record<string, Shown>>;
    };
  };
}

/** What zod found wrong with a value, as problems below `at`; an unknown field comes with the nearest known one. */
export function schemaProblems(schema: z.ZodType, value: unknown, at: Path): readonly Problem[] {
  const result = schema.safeParse(value);
  return result.success ? [] : result.error.issues.flatMap((issue) => told(issue, [], at, schema));
}

function told(issue: z.core.$ZodIssue, within: Path, at: Path, schema: Shown): readonly Problem[] {
  const inside = [...within, ...issue.path];
  const path = formatPath([...at, ...inside]);
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(schema, inside);
    return issue.keys.map((key) => ({
      path: formatPath([...at, ...inside, key]),
      message: `unknown field ${shownName(key)}${suggestion(key, known)}`,
    }));
  }
  if (issue.code === 'invalid_key') {
    const why = issue.issues[0]?.message ?? 'is not allowed';
    return [{ path, message: `the name ${why}` }];
  }
  if (issue.code === 'invalid_union') {
    // The member that the value was meant as is the one that got past the value's own type.
    const meant = issue.errors.filter((errors) =>
      errors.every((error) => error.path.length > 0 || isInner(error)),
    );
    if (meant.length === 1) return (meant[0] ?? []).flatMap((error) => told(error, inside, at, schema));
  }
  return [{ path, message: sentence(issue) }];
}

const isInner = (issue: z.core.$ZodIssue) => issue.code === 'unrecognized_keys';

/** Never the value itself: it may be a key that was put in the wrong place. */
function sentence(issue: z.core.$ZodIssue): string {
  const message = issue.message;
  if (issue.code === 'invalid_type') {
    return issue.input === undefined && message.endsWith('received undefined')
      ? `is missing (${issue.expected})`
      : message.replace(/^Invalid input: expected/, 'must be').replace(/, received .*/, '');
  }
  return message
    .replace(/^Invalid (input|option): expected/, 'must be')
    .replace(/^Too (?:big|small): expected \w+ to (be|have)/, 'must $1');
}

/** The names of the fields that an object at a path may have. */
function fieldsAt(schema: Shown, path: Path): readonly string[] {
  let here = [schema];
  for (const segment of path) {
    here = here.flatMap(members).flatMap(({ _zod: { def } }) => {
      if (def.shape) return typeof segment === 'string' ? (def.shape[segment] ?? []) : [];
      return def.element ?? def.valueType ?? [];
    });
  }
  return here.flatMap(members).flatMap(({ _zod: { def } }) => Object.keys(def.shape ?? {}));
}

/** A schema without its wrappings, or the members of a union. */
function members(schema: Shown): readonly Shown[] {
  const { def } = schema._zod;
  if (def.options) return def.options.flatMap(members);
  return def.innerType ? members(def.innerType) : [schema];
}
