import fc from 'fast-check';
import { concat, EMPTY, from, NEVER, Observable, of, Subject, take, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { fallbackToComplete, type FallbackToCompleteConfig } from '../../operators/fallbackToComplete.js';
import {
  AuthenticationError,
  ConnectionError,
  ReplyDivergedError,
  TruncatedReplyError,
} from '../../src/errors.js';
import { collect, collectFailure } from '../support/collect.js';
import { marbles } from '../support/marbles.js';

const lost = new ConnectionError('reset');
const again = new ConnectionError('reset again');

/** Where the stream breaks off: what had been said by then. */
const positions = {
  'before the first token': '',
  'mid-word': 'It is so. Air scat',
  'at a sentence end': 'It is so. ',
  'after the last token': 'It is so. Air scatters light.',
} as const;
const reply = 'It is so. Air scatters light.';
const otherSpace = 'It  is\nso.\n\nAir   scatters light.';
const different = 'It is so that rays scatter.';

type Row = readonly [
  position: keyof typeof positions,
  result: string,
  expects: 'whole' | 'continuation' | 'auto',
  second: readonly string[] | typeof again,
  /** What is emitted for each emission of the second telling, one more with its end; or what is thrown. */
  out: readonly string[] | 'diverged' | 'both',
];

const table: readonly Row[] = [
  ['before the first token', 'the same text', 'whole', [reply], [reply]],
  ['before the first token', 'the same text', 'auto', [reply], [reply]],
  ['before the first token', 'the same text', 'continuation', [reply], [reply]],
  ['before the first token', 'a different text', 'whole', [different], [different]],
  ['before the first token', 'a different text', 'auto', [different], [different]],
  ['before the first token', 'an error', 'auto', again, 'both'],
  ['before the first token', 'nothing', 'auto', [], []],
  ['before the first token', 'the same with other white space', 'whole', [otherSpace], [otherSpace]],
  ['before the first token', 'the same with other white space', 'auto', [otherSpace], [otherSpace]],
  ['before the first token', 'a continuation', 'continuation', [reply], [reply]],
  ['before the first token', 'a continuation that repeats the cut word', 'auto', [reply], [reply]],
  ['before the first token', 'a different text', 'continuation', [different], [different]],
  ['before the first token', 'an error', 'whole', again, 'both'],
  ['before the first token', 'an error', 'continuation', again, 'both'],
  ['before the first token', 'nothing', 'whole', [], []],
  ['before the first token', 'nothing', 'continuation', [], []],
  ['before the first token', 'a stream', 'whole', ['It is', ' so.'], ['It is', ' so.']],
  ['before the first token', 'a stream', 'auto', ['It is', ' so.'], ['It is', ' so.']],
  ['before the first token', 'a stream', 'continuation', ['It is', ' so.'], ['It is', ' so.']],

  ['mid-word', 'the same text', 'whole', [reply], ['ters light.']],
  ['mid-word', 'the same text', 'auto', [reply], ['ters light.']],
  ['mid-word', 'the same with other white space', 'whole', [otherSpace], ['ters light.']],
  ['mid-word', 'the same with other white space', 'auto', [otherSpace], ['ters light.']],
  ['mid-word', 'a continuation', 'continuation', ['ters light.'], ['ters light.']],
  ['mid-word', 'a continuation', 'auto', ['ters light.'], ['ters light.']],
  ['mid-word', 'a continuation', 'whole', ['ters light.'], 'diverged'],
  ['mid-word', 'a continuation that repeats the cut word', 'auto', ['scatters light.'], ['ters light.']],
  [
    'mid-word',
    'a continuation that repeats the cut word',
    'continuation',
    ['scatters light.'],
    ['scatters light.'],
  ],
  ['mid-word', 'a continuation that repeats more', 'auto', ['Air scatters light.'], ['ters light.']],
  ['mid-word', 'a different text', 'whole', [different], 'diverged'],
  ['mid-word', 'a different text', 'auto', [different], 'diverged'],
  ['mid-word', 'an error', 'whole', again, 'both'],
  ['mid-word', 'an error', 'continuation', again, 'both'],
  ['mid-word', 'nothing', 'whole', [], 'diverged'],
  ['mid-word', 'nothing', 'auto', [], []],
  ['mid-word', 'nothing', 'continuation', [], []],
  [
    'mid-word',
    'a stream',
    'whole',
    ['It is so. ', 'Air scat', 'ters', ' light.'],
    ['', '', 'ters', ' light.'],
  ],
  ['mid-word', 'a stream', 'auto', ['It is so. Air', ' scatte', 'rs light.'], ['', 'te', 'rs light.']],
  ['mid-word', 'a stream', 'continuation', ['ters', ' light.'], ['ters', ' light.']],
  ['mid-word', 'a stream that repeats the cut word', 'auto', ['sc', 'at', 'ter', 's'], ['', '', 'ter', 's']],

  ['at a sentence end', 'the same text', 'whole', [reply], ['Air scatters light.']],
  ['at a sentence end', 'the same text', 'auto', [reply], ['Air scatters light.']],
  ['at a sentence end', 'the same with other white space', 'whole', [otherSpace], ['Air   scatters light.']],
  ['at a sentence end', 'a continuation', 'continuation', ['Air scatters.'], ['Air scatters.']],
  ['at a sentence end', 'a continuation', 'auto', ['Air scatters.'], ['Air scatters.']],
  ['at a sentence end', 'a different text', 'auto', [different], 'diverged'],
  ['at a sentence end', 'a different text', 'whole', ['No.'], 'diverged'],
  ['at a sentence end', 'an error', 'auto', again, 'both'],
  ['at a sentence end', 'nothing', 'auto', [], []],
  ['at a sentence end', 'the same with other white space', 'auto', [otherSpace], ['Air   scatters light.']],
  ['at a sentence end', 'a continuation', 'whole', ['Air scatters.'], 'diverged'],
  // A single word after white space is a new one; several are an overlap.
  [
    'at a sentence end',
    'a continuation that repeats the cut word',
    'auto',
    ['so. Air scatters.'],
    ['so. Air scatters.'],
  ],
  [
    'at a sentence end',
    'a continuation that repeats more',
    'auto',
    ['is so. Air scatters.'],
    ['Air scatters.'],
  ],
  ['at a sentence end', 'a different text', 'continuation', [different], [different]],
  ['at a sentence end', 'an error', 'whole', again, 'both'],
  ['at a sentence end', 'an error', 'continuation', again, 'both'],
  ['at a sentence end', 'nothing', 'whole', [], 'diverged'],
  ['at a sentence end', 'nothing', 'continuation', [], []],
  ['at a sentence end', 'a stream', 'auto', ['It is', ' so. Air'], ['', 'Air']],
  [
    'at a sentence end',
    'a stream',
    'whole',
    ['It is', ' so.', ' Air', ' scatters.'],
    ['', '', 'Air', ' scatters.'],
  ],
  ['at a sentence end', 'a stream', 'continuation', ['Air', ' scatters.'], ['Air', ' scatters.']],

  ['after the last token', 'the same text', 'whole', [reply], ['']],
  ['after the last token', 'the same text', 'auto', [reply], ['']],
  ['after the last token', 'the same with other white space', 'whole', [otherSpace], ['']],
  ['after the last token', 'a continuation', 'continuation', [''], ['']],
  ['after the last token', 'a continuation', 'auto', [''], ['']],
  ['after the last token', 'a different text', 'whole', [different], 'diverged'],
  ['after the last token', 'a different text', 'auto', [different], 'diverged'],
  ['after the last token', 'an error', 'auto', again, 'both'],
  ['after the last token', 'nothing', 'continuation', [], []],
  ['after the last token', 'the same with other white space', 'auto', [otherSpace], ['']],
  // It cannot be told from one that is meant.
  ['after the last token', 'a continuation that repeats the cut word', 'auto', ['light.'], ['', 'light.']],
  ['after the last token', 'a continuation that repeats more', 'auto', ['scatters light.'], ['']],
  ['after the last token', 'a different text', 'continuation', [different], [different]],
  ['after the last token', 'an error', 'whole', again, 'both'],
  ['after the last token', 'an error', 'continuation', again, 'both'],
  ['after the last token', 'nothing', 'whole', [], 'diverged'],
  ['after the last token', 'nothing', 'auto', [], []],
  ['after the last token', 'a stream', 'auto', ['It is so. Air', ' scatters light.'], ['', '']],
  ['after the last token', 'a stream', 'whole', ['It is so. Air', ' scatters light.'], ['', '']],
  ['after the last token', 'a stream', 'continuation', [' So', ' it is.'], [' So', ' it is.']],
];

describe('fallbackToComplete', () => {
  it('has a row for every position and every second telling', () => {
    const tellings = [
      ...['the same text', 'the same with other white space', 'a continuation'],
      ...['a continuation that repeats the cut word', 'a different text', 'an error', 'nothing', 'a stream'],
    ];
    const rows = new Set(table.map(([position, telling]) => `${position} / ${telling}`));
    for (const position of Object.keys(positions)) {
      for (const telling of tellings) expect(rows).toContain(`${position} / ${telling}`);
    }
  });

  it.each(table)('%s, the fallback returns %s (%s)', (position, _result, expects, second, out) => {
    const partial = positions[position];
    const asked: [string, unknown][] = [];
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const texts = second === again ? [] : (second as readonly string[]);
      const marks = texts.map((_, index) => String.fromCharCode(97 + index));
      const emitted = typeof out === 'string' ? [] : out;

      // The stream says its piece at 1 and fails at 3; the second telling then speaks every 2 frames.
      const before = partial === '' ? '---' : '-p-';
      const source = cold(`${before}#`, { p: partial }, lost);
      const telling = cold(
        `--${marks.map((mark) => `${mark}-`).join('')}${second === again ? '#' : '|'}`,
        Object.fromEntries(marks.map((mark, index) => [mark, texts[index]!])),
        again,
      );
      const heard = marks.map((mark, index) => ((emitted[index] ?? '') === '' ? '--' : `${mark}-`)).join('');
      // What contradicts is known with the first emission, what is missing only at the end.
      const failed = out === 'diverged' || out === 'both' ? 5 : undefined;
      const end = failed ?? 5 + 2 * texts.length;

      const result = source.pipe(
        fallbackToComplete(
          (said, cause) => {
            asked.push([said, cause]);
            return telling;
          },
          { expects },
        ),
      );
      expectObservable(result).toBe(
        failed === undefined
          ? `${before}--${heard}${emitted.length > marks.length ? '(z|)' : '|'}`
          : `${before}--#`,
        {
          p: partial,
          z: emitted[marks.length],
          ...Object.fromEntries(marks.map((mark, index) => [mark, emitted[index]])),
        },
        out === 'both'
          ? expect.objectContaining({
              name: 'TruncatedReplyError',
              partial,
              cause: expect.objectContaining({ errors: [lost, again] }) as unknown,
            })
          : expect.objectContaining({ name: 'ReplyDivergedError', partial, cause: lost }),
      );
      expectSubscriptions(source.subscriptions).toBe('^--!');
      expectSubscriptions(telling.subscriptions).toBe(`---^${'-'.repeat(end - 4)}!`);
    });
    expect(asked).toEqual([[partial, lost]]);
  });

  const joined = async (partial: string, second: string | string[], config?: FallbackToCompleteConfig) => {
    const source = concat(
      partial === '' ? EMPTY : of(partial),
      throwError(() => lost),
    );
    const texts = typeof second === 'string' ? [second] : second;
    return (await collect(source.pipe(fallbackToComplete(() => from(texts), config)))).join('');
  };

  describe("'auto', where a continuation may repeat", () => {
    it.each([
      ['a cut word is told whole', 'The light is scat', 'scattering', 'The light is scattering'],
      ['a cut word is gone on with', 'The light is scat', 'tering', 'The light is scattering'],
      ['numbers are never an overlap', 'In the year 20', '20 it was', 'In the year 2020 it was'],
      ['nor are amounts', 'It costs $1', '100 or so', 'It costs $1100 or so'],
      ['nor are short words', 'I said no', 'now', 'I said nonow'],
      ['a word of its own may be meant twice', 'She had had', 'had enough', 'She had hadhad enough'],
      ['the same at the end', 'A very, very', 'very', 'A very, veryvery'],
      ['also before a mark', 'It was so long', 'long, long', 'It was so longlong, long'],
      ['after white space a word is new', 'It is the ', 'the end', 'It is the the end'],
      [
        'several words are an overlap',
        'It is so because air',
        'because air scatters',
        'It is so because air scatters',
      ],
      [
        'also after white space',
        'It is so because air ',
        'because air scatters',
        'It is so because air scatters',
      ],
      ['also when the last is cut', 'Because air scat', 'air scatters it', 'Because air scatters it'],
      ['also with other white space', 'Because air scat', 'air\n scatters it', 'Because air scatters it'],
      [
        'the longest one',
        'Three one two three one two thr',
        'one two three',
        'Three one two three one two three',
      ],
      ['not inside a word', 'A hothouse', 'house here', 'A hothousehouse here'],
      ['not before white space', 'It went on and', ' on and on', 'It went on and on and on'],
      ['an apostrophe goes on', 'I really don', 'don’t know', 'I really don’t know'],
      ['a quotation mark does not', 'They call it ‘blue', 'blue’ here', 'They call it ‘blueblue’ here'],
      ['after a quotation mark', 'The word "scat', 'scattering"', 'The word "scattering"'],
      ['a whole that only lacks the space at the end', 'The sky is ', 'The sky is', 'The sky is '],
      ['two words shared are no whole', 'The sky is', 'The sky? Blue.', 'The sky isThe sky? Blue.'],
    ])('%s: %s|%s', async (_name, partial, second, out) => {
      expect(await joined(partial, second)).toBe(out);
      expect(await joined(partial, Array.from(second))).toBe(out);
    });

    it('says nothing again while a whole reply is equal, however it is cut', async () => {
      expect(await joined('The sky is', Array.from('The  sky is blue.'))).toBe('The sky is blue.');
    });

    it('has diverged after three shared words, in any script', async () => {
      await expect(joined('The sky is blue', 'The sky is green')).rejects.toThrow(ReplyDivergedError);
      await expect(joined('今天的天空是蓝色的', '今天的天空是绿色的')).rejects.toThrow(ReplyDivergedError);
      await expect(joined('The sky is blue', 'The sky is')).rejects.toThrow(ReplyDivergedError);
      expect(await joined('The sky was', 'The sky isolates')).toBe('The sky wasThe sky isolates');
    });

    it('emits a streamed continuation as soon as no overlap is possible', () => {
      marbles(({ cold, expectObservable }) => {
        const source = cold('p#', { p: 'It is scat' }, lost);
        const second = cold('-a-b-c-|', { a: 'sca', b: 'nning', c: '.' });
        expectObservable(source.pipe(fallbackToComplete(() => second))).toBe('p---b-c-|', {
          p: 'It is scat',
          b: 'scanning',
          c: '.',
        });
      });
    });
  });

  describe("'whole'", () => {
    it.each([
      ['an identical run goes on exactly', 'One.\n', 'One.\n\nTwo.', 'One.\n\nTwo.'],
      ['a different run is passed over', 'One.\n', 'One.  Two.', 'One.\nTwo.'],
      ['a longer run is one run', 'One.  \n', 'One. Two.', 'One.  \nTwo.'],
      ['white space at the end may be missing', 'One.\n', 'One.', 'One.\n'],
      ['white space alone contradicts nothing', '\n', 'One.', '\nOne.'],
    ])('%s', async (_name, partial, second, out) => {
      expect(await joined(partial, second, { expects: 'whole' })).toBe(out);
      expect(await joined(partial, Array.from(second), { expects: 'whole' })).toBe(out);
    });

    it('never takes white space for nothing', async () => {
      const whole = { expects: 'whole' } as const;
      await expect(joined('every one', 'everyone is', whole)).rejects.toThrow(ReplyDivergedError);
      await expect(joined('everyone', 'every one is', whole)).rejects.toThrow(ReplyDivergedError);
    });

    it('tells what was said and what the other telling is', async () => {
      await expect(joined('The sky', 'A sky', { expects: 'whole' })).rejects.toMatchObject({
        partial: 'The sky',
        reply: 'A sky',
        cause: lost,
        retryable: false,
      });
    });
  });

  describe('onDivergence: restart', () => {
    it('emits a paragraph break and the new reply, streamed on', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('p#', { p: 'The sky is' }, lost);
        const second = cold('-a-b-c-|', { a: 'The ', b: 'sea', c: '.' });
        const config = { expects: 'whole', onDivergence: 'restart' } as const;
        expectObservable(source.pipe(fallbackToComplete(() => second, config))).toBe('p---b-c-|', {
          p: 'The sky is',
          b: '\n\nThe sea',
          c: '.',
        });
        expectSubscriptions(second.subscriptions).toBe('-^------!');
      });
    });

    it('adds no break where no reply came', async () => {
      expect(await joined('The sky', [], { expects: 'whole', onDivergence: 'restart' })).toBe('The sky');
    });
  });

  describe('no word lost, none twice', () => {
    const word = fc.constantFrom(
      ...['a', 'the', 'scatters', 'blue', 'no', '20', '$1', '天空', '💡', 'Dr.', 'end.', '"so'],
    );
    const space = fc.constantFrom(' ', '  ', '\n', '\n\n', ' ', '');
    const text = fc.array(fc.tuple(word, space), { maxLength: 25 }).map((parts) => parts.flat().join(''));
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    const pieces = (whole: string, lengths: readonly number[]) => {
      const out: string[] = [];
      for (let at = 0; at < whole.length; at += out.at(-1)!.length) {
        out.push(whole.slice(at, at + lengths[out.length % lengths.length]!));
      }
      return out;
    };
    const check = (make: (whole: string, cut: number) => string, config: FallbackToCompleteConfig) => {
      fc.assert(
        fc.property(text, sizes, sizes, (whole, first, second) => {
          for (let cut = 0; cut <= whole.length; cut++) {
            const out: string[] = [];
            concat(
              pieces(whole.slice(0, cut), first),
              throwError(() => lost),
            )
              .pipe(fallbackToComplete(() => pieces(make(whole, cut), second), config))
              .subscribe((piece) => out.push(piece));
            expect(out.join('')).toBe(whole);
            expect(out).not.toContain('');
          }
        }),
        { numRuns: 100 },
      );
    };

    it('an identical whole, at every cut, for every chunking', () => {
      check((whole) => whole, { expects: 'whole' });
    });
    it('an identical whole that is not announced', () => {
      check((whole) => whole, { expects: 'auto' });
    });
    it('an exact continuation', () => {
      check((whole, cut) => whole.slice(cut), { expects: 'continuation' });
    });

    it('a whole with other white space, at every cut', () => {
      const whole = 'One two.\nThree  four, five.\n\n- six\n- seven';
      const other = 'One  two. Three four,\nfive. - six - seven';
      const words = (spoken: string) => spoken.split(/\s+/).filter(Boolean);
      for (let cut = 0; cut <= whole.length; cut++) {
        for (const expects of ['whole', 'auto'] as const) {
          const out: string[] = [];
          concat(
            from(whole.slice(0, cut)),
            throwError(() => lost),
          )
            .pipe(fallbackToComplete(() => from(other), { expects }))
            .subscribe((piece) => out.push(piece));
          expect(words(out.join('')), `cut at ${cut}, ${expects}`).toEqual(words(other));
        }
      }
    });
  });

  describe('asks', () => {
    const failing = (error: unknown) =>
      concat(
        of('Hel'),
        throwError(() => error as Error),
      );

    it('nothing when the source succeeds', async () => {
      const complete = vi.fn(() => of('never'));
      const source = of('Hel', '', 'lo').pipe(fallbackToComplete(complete));
      expect(await collect(source)).toEqual(['Hel', '', 'lo']);
      expect(complete).not.toHaveBeenCalled();
    });

    it.each([
      ['an error that only repeats', new AuthenticationError('no key')],
      ['a divergence', new ReplyDivergedError('no', { partial: '', reply: '' })],
      ['an abort', new DOMException('stopped', 'AbortError')],
    ])('nothing after %s', async (_name, error) => {
      const complete = vi.fn(() => of('lo'));
      await expect(collect(failing(error).pipe(fallbackToComplete(complete)))).rejects.toBe(error);
      expect(complete).not.toHaveBeenCalled();
    });

    it.each([
      ['a retryable error', lost],
      ['an error nobody knows', new Error('who knows')],
      ['something that is no error', 'oops'],
      ['nothing at all', undefined],
    ])('after %s', async (_name, error) => {
      const complete = vi.fn<(partial: string, error: unknown) => Observable<string>>(() => of('lo'));
      await collect(failing(error).pipe(fallbackToComplete(complete, { expects: 'continuation' })));
      expect(complete.mock.calls).toEqual([['Hel', error]]);
    });

    it('as `when` says, which sees the error and the text', async () => {
      const when = vi.fn<(error: unknown, partial: string) => boolean>(() => true);
      const error = new AuthenticationError('no key');
      const source = failing(error).pipe(fallbackToComplete(() => of('lo'), { when }));
      expect(await collect(source)).toEqual(['Hel', 'lo']);
      expect(when.mock.calls).toEqual([[error, 'Hel']]);
    });

    it('once a subscription, each with its own text', async () => {
      const asked: string[] = [];
      let run = 0;
      const source = new Observable<string>((subscriber) => {
        subscriber.next(`run ${++run}`);
        subscriber.error(lost);
      });
      const result = source.pipe(
        fallbackToComplete(
          (partial) => {
            asked.push(partial);
            return [' on'];
          },
          { expects: 'continuation' },
        ),
      );
      expect(await collect(result)).toEqual(['run 1', ' on']);
      expect(await collect(result)).toEqual(['run 2', ' on']);
      expect(asked).toEqual(['run 1', 'run 2']);
    });

    it('never after an unsubscribe', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('-a--#', undefined, lost);
        const second = cold('---b|');
        const result = source.pipe(fallbackToComplete(() => second));
        expectObservable(result, '^--!').toBe('-a--');
        expectSubscriptions(source.subscriptions).toBe('^--!');
        expectSubscriptions(second.subscriptions).toBe([]);
      });
    });

    it('and stops the second telling on unsubscribe', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('-a#', undefined, lost);
        const second = cold('-b-c|');
        const result = source.pipe(fallbackToComplete(() => second, { expects: 'continuation' }));
        expectObservable(result, '^---!').toBe('-a-b-');
        expectSubscriptions(second.subscriptions).toBe('--^-!');
      });
    });

    it('nothing when the consumer leaves inside next', () => {
      const complete = vi.fn(() => of('never'));
      const source = new Subject<string>();
      const subscription = source
        .pipe(fallbackToComplete(complete))
        .subscribe(() => subscription.unsubscribe());
      source.next('a');
      source.error(lost);
      expect(complete).not.toHaveBeenCalled();
      expect(source.observed).toBe(false);
    });

    it('takes a promise, an array or a stream', async () => {
      const answers = [Promise.resolve('lo'), ['l', 'o'], of('lo')];
      for (const answer of answers) {
        const result = failing(lost).pipe(fallbackToComplete(() => answer, { expects: 'continuation' }));
        expect((await collect(result)).join('')).toBe('Hello');
      }
    });
  });

  it('stops a synchronous source, and a synchronous second telling, when the consumer has had enough', () => {
    let produced = 0;
    const endless = new Observable<string>((subscriber) => {
      while (!subscriber.closed && produced < 1000) {
        produced++;
        subscriber.next('a');
      }
    });
    endless
      .pipe(
        fallbackToComplete(() => NEVER),
        take(3),
      )
      .subscribe();
    expect(produced).toBe(3);
    produced = 0;
    throwError(() => lost)
      .pipe(
        fallbackToComplete(() => endless),
        take(3),
      )
      .subscribe();
    expect(produced).toBe(3);
  });

  describe('when both fail', () => {
    const broken = concat(
      of('Hel'),
      throwError(() => lost),
    );
    const failure = (second: () => Observable<string>, config?: FallbackToCompleteConfig) =>
      collectFailure(broken.pipe(fallbackToComplete(second, config)));

    it('carries everything that was emitted, and both causes', async () => {
      const second = () =>
        concat(
          of('lo'),
          throwError(() => again),
        );
      const { values, error } = await failure(second, { expects: 'continuation' });
      expect(values).toEqual(['Hel', 'lo']);
      expect(error).toBeInstanceOf(TruncatedReplyError);
      expect(error).toMatchObject({ partial: 'Hello', retryable: true });
      const { cause } = error as TruncatedReplyError;
      expect(cause).toBeInstanceOf(AggregateError);
      expect((cause as AggregateError).errors).toEqual([lost, again]);
    });

    it('counts a function that throws as a failed telling', async () => {
      const thrown = new Error('in complete');
      const { error } = await failure(() => {
        throw thrown;
      });
      expect((error as TruncatedReplyError).cause).toMatchObject({ errors: [lost, thrown] });
    });

    it('passes an abort of the second telling on as it is', async () => {
      const abort = new DOMException('stopped', 'AbortError');
      expect((await failure(() => throwError(() => abort))).error).toBe(abort);
    });

    it('leads on to a third', async () => {
      const refused = () => throwError(() => new AuthenticationError('no key'));
      const result = broken.pipe(
        fallbackToComplete(refused, { expects: 'continuation' }),
        fallbackToComplete((partial) => of(`lo after ${partial}`), { expects: 'continuation' }),
      );
      expect(await collect(result)).toEqual(['Hel', 'lo after Hel']);
    });
  });

  it.each([
    [{ expects: 'half' }, 'expects'],
    [{ onDivergence: 'ignore' }, 'onDivergence'],
    [{ when: true }, 'when'],
  ])('refuses %o, naming %s', (config, field) => {
    const make = () => fallbackToComplete(() => of(''), config as unknown as FallbackToCompleteConfig);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(field);
  });

  it('refuses a second telling that is not a function', () => {
    expect(() => fallbackToComplete(of('text') as never)).toThrow(/complete must be a function/);
  });
});
