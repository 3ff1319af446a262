import { describe, expect, it } from 'vitest';
import { strictSchema } from '../../../providers/openai/strictSchema.js';

const object = (properties: object, rest: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...rest,
});
const closed = { additionalProperties: false };

describe('strictSchema', () => {
  it('closes every object, wherever it stands', () => {
    const leaf = object({ enum: { type: 'string', enum: ['properties'] } });
    const schema = object(
      { list: { type: 'array', items: leaf }, either: { anyOf: [leaf, { type: 'null' }] } },
      { $defs: { properties: leaf } },
    );
    const shut = { ...leaf, ...closed };
    expect(strictSchema(schema)).toEqual({
      ...schema,
      ...closed,
      properties: { list: { type: 'array', items: shut }, either: { anyOf: [shut, { type: 'null' }] } },
      $defs: { properties: shut },
    });
  });

  it('gives up where a property may be left out or others are allowed', () => {
    const optional = { type: 'object', properties: { a: {} }, required: [] };
    expect(strictSchema(optional)).toBeUndefined();
    expect(strictSchema(object({ a: optional }))).toBeUndefined();
    expect(strictSchema(object({ a: {} }, { additionalProperties: true }))).toBeUndefined();
    expect(strictSchema(object({ a: {} }, { additionalProperties: { type: 'string' } }))).toBeUndefined();
  });
});
