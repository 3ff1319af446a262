type Schema = Readonly<Record<string, unknown>>;

/** Keywords whose value is data, not schemas. */
const data = new Set(['enum', 'const', 'default', 'examples', 'required', 'type']);
/** Keywords whose value is an object of schemas by name. */
const named = new Set(['properties', '$defs', 'definitions']);

/**
 * A JSON Schema by the rules of OpenAI's strict mode, in which every object lists all its properties as required and
 * allows no others. Objects that don't say whether they allow others are closed. Undefined where the rules cannot be
 * kept, because a property may be left out or others are allowed: such a schema is asked for without `strict`, instead
 * of being refused.
 */
export function strictSchema(schema: Schema): Schema | undefined {
  try {
    return strict(schema) as Schema;
  } catch (error) {
    if (error === impossible) return undefined;
    throw error;
  }
}

const impossible = new Error('not strict');

function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]: [string, unknown]): [string, unknown] => {
    if (data.has(key)) return [key, value];
    if (named.has(key) && typeof value === 'object' && value !== null) {
      return [key, Object.fromEntries(Object.entries(value).map(([name, part]) => [name, strict(part)]))];
    }
    return [key, strict(value)];
  });
  const closed = Object.fromEntries(entries);
  const { type, properties, required, additionalProperties } = closed;
  if (type !== 'object' && properties === undefined) return closed;
  const listed: readonly unknown[] = Array.isArray(required) ? required : [];
  const allRequired = Object.keys(properties ?? {}).every((name) => listed.includes(name));
  if (!allRequired || ![undefined, false].includes(additionalProperties as undefined)) throw impossible;
  return { ...closed, additionalProperties: false };
}
