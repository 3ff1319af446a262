/**
 * Whether a JSON Schema keeps the rules of OpenAI's strict mode: every object lists all its properties as required and
 * allows no others. A schema with optional fields is asked for without `strict`, instead of being refused.
 */
export function isStrictSchema(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictSchema);
  if (typeof schema !== 'object' || schema === null) return true;
  const { properties, required, additionalProperties } = schema as Readonly<Record<string, unknown>>;
  if (typeof properties === 'object' && properties !== null) {
    const names = Object.keys(properties);
    const listed: readonly unknown[] = Array.isArray(required) ? required : [];
    if (additionalProperties !== false || !names.every((name) => listed.includes(name))) return false;
    if (!Object.values(properties).every(isStrictSchema)) return false;
  }
  return Object.entries(schema).every(
    ([key, value]) =>
      ['properties', 'enum', 'const', 'default', 'examples'].includes(key) || isStrictSchema(value),
  );
}
