import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { JsonSchema } from './chatModel.js';

/** What a valibot schema or pipe item shows of itself. */
type Part = Readonly<Record<string, unknown>> & { readonly kind: string; readonly type: string };

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && 'kind' in value && 'type' in value;

/**
 * The JSON Schema of a valibot schema's input. Valibot keeps its conversion in a package of its own, which could only
 * be loaded asynchronously; its schemas are plain data, so the kinds that JSON can hold are read here.
 *
 * Restrictions that JSON Schema cannot say (`check`, `custom` …) are left out: the reply is validated by the schema
 * itself in the end. A kind of value that JSON cannot hold is a `TypeError`.
 */
export function valibotToJsonSchema(schema: StandardSchemaV1): JsonSchema {
  const definitions = new Map<unknown, { readonly name: string; schema: JsonSchema }>();
  const root = read(schema);
  return definitions.size === 0
    ? root
    : { ...root, $defs: Object.fromEntries([...definitions.values()].map((d) => [d.name, d.schema])) };

  function read(value: unknown): JsonSchema {
    if (!isPart(value)) throw unreadable(String(value));
    if (!Array.isArray(value['pipe'])) return readKind(value);
    const [first, ...rest] = value['pipe'] as readonly unknown[];
    let result = read(first);
    for (const item of rest) {
      if (!isPart(item)) continue;
      // what follows a transformation speaks of the output, which the model does not write
      if (item.kind === 'transformation' && !READ_ONLY.has(item.type)) break;
      result =
        item.kind === 'schema'
          ? { allOf: [result, read(item)] }
          : { ...result, ...restriction(item, result) };
    }
    return result;
  }

  function readKind(part: Part): JsonSchema {
    switch (part.type) {
      case 'string':
      case 'number':
      case 'boolean':
      case 'null':
        return { type: part.type };
      case 'any':
      case 'unknown':
        return {};
      case 'literal':
        return { const: json(part['literal'], part) };
      case 'picklist':
      case 'enum':
        return readOptions(part);
      case 'optional':
      case 'exact_optional':
      case 'undefinedable':
      case 'non_optional':
      case 'non_nullish':
      case 'non_nullable':
        return withDefault(read(part['wrapped']), part);
      case 'nullable':
      case 'nullish':
        return withDefault({ anyOf: [read(part['wrapped']), { type: 'null' }] }, part);
      case 'array':
        return { type: 'array', items: read(part['item']) };
      case 'tuple':
      case 'loose_tuple':
      case 'strict_tuple':
      case 'tuple_with_rest':
        return readTuple(part);
      case 'object':
      case 'loose_object':
      case 'strict_object':
      case 'object_with_rest':
        return readObject(part);
      case 'record':
        return {
          type: 'object',
          propertyNames: read(part['key']),
          additionalProperties: read(part['value']),
        };
      case 'union':
      // anyOf says the same here as oneOf, which some providers refuse
      case 'variant':
        return { anyOf: (part['options'] as readonly unknown[]).map(read) };
      case 'intersect':
        return { allOf: (part['options'] as readonly unknown[]).map(read) };
      case 'lazy':
        return readLazy(part);
      default:
        throw unreadable(part.type);
    }
  }

  function readOptions(part: Part): JsonSchema {
    const options = (part['options'] as readonly unknown[]).map((option) => json(option, part));
    const types = [...new Set(options.map((option) => typeof option))];
    return { enum: options, type: types.length === 1 ? types[0] : types };
  }

  function readTuple(part: Part): JsonSchema {
    const items = part['items'] as readonly unknown[];
    const rest = part['rest'];
    return {
      type: 'array',
      prefixItems: items.map(read),
      minItems: items.length,
      ...(part.type === 'strict_tuple' && { items: false }),
      ...(part.type === 'tuple_with_rest' && { items: read(rest) }),
    };
  }

  function readObject(part: Part): JsonSchema {
    const entries = Object.entries(part['entries'] as Readonly<Record<string, Part>>);
    return {
      type: 'object',
      properties: Object.fromEntries(entries.map(([key, entry]) => [key, read(entry)])),
      required: entries.filter(([, entry]) => !OPTIONAL.has(entry.type)).map(([key]) => key),
      ...(part.type === 'strict_object' && { additionalProperties: false }),
      ...(part.type === 'object_with_rest' && { additionalProperties: read(part['rest']) }),
    };
  }

  function readLazy(part: Part): JsonSchema {
    // a getter may make a new schema each time; the lazy one is what stays the same
    let known = definitions.get(part['getter']);
    if (!known) {
      known = { name: `lazy${definitions.size}`, schema: {} };
      definitions.set(part['getter'], known);
      known.schema = read((part['getter'] as (input: unknown) => unknown)(undefined));
    }
    return { $ref: `#/$defs/${known.name}` };
  }
}

const OPTIONAL = new Set(['optional', 'exact_optional', 'nullish', 'undefinedable']);
const READ_ONLY = new Set([
  'readonly',
  'trim',
  'trim_start',
  'trim_end',
  'to_lower_case',
  'to_upper_case',
  'brand',
]);

const FORMATS: Readonly<Record<string, string>> = {
  email: 'email',
  url: 'uri',
  uuid: 'uuid',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  iso_date: 'date',
  iso_timestamp: 'date-time',
};

function restriction(item: Part, of: JsonSchema): JsonSchema {
  const limit = item['requirement'];
  const size = of['type'] === 'array' ? 'Items' : 'Length';
  switch (item.type) {
    case 'integer':
    case 'safe_integer':
      return { type: 'integer' };
    case 'min_value':
      return typeof limit === 'number' ? { minimum: limit } : {};
    case 'max_value':
      return typeof limit === 'number' ? { maximum: limit } : {};
    case 'gt_value':
      return typeof limit === 'number' ? { exclusiveMinimum: limit } : {};
    case 'lt_value':
      return typeof limit === 'number' ? { exclusiveMaximum: limit } : {};
    case 'multiple_of':
      return { multipleOf: limit };
    case 'min_length':
      return { [`min${size}`]: limit };
    case 'max_length':
      return { [`max${size}`]: limit };
    case 'length':
      return { [`min${size}`]: limit, [`max${size}`]: limit };
    case 'non_empty':
      return { [`min${size}`]: 1 };
    case 'regex':
      return limit instanceof RegExp && limit.flags === '' ? { pattern: limit.source } : {};
    case 'description':
      return { description: item['description'] };
    case 'title':
      return { title: item['title'] };
    default: {
      const format = FORMATS[item.type];
      return format === undefined ? {} : { format };
    }
  }
}

function withDefault(schema: JsonSchema, part: Part): JsonSchema {
  const value = part['default'];
  return value === undefined || typeof value === 'function' ? schema : { ...schema, default: value };
}

function json(value: unknown, part: Part): unknown {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw unreadable(`${part.type} of ${typeof value}`);
}

function unreadable(kind: string): TypeError {
  return new TypeError(
    `schema must be one that can be written as JSON Schema; valibot's ${kind} cannot. ` +
      `toStandardJsonSchema of @valibot/to-json-schema can be told how`,
  );
}
