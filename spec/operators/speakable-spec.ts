import fc from 'fast-check';
import { concat, from, of, Subject, take, throwError, toArray, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { speakable } from '../../operators/speakable.js';
import { speakableText } from '../../operators/speakableText.js';
import { marbles } from '../support/marbles.js';

const cut = (text: string, sizes: readonly number[]): string[] => {
  const tokens: string[] = [];
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    tokens.push(text.slice(at, at + size));
    at += size;
  }
  return tokens;
};
const spoken = (tokens: Observable<string> | string[]): string => {
  let text = '';
  (Array.isArray(tokens) ? from(tokens) : tokens).pipe(speakable()).subscribe((piece) => (text += piece));
  return text;
};

/** What goes in, and what is heard. */
const table: readonly (readonly [string, string])[] = [
  // emphasis
  ['**bold** and *it*, ***both***, ~~gone~~', 'bold and it, both, gone'],
  ['__Totally__ ___Totally___ _under_', 'Totally Totally under'],
  ['**Frankie**! **date**, (**1**) “**x**”', 'Frankie! date, (1) “x”'],
  ['He said "*wow*." and **"so"**.', 'He said "wow." and "so".'],
  ['这是**重点**内容', '这是重点内容'],
  ['**Note:** do', 'Note: do'],
  ['never *closed', 'never closed'],
  ['\\*no\\* \\# \\\\ C:\\temp', '*no* # \\ C:\\temp'],
  ['fill in ______ here', 'fill in  here'],
  // no emphasis
  ['snake_case a_b function_call_output', 'snake_case a_b function_call_output'],
  ['2*3*4, 2 * 3 = 6, x**2 + y**2', '2*3*4, 2 * 3 = 6, x**2 + y**2'],
  ['Use *.py files', 'Use *.py files'],
  ['C# and F#, #5, ~5 minutes, 5 > 3 < 7', 'C# and F#, #5, ~5 minutes, 5 > 3 < 7'],
  ['$5 and €10 on 3/4/2026 at 10:30, 50%', '$5 and €10 on 3/4/2026 at 10:30, 50%'],
  // code
  ['call `a*b_c` now', 'call a*b_c now'],
  ['``a ` b`` and ```x = 1```', 'a ` b and x = 1'],
  ['Look:\n```js\nlet x = `1`;\n```\nDone.', 'Look:\n\nDone.'],
  ['~~~\n```\n~~~\nDone.', 'Done.'],
  ['a ` b\n\n*c*', 'a  b\n\nc'],
  ['Look:\n```\nnever closed', 'Look:\n'],
  // blocks
  ['# Title\nText', 'Title\n\nText'],
  ['## Title ##\n\nText', 'Title \n\nText'],
  ['- one\n- two\n  * three\n+ four\n', 'one\n\ntwo\n\nthree\n\nfour\n'],
  ['* *first*\n- [x] done\n- [ ] open', 'first\n\ndone\n\nopen'],
  ['1. **One**: a\n2. Two\n', '1. One: a\n2. Two\n'],
  ['> said\n> > twice', 'said\ntwice'],
  ['a\n\n***\n\nb', 'a\n\n\nb'],
  ['Title\n=====\nText', 'Title\n\nText'],
  ['-5 degrees\n- 5', '-5 degrees\n\n5'],
  // tables
  ['| a | b |\n|---|:-:|\n| 1 | |\n\nAfter', 'a, b\n\n1\n\nAfter'],
  ['true | false', 'true | false'],
  // links
  ['[the **docs**](https://x.org "t") [a][b] ![cat](c.png)', 'the docs a cat'],
  ['![cat](c.png)', 'cat'],
  ['Look!![cat](c.png)', 'Look!!cat'],
  ['[![img](i.png)](https://x.org)', 'img'],
  ['see [1], list[0](x), [sic] and [a](b c d)', 'see [1], list[0](x), [sic] and [a](b c d)'],
  ['A fact.[^1]\n\n[^1]: A note.', 'A fact.\n\nA note.'],
  ['[x]: https://x.org "T"\nText', 'Text'],
  ['[Note]: not a link', '[Note]: not a link'],
  ['[wiki](https://x.org/a_(b)) ok', 'wiki ok'],
  ['[cut](https://x.or', 'cut'],
  ['[never closed', '[never closed'],
  ['[**a** b', '[a b'],
  // addresses
  ['See https://www.example.com/a/b_(c)?x=1.', 'See example.com.'],
  ['(http://foo.org/bar), <https://z.io> www.q.de!', '(foo.org), z.io q.de!'],
  ['**https://x.org/a**', 'x.org'],
  ['The www and http are old, hello.', 'The www and http are old, hello.'],
  ['mail me@example.com', 'mail me@example.com'],
  // emoji
  ['Hi 🎉 there 👩‍👩‍👧‍👦 you', 'Hi there you'],
  ['1️⃣ one ❤️ 🇩🇪 👍🏽.', '1 one .'],
  ['© ™ → ✓ ½ ∑ می‌خواهم', '© ™ → ✓ ½ ∑ می‌خواهم'],
  // HTML
  ['a <b>c</b><br>d H<sub>2</sub>O', 'a c\nd H2O'],
  ['<p class="x">one</p><p>two</p>', 'one\ntwo\n'],
  ['List<String> x<y <speak>hi</speak> i <3 u', 'List<String> x<y <speak>hi</speak> i <3 u'],
  ['AT&T, R&D, a &amp; b &nbsp;c', 'AT&T, R&D, a & b  c'],
  ['a <!-- [x](y) --> b', 'a  b'],
];

describe('speakable', () => {
  it.each(table)('hears %j as %j', (text, expected) => {
    expect(speakableText(text)).toBe(expected);
    expect(spoken(cut(text, [1]))).toBe(expected);
    expect(spoken(cut(text, [3]))).toBe(expected);
  });

  it('lets plain text pass as it is', () => {
    const text = 'Plain text.\n\n  Indented, “quoted” – and more… 5 % of it;\n\ttabs\n\n\nthe end. ';
    expect(speakableText(text)).toBe(text);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9 .,;?()'"%$€äß中文\n]{0,200}$/), (plain) => {
        expect(speakableText(plain)).toBe(plain.replaceAll(/(?<![a-z0-9äß中文])(?:www\.)/giu, ''));
      }),
    );
  });

  it('does not depend on where tokens are cut', () => {
    const pieces = fc.constantFrom(
      ...table.map(([text]) => text),
      ...'*_~`#[]()!<>|\\\n\t -+:=&;/.^"h1ax🎉👩‍👧éß中'.match(/./gsu)!,
      '**',
      '```',
      '\n\n',
      '\n- ',
      '\n# ',
      '\n|',
      '](',
      '[^',
      'https://',
      'www.',
      '<br>',
      '<!--',
      '-->',
      '&amp;',
      '~~~\n',
      '---',
    );
    const texts = fc.array(pieces, { maxLength: 25 }).map((parts) => parts.join(''));
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(texts, sizes, (text, how) => {
        expect(spoken(cut(text, how))).toBe(speakableText(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('loses no letter of prose, whatever marks are strewn into it', () => {
    const marks = fc.constantFrom(
      '*',
      '**',
      '_',
      '`',
      '~~',
      '[',
      '!',
      '<',
      '&',
      '|',
      '\\',
      '\n\n',
      '🎉',
      '\n- ',
    );
    const words = fc.stringMatching(/^[a-eg]{2,6}$/);
    fc.assert(
      fc.property(fc.array(fc.oneof(words, marks, fc.constant(' ')), { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        // Code blocks are meant to be lost.
        fc.pre(!/~~~|```/.test(text));
        const letters = (it: string) => it.replaceAll(/[^a-z]/g, '');
        expect(letters(speakableText(text))).toBe(letters(text));
      }),
      { numRuns: 500 },
    );
  });

  it('holds no plain text back, not for a moment', () => {
    marbles(({ cold, expectObservable }) => {
      const values = {
        a: 'Sure!',
        b: ' I',
        c: ' can',
        d: ' help',
        e: ' with',
        f: ' 5.',
        g: '\n\n',
        h: 'that',
      };
      expectObservable(cold('abcdefgh|', values).pipe(speakable())).toBe('abcdefgh|', values);
    });
  });

  it('holds a mark only until it is told', () => {
    marbles(({ cold, expectObservable }) => {
      const tokens = cold('-a-b-c-d-e-f-|', {
        a: 'A **bo',
        b: 'ld**',
        c: ' [li',
        d: 'nk](http:',
        e: '//x.org)',
        f: '!',
      });
      expectObservable(tokens.pipe(speakable())).toBe('-a-b-c---e-f-|', {
        a: 'A bo',
        b: 'ld',
        c: ' ',
        e: 'link',
        f: '!',
      });
    });
  });

  it('gives what it holds before the end, and before an error', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-a-|', { a: '[oh' }).pipe(speakable())).toBe('---(a|)', { a: '[oh' });
      expectObservable(cold('-a-#', { a: '[oh' }).pipe(speakable())).toBe('---(a#)', { a: '[oh' });
      expectObservable(cold('-a-|', { a: '🎉' }).pipe(speakable())).toBe('---|');
    });
  });

  it.each([
    ['brackets', '['],
    ['backslashes', '\\'],
    ['stars', '*'],
    ['backticks', '`'],
    ['tags', '<b '],
    ['links that never end', '[a]('],
    ['addresses', 'https://'],
    ['dashes', '-'],
    ['quotes', '> '],
  ])('holds a bounded amount of endless %s and gets through them in time', (_, unit) => {
    const begin = performance.now();
    const text = unit.repeat(30_000 / unit.length);
    let given = 0;
    const source = new Subject<string>();
    source.pipe(speakable()).subscribe((piece) => (given += piece.length));
    for (const token of cut(text, [7])) source.next(token);
    source.next('\n\nand more words here. '.repeat(20));
    expect(given).toBeGreaterThan(100);
    expect(performance.now() - begin).toBeLessThan(10_000);
  });

  it('takes a code block that nobody closes to be over some time', () => {
    const long = `a\n\`\`\`\n${'x'.repeat(50)}\nspoken`;
    expect(speakableText(long, { maxCodeBlock: 51 })).toBe('a\n\nspoken');
    expect(speakableText(long)).toBe('a\n');
    const source = cut(long, [3]);
    const pieces: string[] = [];
    from(source)
      .pipe(speakable({ maxCodeBlock: 51 }))
      .subscribe((piece) => pieces.push(piece));
    expect(pieces.join('')).toBe('a\n\nspoken');
  });

  it('reads code and leaves out hosts when told to', () => {
    expect(speakableText('a\n```\nx = 1\n```\nb', { codeBlocks: 'speak' })).toBe('a\n\nx = 1\n\nb');
    expect(speakableText('See https://x.org/a for it.', { urls: 'drop' })).toBe('See for it.');
  });

  it('starts afresh with each subscription, and stops a synchronous source with its consumer', () => {
    const source = of('**a', ' b').pipe(speakable(), toArray());
    for (let i = 0; i < 2; i++) source.subscribe((pieces) => expect(pieces).toEqual(['a', ' b']));
    let made = 0;
    const endless = from(
      (function* () {
        for (;;) yield `${++made} `;
      })(),
    );
    endless.pipe(speakable(), take(2)).subscribe();
    expect(made).toBe(2);
  });

  it('passes an error on', () => {
    const lost = new Error('lost');
    let error: unknown;
    concat(
      of('a'),
      throwError(() => lost),
    )
      .pipe(speakable())
      .subscribe({ error: (thrown: unknown) => (error = thrown) });
    expect(error).toBe(lost);
  });

  it.each([{ urls: 'say' }, { codeBlocks: true }, { maxCodeBlock: 0 }, { maxCodeBlock: NaN }])(
    'refuses %o',
    (config) => {
      expect(() => speakable(config as never)).toThrow(TypeError);
      expect(() => speakableText('', config as never)).toThrow(Object.keys(config)[0]);
    },
  );
});
