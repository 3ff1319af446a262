import fc from 'fast-check';
import { concat, from, of, Subject, take, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { hideReasoning, type HideReasoningConfig } from '../../operators/hideReasoning.js';
import { marbles } from '../support/marbles.js';

function run(tokens: readonly string[], config: HideReasoningConfig = {}) {
  let text = '';
  let reasoning = '';
  from(tokens)
    .pipe(hideReasoning({ ...config, redirect: (piece) => (reasoning += piece) }))
    .subscribe((piece) => (text += piece));
  return { text, reasoning };
}

describe('hideReasoning', () => {
  it('drops what is between the tags, wherever they are cut', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a--b--c--d--e--f|', {
        a: 'Well, <th',
        b: 'ink>Hm',
        c: 'm.</thi',
        d: 'nk>It is',
        e: ' 2 <',
        f: ' 3.',
      });
      expectObservable(source.pipe(hideReasoning())).toBe('-a--------d--e--f|', {
        a: 'Well, ',
        d: 'It is',
        e: ' 2 ',
        f: '< 3.',
      });
      expectSubscriptions(source.subscriptions).toBe('^----------------!');
    });
  });

  it('redirects it, in order with the text, as early as it can', () => {
    const order: string[] = [];
    of('a<think>b', 'c</th', 'e</think>', 'd<think></think>')
      .pipe(hideReasoning({ redirect: (piece) => order.push(`(${piece})`) }))
      .subscribe((piece) => order.push(piece));
    expect(order).toEqual(['a', '(b)', '(c)', '(</the)', 'd']);
  });

  it('finds the tag at every cut', () => {
    const text = 'It <think>is 2 </ 3 </think> so <thin blue</think>.';
    const expected = { text: 'It  so <thin blue</think>.', reasoning: 'is 2 </ 3 ' };
    for (let at = 0; at <= text.length; at++)
      for (let end = at; end <= text.length; end++)
        expect(run([text.slice(0, at), text.slice(at, end), text.slice(end)])).toEqual(expected);
  });

  it.each(['<', '<t', '<thinks>', '<think ', '< think>', '<<think', '</think>', '<Think>', '<th<th<'])(
    'passes %j on unchanged, however it is cut',
    (text) => {
      expect(run([text])).toEqual({ text, reasoning: '' });
      expect(run(text.split(''))).toEqual({ text, reasoning: '' });
    },
  );

  it('passes what cannot become a tag on at once', () => {
    const seen: string[] = [];
    const tokens = new Subject<string>();
    tokens.pipe(hideReasoning()).subscribe((text) => seen.push(text));
    for (const token of ['a <', '<', 't', 'o']) tokens.next(token);
    expect(seen).toEqual(['a ', '<', '<to']);
  });

  it('takes a tag that is never closed for the rest of the reply', () => {
    expect(run(['a<think>b', 'c</think'])).toEqual({ text: 'a', reasoning: 'bc</think' });
  });

  it('does not nest', () => {
    expect(run(['<think>a<think>b</think>c</think>d'])).toEqual({
      text: 'c</think>d',
      reasoning: 'a<think>b',
    });
  });

  it('knows other tags, several at once', () => {
    const tags = ['thought', ['◁think▷', '◁/think▷']] as const;
    expect(run(['<thought>a</thought>b◁thi', 'nk▷c</thought>◁/think▷d<think>'], { tags })).toEqual({
      text: 'bd<think>',
      reasoning: 'ac</thought>',
    });
  });

  it('can start inside, for servers that send only the closing tag', () => {
    expect(run(['Hm', 'm</think>Yes'], { startsInside: true })).toEqual({ text: 'Yes', reasoning: 'Hmm' });
  });

  it('lets what was held back out before an error', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('a--#', { a: 'It is <thi' });
      expectObservable(source.pipe(hideReasoning())).toBe('a--(b#)', { a: 'It is ', b: '<thi' });
    });
  });

  it('fails with what redirect throws and lets the source go', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a--b--c|', { a: 'x', b: 'y<think>z', c: 'no' });
      const failure = new Error('full');
      const redirect = () => {
        throw failure;
      };
      expectObservable(source.pipe(hideReasoning({ redirect }))).toBe('a--(b#)', { a: 'x', b: 'y' }, failure);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  it('says no more once its consumer has gone, not even to redirect', () => {
    const thoughts: string[] = [];
    const seen: string[] = [];
    const source = of('a<think>b</think>c<think>d');
    source
      .pipe(hideReasoning({ redirect: (piece) => thoughts.push(piece) }), take(1))
      .subscribe((text) => seen.push(text));
    expect({ seen, thoughts }).toEqual({ seen: ['a'], thoughts: [] });
  });

  it('stops listening to a synchronous source', () => {
    let asked = 0;
    const endless = from(
      (function* () {
        for (;;) yield String(asked++);
      })(),
    );
    endless.pipe(hideReasoning(), take(3)).subscribe();
    expect(asked).toBe(3);
  });

  it('unsubscribes in the middle of a held tag without a word', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a--b--', { a: 'x<th', b: 'y' });
      expectObservable(source.pipe(hideReasoning()), '^-!').toBe('a--', { a: 'x' });
      expectSubscriptions(source.subscriptions).toBe('^-!');
    });
  });

  it('starts afresh for each subscription', () => {
    const source = concat(
      of('<think>a'),
      throwError(() => new Error('lost')),
    ).pipe(hideReasoning());
    const once = concat(of('b'), source);
    for (let n = 0; n < 2; n++) {
      const seen: string[] = [];
      once.subscribe({ next: (text) => seen.push(text), error: () => seen.push('#') });
      expect(seen).toEqual(['b', '#']);
    }
  });

  it.each([[[]], [['']], [[['', 'x']]], [[['x', '']]], [[['x']]], ['think'], [[null]], [null]])(
    'refuses the tags %j when it is called',
    (tags) => {
      expect(() => hideReasoning({ tags: tags as never })).toThrow(TypeError);
      expect(() => hideReasoning({ tags: tags as never })).toThrow('hideReasoning: tags must');
    },
  );

  it('refuses a redirect that is no function', () => {
    expect(() => hideReasoning({ redirect: console as never })).toThrow(/redirect must be a function/);
  });

  it('gives the same however the text is cut, and loses nothing but the tags', () => {
    const words = fc.array(
      fc.constantFrom('<think>', '</think>', '<thi', 'nk>', '<', '</', '>', 'a', ' ', '<<', '<x', 'x>'),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 });
    const tags = fc.constantFrom<HideReasoningConfig>(
      {},
      { startsInside: true },
      {
        tags: [
          ['<x', 'x>'],
          ['<<x', '<'],
          ['<think>', '<x'],
        ],
      },
    );
    fc.assert(
      fc.property(words, sizes, tags, (parts, lengths, config) => {
        const text = parts.join('');
        const tokens: string[] = [];
        for (let at = 0, n = 0; at < text.length; n++) {
          const size = lengths[n % lengths.length] ?? 1;
          tokens.push(text.slice(at, at + size));
          at += size;
        }
        const whole = run([text], config);
        expect(run(tokens, config)).toEqual(whole);
        expect(run(text.split(''), config)).toEqual(whole);
        if (config.tags === undefined && config.startsInside === undefined) {
          const regexp = /<think>([\s\S]*?)(?:<\/think>|$)/g;
          expect(whole.text).toBe(text.replace(regexp, ''));
          expect(whole.reasoning).toBe([...text.matchAll(regexp)].map(([, inner]) => inner).join(''));
        }
      }),
      { numRuns: 400 },
    );
  });
});
