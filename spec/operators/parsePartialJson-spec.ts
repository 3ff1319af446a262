import { type } from 'arktype';
import fc from 'fast-check';
import { concat, from, map, NEVER, of, Subject, take, throwError, type Observable } from 'rxjs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parsePartialJson } from '../../operators/parsePartialJson.js';
import { MalformedReplyError } from '../../src/index.js';
import { marbles } from '../support/marbles.js';

/** What came, in order, and the error that ended it. Emissions are frozen: changing one later would throw. */
function run<T>(source: Observable<T>): { values: T[]; error: unknown; completed: boolean } {
  const seen = { values: [] as T[], error: undefined as unknown, completed: false };
  source.subscribe({
    next: (value) => seen.values.push(deepFreeze(value)),
    error: (error: unknown) => (seen.error = error),
    complete: () => (seen.completed = true),
  });
  return seen;
}

const parsed = (...tokens: string[]) => run(from(tokens).pipe(parsePartialJson()));

describe('parsePartialJson', () => {
  it('shows an object as it grows', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('  a--b--c--d--e--f-|', {
        a: '{"n"',
        b: ': 12',
        c: ', "say": "Hel',
        d: 'lo',
        e: '", "list": [tr',
        f: 'ue, {"x": nul',
      });
      const tokens = concat(source, of('l}]}'));
      expectObservable(tokens.pipe(parsePartialJson())).toBe('a-----c--d--e--f-(g|)', {
        a: {},
        c: { n: 12, say: 'Hel' },
        d: { n: 12, say: 'Hello' },
        e: { n: 12, say: 'Hello', list: [] },
        f: { n: 12, say: 'Hello', list: [true, {}] },
        g: { n: 12, say: 'Hello', list: [true, { x: null }] },
      });
    });
  });

  it('emits nothing for a token that changes nothing, white space and empty ones included', () => {
    expect(parsed('', ' \n', '[', ' ', '"a', '"', ' ', ']', ' ').values).toEqual([[], ['a']]);
  });

  it.each([
    ['12', 12],
    ['-0.5e+3 ', -500],
    ['true', true],
    ['null', null],
    ['"a"', 'a'],
    ['[]', []],
    [' {} ', {}],
  ])('reads %s', (text, value) => {
    expect(parsed(text)).toEqual({ values: [value], error: undefined, completed: true });
    expect(parsed(...text.split('')).values.at(-1)).toEqual(value);
  });

  it('shows a number only when it cannot grow any more', () => {
    expect(parsed('[1', '2', '.', '5', ',').values).toEqual([[], [12.5]]);
  });

  it('never shows half of a surrogate pair, escaped or not', () => {
    expect(parsed('"a\\ud8', '3d', '\\ude', '00b"').values).toEqual(['a', 'a😀b']);
    expect(parsed('"a\ud83d', '\ude00b"').values).toEqual(['a', 'a😀b']);
  });

  it('keeps a lone surrogate, as JSON.parse does', () => {
    expect(parsed('"\\ud83d', 'x"').values).toEqual(['', '\ud83dx']);
    expect(parsed('"\\ud83d', '"').values).toEqual(['', '\ud83d']);
  });

  it('takes __proto__ for a name like any other', () => {
    const { values } = parsed('{"__proto__": {"admin": ', 'true}, "x": ', '1}');
    const last = values.at(-1) as object;
    expect(Object.keys(last)).toEqual(['__proto__', 'x']);
    expect('admin' in last).toBe(false);
  });

  it('shares what has not grown with the emission before', () => {
    const { values } = parsed('{"done": {"deep": [1]}, "open": "a', 'b', 'c"}') as {
      values: { done: object }[];
    };
    expect(values).toHaveLength(3);
    expect(values[1]?.done).toBe(values[0]?.done);
    expect(values[2]?.done).toBe(values[0]?.done);
  });

  describe('passes over a Markdown fence', () => {
    it.each([
      ['```json\n{"a":1}\n```'],
      [' ```\n{"a":1}```\n'],
      ['```JSON5 \r\n{"a":1}\n'],
      ['```json\n{"a":1}\n```\n\n'],
    ])('%j', (text) => {
      expect(parsed(text).values).toEqual([{ a: 1 }]);
      expect(parsed(...text.split(''))).toMatchObject({ completed: true });
    });

    it.each(['``{}', '```{}```', '{}```', '```json\n{}\n```x', '```json\n{}\n``', '```\n{}\n````'])(
      'but not over %j',
      (text) => {
        expect(parsed(text).error).toBeInstanceOf(MalformedReplyError);
        expect(parsed(...text.split('')).error).toBeInstanceOf(MalformedReplyError);
      },
    );
  });

  it.each([
    ['', 'there was no text'],
    [' ', 'too early'],
    ['{"a": 1', 'too early'],
    ['Sure! {"a": 1}', 'unexpected "S" in JSON at character 0'],
    ['{"a": 1} Hope this helps!', 'unexpected "H" in JSON at character 9'],
    ['{a: 1}', 'character 1'],
    ['[1,]', 'character 3'],
    ['{"a":1,}', 'character 7'],
    ['[1}', 'character 2'],
    ['[01]', 'no JSON number: 01'],
    ['[1.]', 'no JSON number'],
    ['"a\nb"', 'unexpected "\\n"'],
    ['"\\x"', 'unexpected "x"'],
    ['"\\u00g0"', 'unexpected "g"'],
    ['nul', 'too early'],
    ['nulL', 'unexpected "L"'],
    ['['.repeat(1001), 'nested deeper'],
    ['1'.repeat(2000), 'number of more than'],
  ])('refuses %j', (text, why) => {
    for (const tokens of [[text], text.split('')]) {
      const { error, completed } = parsed(...tokens);
      expect(completed).toBe(false);
      expect(error).toBeInstanceOf(MalformedReplyError);
      expect((error as MalformedReplyError).message).toContain(why);
      expect((error as MalformedReplyError).retryable).toBe(true);
    }
  });

  it('emits what came before the first wrong character, then fails and lets the source go', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('--a--b--c|', { a: '{"a":"x', b: 'y" oh', c: 'more' });
      expectObservable(source.pipe(parsePartialJson())).toBe(
        '--a--(b#)',
        { a: { a: 'x' }, b: { a: 'xy' } },
        new MalformedReplyError('unexpected "o" in JSON at character 10'),
      );
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });

  it("passes the source's error on", () => {
    const error = new Error('lost');
    const seen = run(
      concat(
        of('{"a":'),
        throwError(() => error),
      ).pipe(parsePartialJson()),
    );
    expect(seen).toEqual({ values: [{}], error, completed: false });
  });

  it('unsubscribes from the source when its consumer does', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a--b--c--', { a: '[1,', b: '2,', c: '3,' });
      expectObservable(source.pipe(parsePartialJson()), '^---!').toBe('a--b', { a: [1], b: [1, 2] });
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });

  it('stops listening to a synchronous source', () => {
    let asked = 0;
    const endless = from(
      (function* () {
        yield '[';
        for (;;) {
          asked++;
          yield '1,';
        }
      })(),
    );
    expect(run(endless.pipe(parsePartialJson(), take(3))).values).toEqual([[], [1], [1, 1]]);
    expect(asked).toBe(2);
  });

  it('takes tokens that come while it emits', () => {
    const tokens = new Subject<string>();
    const seen: unknown[] = [];
    tokens.pipe(parsePartialJson()).subscribe((value) => {
      seen.push(value);
      if (seen.length === 1) tokens.next('1]');
    });
    tokens.next('[');
    expect(seen).toEqual([[], [1]]);
  });

  it('starts afresh for each subscription', () => {
    const source = of('{"a', '":1}').pipe(parsePartialJson());
    expect(run(source).values).toEqual([{}, { a: 1 }]);
    expect(run(source).values).toEqual([{}, { a: 1 }]);
    const half = concat(of('{"a":'), NEVER).pipe(parsePartialJson());
    run(half);
    expect(run(half).values).toEqual([{}]);
  });

  it('works the same however the text is cut, and gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }),
        fc.constantFrom(0, 1, '\t'),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (value, space, sizes) => {
          const text = JSON.stringify(value, null, space);
          const grown = new Map<number, unknown>();
          let at = 0;
          let shown: unknown;
          const one = from(Array.from(text, (char) => char)).pipe(
            map((char) => {
              grown.set(at, shown);
              at += char.length;
              return char;
            }),
            parsePartialJson(),
          );
          const { error } = run(one.pipe(map((now) => (shown = now))));
          expect(error).toBeUndefined();
          expect(shown).toEqual(JSON.parse(text));

          const tokens = cut(text, sizes);
          let length = 0;
          let latest: unknown;
          const chunked = from(tokens).pipe(
            map((token) => {
              if (grown.has(length)) expect(latest).toEqual(grown.get(length));
              length += token.length;
              return token;
            }),
            parsePartialJson(),
            map((now) => (latest = now)),
          );
          expect(run(chunked).error).toBeUndefined();
          expect(latest).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it('accepts exactly what JSON.parse accepts', () => {
    const chars = fc.constantFrom(...'{}[]:,"\\u0a1-.e+ \ntruefalsnl'.split(''));
    const texts = fc.oneof(
      fc.string({ unit: chars, maxLength: 12 }),
      fc.tuple(fc.jsonValue(), fc.nat(), chars).map(([value, at, char]) => {
        const text = JSON.stringify(value);
        const where = at % (text.length + 1);
        return text.slice(0, where) + char + text.slice(where + 1);
      }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(parsed(text).error).toBeInstanceOf(MalformedReplyError);
          expect(parsed(...text.split('')).error).toBeInstanceOf(MalformedReplyError);
          return;
        }
        expect(parsed(text).values.at(-1)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('reads each character once: a long reply in small tokens costs no more than in proportion', () => {
    const cost = (words: number): number => {
      const text = JSON.stringify({
        parts: Array.from({ length: 10 }, (_, n) => ({ n, text: 'word '.repeat(words) })),
      });
      const tokens = cut(text, [4]);
      // time of the processor, not of the clock, and the best of three: other work on the machine must not count
      const times = [1, 2, 3].map(() => {
        const start = process.cpuUsage();
        from(tokens).pipe(parsePartialJson()).subscribe();
        const { user, system } = process.cpuUsage(start);
        return user + system;
      });
      return Math.min(...times);
    };
    cost(500);
    // sixteen times the text; quadratic work would be 256 times the time
    expect(cost(16_000) / cost(1000)).toBeLessThan(64);
  });
});

describe('parsePartialJson with a schema', () => {
  const schemas = {
    zod: z.object({ answer: z.string(), sure: z.number() }),
    valibot: v.object({ answer: v.string(), sure: v.number() }),
    arktype: type({ answer: 'string', sure: 'number' }),
    'JSON Schema': {
      type: 'object',
      properties: { answer: { type: 'string' }, sure: { type: 'number' } },
      required: ['answer', 'sure'],
    },
  };

  it.each(Object.entries(schemas))('validates the last one, %s', (_, schema) => {
    const seen = run(from(['{"answer":"It', ' is"', ',"sure":1}']).pipe(parsePartialJson(schema)));
    expect(seen).toEqual({
      values: [
        { answer: 'It' },
        { answer: 'It is' },
        { answer: 'It is', sure: 1 },
        { answer: 'It is', sure: 1 },
      ],
      error: undefined,
      completed: true,
    });
  });

  it.each(Object.entries(schemas))('names the path of what does not fit, %s', (_, schema) => {
    const { values, error } = run(of('{"answer":"It","sure":"yes"}').pipe(parsePartialJson(schema)));
    expect(values).toEqual([{ answer: 'It', sure: 'yes' }]);
    expect(error).toBeInstanceOf(MalformedReplyError);
    expect((error as MalformedReplyError).path).toBe('sure');
  });

  it("emits the schema's own output last", () => {
    const schema = z.object({ n: z.string().transform(Number), unit: z.string().default('m') });
    expect(run(of('{"n":"3', '4"}').pipe(parsePartialJson(schema))).values).toEqual([
      { n: '3' },
      { n: '34' },
      { n: 34, unit: 'm' },
    ]);
  });

  it('has types that grow', () => {
    const schema = z.object({ list: z.array(z.object({ name: z.string() })), n: z.number() });
    const lengths = of('{"list":[{"name":"ab').pipe(
      parsePartialJson(schema),
      map((reply) => [reply.list?.[0]?.name?.length, reply.n?.toFixed()]),
    );
    expect(run(lengths).values).toEqual([[2, undefined]]);
  });

  it('waits for a schema that validates asynchronously', async () => {
    const schema = v.pipeAsync(
      v.object({ a: v.number() }),
      v.checkAsync(({ a }) => Promise.resolve(a > 1), 'too small'),
    );
    const error = await new Promise((resolve) => {
      of('{"a":1}').pipe(parsePartialJson(schema)).subscribe({ error: resolve });
    });
    expect(String(error)).toContain('too small');
  });

  it.each([null, 'text', []])('refuses %j for a schema when it is called', (schema) => {
    expect(() => parsePartialJson(schema as never)).toThrow(TypeError);
  });
});

/** Cuts a text into pieces of these sizes, over and over. */
function cut(text: string, sizes: readonly number[]): string[] {
  const tokens: string[] = [];
  for (let at = 0, n = 0; at < text.length; n++) {
    const size = sizes[n % sizes.length] ?? 1;
    tokens.push(text.slice(at, at + size));
    at += size;
  }
  return tokens;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
