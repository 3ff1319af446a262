import fc from 'fast-check';
import { concat, from, of, take, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { pluckText } from '../../operators/pluckText.js';
import { MalformedReplyError } from '../../src/index.js';
import { marbles } from '../support/marbles.js';

function pluck(path: string | (string | number)[], ...tokens: string[]) {
  const seen = { values: [] as string[], error: undefined as unknown, completed: false };
  from(tokens)
    .pipe(pluckText(path))
    .subscribe({
      next: (value) => seen.values.push(value),
      error: (error: unknown) => (seen.error = error),
      complete: () => (seen.completed = true),
    });
  return seen;
}

describe('pluckText', () => {
  it('streams one field while it grows', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a--b--c--d--e|', {
        a: '{"mood":"so-so","answer":"It',
        b: ' is bl',
        c: 'ue.\\',
        d: 'n","sure',
        e: '":0.9}',
      });
      expectObservable(source.pipe(pluckText('answer'))).toBe('a--b--c--d---|', {
        a: 'It',
        b: ' is bl',
        c: 'ue.',
        d: '\n',
      });
      expectSubscriptions(source.subscriptions).toBe('^------------!');
    });
  });

  it.each([
    ['answer', '{"answer":"x"}'],
    ['reply.text', '{"text":"no","reply":{"answer":{"text":"no"},"text":"x"}}'],
    ['items[1].text', '{"items":[{"text":"no"},{"t":[1,["no"]],"text":"x"},{"text":"no"}]}'],
    ['[1]', '["no","x","no"]'],
    ['grid[1][0]', '{"grid":[["no"],["x"]]}'],
    ['["a.b"]', '{"a":{"b":"no"},"a.b":"x"}'],
    [['a.b', 0], '{"a.b":["x"]}'],
    ['a', '{"ab":"no","a":"x","aa":"no"}'],
    ['é', '{"\\u00e9":"x"}'],
  ])('finds %j', (path, text) => {
    expect(pluck(path, text)).toEqual({ values: ['x'], error: undefined, completed: true });
    expect(pluck(path, ...text.split('')).values.join('')).toBe('x');
  });

  it('decodes escapes wherever they are cut, never emitting half a surrogate pair', () => {
    const text = '{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00😀"}';
    for (let at = 0; at <= text.length; at++) {
      const { values } = pluck('a', text.slice(0, at), text.slice(at));
      expect(values.join('')).toBe('"\\/\b\f\n\r\té😀😀');
      for (const value of values) expect(value).not.toMatch(/[\ud800-\udfff]/u);
    }
  });

  it.each(['{"other":"x"}', '{"a":null}', '{}', '[]', '3', '{"a":""}'])('emits nothing for %s', (text) => {
    expect(pluck('a', text)).toEqual({ values: [], error: undefined, completed: true });
  });

  it.each([
    ['{"a":3}', 'a number'],
    ['{"a":true}', 'a boolean'],
    ['{"a":{}}', 'an object'],
    ['{"a":["x"]}', 'an array'],
  ])('refuses %s: no string', (text, what) => {
    const { error } = pluck('a', text);
    expect(error).toBeInstanceOf(MalformedReplyError);
    expect((error as MalformedReplyError).message).toBe(`a: a string was expected, not ${what}`);
    expect((error as MalformedReplyError).path).toBe('a');
  });

  it('takes the first of two fields with one name', () => {
    expect(pluck('a', '{"a":"first","a":"second","a":3}')).toMatchObject({
      values: ['first'],
      completed: true,
    });
  });

  it('emits what came before the JSON went wrong or ended, then fails', () => {
    for (const text of ['{"a":"It is\n', '{"a":"It is\\x', '{"a":"It is', '{"a":"It is",}'])
      for (const tokens of [[text], text.split('')]) {
        const { values, error } = pluck('a', ...tokens);
        expect(values.join('')).toBe('It is');
        expect(error).toBeInstanceOf(MalformedReplyError);
      }
  });

  it("passes the source's error on after the text", () => {
    const error = new Error('lost');
    const seen: unknown[] = [];
    concat(
      of('{"a":"It'),
      throwError(() => error),
    )
      .pipe(pluckText('a'))
      .subscribe({ next: (text) => seen.push(text), error: (failure: unknown) => seen.push(failure) });
    expect(seen).toEqual(['It', error]);
  });

  it('stops listening to a synchronous source', () => {
    let asked = 0;
    const endless = from(
      (function* () {
        yield '{"a":"';
        for (;;) {
          asked++;
          yield 'word ';
        }
      })(),
    );
    const seen: string[] = [];
    endless.pipe(pluckText('a'), take(2)).subscribe((text) => seen.push(text));
    expect(seen).toEqual(['word ', 'word ']);
    expect(asked).toBe(2);
  });

  it('starts afresh for each subscription', () => {
    const source = of('{"a":"x', 'y"}').pipe(pluckText('a'));
    for (let n = 0; n < 2; n++) {
      const seen: string[] = [];
      source.subscribe((text) => seen.push(text));
      expect(seen).toEqual(['x', 'y']);
    }
  });

  it.each(['', [], 'a.', '.a', 'a[x]', 5 as never, undefined as never])(
    'refuses the path %j when it is called',
    (path) => {
      expect(() => pluckText(path)).toThrow(TypeError);
      expect(() => pluckText(path)).toThrow('path must');
    },
  );

  it('gives the field of any object, however the text is cut', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.jsonValue(), text, text, sizes, (other, answer, key, lengths) => {
        fc.pre(key !== '__proto__');
        const json = JSON.stringify({
          before: [other, { [key]: 'no' }],
          reply: { [`${key}-`]: other, [key]: answer },
        });
        const tokens: string[] = [];
        for (let at = 0, n = 0; at < json.length; n++) {
          const size = lengths[n % lengths.length] ?? 1;
          tokens.push(json.slice(at, at + size));
          at += size;
        }
        const { values, error } = pluck(['reply', key], ...tokens);
        expect(error).toBeUndefined();
        expect(values.join('')).toBe(answer);
        expect(values).not.toContain('');
      }),
    );
  });
});
