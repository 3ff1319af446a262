import { toJsonSchema as theirs, toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import { firstValueFrom, type Observable } from 'rxjs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MalformedReplyError } from '../../src/index.js';
import { toJsonSchema, validateAgainst } from '../../src/jsonSchema.js';

const ANSWER = {
  type: 'object',
  properties: { answer: { type: 'string' }, sure: { type: 'number' } },
  required: ['answer'],
};
const schemas = {
  zod: z.object({ answer: z.string(), sure: z.number().optional() }),
  valibot: v.object({ answer: v.string(), sure: v.optional(v.number()) }),
  arktype: type({ answer: 'string', 'sure?': 'number' }),
  'valibot, with its own converter': toStandardJsonSchema(
    v.object({ answer: v.string(), sure: v.optional(v.number()) }),
  ),
};

describe('toJsonSchema', () => {
  it.each(Object.entries(schemas))('converts %s', (_, schema) => {
    expect(toJsonSchema(schema)).toEqual(ANSWER);
  });

  it('passes a JSON Schema through as it is', () => {
    const schema = Object.freeze({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' });
    expect(toJsonSchema(schema)).toBe(schema);
  });

  it('speaks of what goes in, not of what a transformation makes of it', () => {
    expect(toJsonSchema(z.object({ n: z.string().transform(Number) }))).toEqual({
      type: 'object',
      properties: { n: { type: 'string' } },
      required: ['n'],
    });
    expect(toJsonSchema(v.pipe(v.string(), v.transform(Number), v.minValue(3)))).toEqual({ type: 'string' });
  });

  it.each([
    ['zod', z.object({ at: z.date() })],
    ['valibot', v.object({ at: v.date() })],
  ])('refuses a %s schema of something that JSON cannot hold', (vendor, schema) => {
    expect(() => toJsonSchema(schema)).toThrow(TypeError);
    expect(() => toJsonSchema(schema)).toThrow(/^schema must be/);
    expect(() => toJsonSchema(schema)).toThrow(vendor);
  });

  it('refuses a Standard Schema that cannot be written down', () => {
    const schema = {
      '~standard': { version: 1, vendor: 'other', validate: (value: unknown) => ({ value }) },
    } as const;
    expect(() => toJsonSchema(schema)).toThrow(TypeError);
    expect(() => toJsonSchema(schema)).toThrow('this one of other has no');
  });

  it.each([null, undefined, 'string', [], 3])('refuses %j', (schema) => {
    expect(() => toJsonSchema(schema as never)).toThrow(TypeError);
  });

  it('asks for an older dialect where the newer one is not spoken', () => {
    const schema = {
      '~standard': {
        version: 1,
        vendor: 'old',
        validate: (value: unknown) => ({ value }),
        jsonSchema: {
          input: ({ target }: { target: string }) => {
            if (target !== 'draft-07') throw new Error('unknown');
            return { type: 'null' };
          },
          output: () => ({}),
        },
      },
    } as const;
    expect(toJsonSchema(schema)).toEqual({ type: 'null' });
  });
});

describe('toJsonSchema of plain valibot says what @valibot/to-json-schema says', () => {
  it.each<[string, v.GenericSchema]>([
    ['any', v.any()],
    ['unknown', v.unknown()],
    ['boolean', v.boolean()],
    ['null', v.null()],
    ['literal', v.literal('a')],
    ['picklist', v.picklist(['a', 'b'])],
    ['enum', v.enum({ A: 'a', B: 2 })],
    ['nullable', v.nullable(v.string())],
    ['default', v.object({ a: v.optional(v.string(), 'x') })],
    ['nullish', v.object({ a: v.nullish(v.string()) })],
    ['array', v.array(v.number())],
    ['tuple', v.tuple([v.string(), v.number()])],
    ['strict tuple', v.strictTuple([v.string(), v.number()])],
    ['tuple with rest', v.tupleWithRest([v.string()], v.number())],
    ['strict object', v.strictObject({ a: v.string() })],
    ['object with rest', v.objectWithRest({ a: v.string() }, v.number())],
    ['union', v.union([v.string(), v.object({ k: v.number() })])],
    ['intersect', v.intersect([v.object({ a: v.string() }), v.object({ b: v.string() })])],
    ['integer range', v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9))],
    ['open range', v.pipe(v.number(), v.gtValue(1), v.ltValue(9), v.multipleOf(2))],
    ['string length', v.pipe(v.string(), v.minLength(1), v.maxLength(9))],
    ['array length', v.pipe(v.array(v.string()), v.nonEmpty(), v.maxLength(9))],
    ['pattern', v.pipe(v.string(), v.regex(/^a+$/))],
    ['formats', v.object({ a: v.pipe(v.string(), v.email()), b: v.pipe(v.string(), v.isoDate()) })],
    ['words about it', v.pipe(v.string(), v.title('T'), v.description('D'))],
    ['nested pipe', v.pipe(v.pipe(v.string(), v.minLength(1)), v.maxLength(3))],
  ])('%s', (_, schema) => {
    const { $schema, ...expected } = theirs(schema, { target: 'draft-2020-12', typeMode: 'input' });
    expect($schema).toBeTypeOf('string');
    expect(toJsonSchema(schema)).toEqual(expected);
  });

  it('but for a variant: anyOf, which every provider knows', () => {
    const schema = v.variant('t', [v.object({ t: v.literal('a') }), v.object({ t: v.literal('b') })]);
    const { oneOf } = theirs(schema, { target: 'draft-2020-12' });
    expect(toJsonSchema(schema)).toEqual({ anyOf: oneOf });
  });

  it('a record, a tree of itself, and a check that JSON Schema has no word for', () => {
    expect(toJsonSchema(v.record(v.string(), v.number()))).toEqual({
      type: 'object',
      propertyNames: { type: 'string' },
      additionalProperties: { type: 'number' },
    });
    interface Tree {
      value: string;
      children: Tree[];
    }
    const tree: v.GenericSchema<Tree> = v.object({
      value: v.string(),
      children: v.array(v.lazy(() => tree)),
    });
    const schema = toJsonSchema(tree);
    expect(schema['$defs']).toBeDefined();
    expect(
      toJsonSchema(
        v.pipe(
          v.string(),
          v.check((text) => text !== 'no'),
        ),
      ),
    ).toEqual({ type: 'string' });
  });
});

const only = (source: Observable<unknown>) => firstValueFrom(source, { defaultValue: 'nothing' });

describe('validateAgainst', () => {
  const failure = async (schema: Parameters<typeof validateAgainst>[0], value: unknown) =>
    (await only(validateAgainst(schema, value)).then(
      () => {
        throw new Error('it was accepted');
      },
      (error: unknown) => error,
    )) as MalformedReplyError;

  it.each([...Object.entries(schemas), ['JSON Schema', ANSWER] as const])(
    'accepts what fits %s',
    async (_, schema) => {
      const value = { answer: 'blue', sure: 1 };
      expect(await only(validateAgainst(schema, value))).toEqual(value);
    },
  );

  it.each([...Object.entries(schemas), ['JSON Schema', ANSWER] as const])(
    'names the path of what does not fit %s',
    async (_, schema) => {
      const error = await failure(schema, { answer: 'blue', sure: 'yes' });
      expect(error).toBeInstanceOf(MalformedReplyError);
      expect(error.path).toBe('sure');
      expect(error.message).toMatch(/^sure: /);
      expect(error.retryable).toBe(true);
    },
  );

  it.each([
    ['zod', z.object({ items: z.array(z.object({ 'odd key': z.number() })) })],
    ['valibot', v.object({ items: v.array(v.object({ 'odd key': v.number() })) })],
    ['arktype', type({ items: type({ 'odd key': 'number' }).array() })],
    [
      'JSON Schema',
      {
        type: 'object',
        properties: {
          items: { type: 'array', items: { type: 'object', properties: { 'odd key': { type: 'number' } } } },
        },
      },
    ],
  ])('names a nested path, %s', async (_, schema) => {
    const error = await failure(schema, { items: [{ 'odd key': 1 }, { 'odd key': 'x' }] });
    expect(error.path).toBe('items[1]["odd key"]');
    expect(error.issues).toHaveLength(1);
  });

  it('gives what the schema makes of the value', async () => {
    const schema = z.object({ n: z.string().transform(Number), unit: z.string().default('m') });
    expect(await only(validateAgainst(schema, { n: '3' }))).toEqual({ n: 3, unit: 'm' });
  });

  it('is synchronous where the schema is, and waits where it is not', async () => {
    const seen: unknown[] = [];
    validateAgainst(z.string(), 'a').subscribe((value) => seen.push(value));
    validateAgainst(ANSWER, { answer: 'b' }).subscribe((value) => seen.push(value));
    expect(seen).toEqual(['a', { answer: 'b' }]);
    const slow = v.pipeAsync(
      v.string(),
      v.checkAsync((text) => Promise.resolve(text === 'a'), 'not a'),
    );
    expect(await only(validateAgainst(slow, 'a'))).toBe('a');
    expect((await failure(slow, 'b')).message).toContain('not a');
  });

  it('leaves a JSON Schema as it was, recursion, references and all', async () => {
    const schema = deepFreeze({
      $defs: {
        node: { type: 'object', properties: { next: { $ref: '#/$defs/node' }, n: { type: 'integer' } } },
      },
      $ref: '#/$defs/node',
    });
    expect(await only(validateAgainst(schema, { next: { next: { n: 1 } } }))).toBeDefined();
    expect((await failure(schema, { next: { next: { n: 1.5 } } })).path).toBe('next.next.n');
  });

  it('says what is missing', async () => {
    const error = await failure(ANSWER, {});
    expect(error.path).toBe('');
    expect(error.message).toContain('"answer"');
  });
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
