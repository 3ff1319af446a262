import {
  concat,
  defer,
  EMPTY,
  from,
  NEVER,
  Observable,
  of,
  Subject,
  take,
  throwError,
  type Observer,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { bufferSentences, type BufferSentencesConfig } from '../../operators/bufferSentences.js';
import { createValve } from '../../src/valve.js';
import { marbles } from '../support/marbles.js';

type Timed = readonly (readonly [at: number, text: string])[];

/** What comes out, and when, of tokens that come in at given milliseconds of virtual time. */
function timed(
  tokens: Timed,
  end: number | 'never' | { readonly error: number },
  config: BufferSentencesConfig = {},
): Timed {
  const out: [number, string][] = [];
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(() => {
    const source = new Subject<string>();
    for (const [at, text] of tokens) scheduler.schedule(() => source.next(text), at);
    if (typeof end === 'number') scheduler.schedule(() => source.complete(), end);
    else if (end !== 'never') scheduler.schedule(() => source.error(new Error('broken')), end.error);
    source.pipe(bufferSentences(config)).subscribe({
      next: (text) => out.push([scheduler.frame, text]),
      error: () => out.push([scheduler.frame, '#']),
    });
  });
  return out;
}

const letGo = (text: string, config: BufferSentencesConfig = {}, cut = 3): string[] => {
  const out: string[] = [];
  const tokens: string[] = [];
  for (let at = 0; at < text.length; at += cut) tokens.push(text.slice(at, at + cut));
  from(tokens)
    .pipe(bufferSentences(config))
    .subscribe((chunk) => out.push(chunk));
  return out;
};

describe('bufferSentences', () => {
  describe('the design in marbles', () => {
    it('waits for the minimum length, also at the start', () => {
      expect(
        timed(
          [
            [0, 'Sure!'],
            [20, ' I can help with that.'],
            [40, ' Then'],
          ],
          140,
        ),
      ).toEqual([
        [40, 'Sure! I can help with that. '],
        [140, 'Then'],
      ]);
    });

    it('lets the first sentence go alone when it is long enough', () => {
      expect(
        timed(
          [
            [0, 'Sure!'],
            [20, ' I can help with that.'],
            [40, ' Then'],
          ],
          140,
          { minChunkLength: 1 },
        ),
      ).toEqual([
        [20, 'Sure! '],
        [140, 'I can help with that. Then'],
      ]);
    });

    it('joins two sentences from the second chunk on', () => {
      expect(
        timed(
          [
            [0, 'The sky is blue today. '],
            [10, 'It is so because of air. '],
            [20, 'Air scatters. '],
            [30, 'Yes'],
          ],
          40,
        ),
      ).toEqual([
        [10, 'The sky is blue today. '],
        [30, 'It is so because of air. Air scatters. '],
        [40, 'Yes'],
      ]);
    });

    it('does not trust the silence after an abbreviation', () => {
      expect(
        timed(
          [
            [0, 'Ask Dr.'],
            [500, ' Who?'],
          ],
          600,
          { sentenceBufferSize: 1, minChunkLength: 1 },
        ),
      ).toEqual([[550, 'Ask Dr. Who?']]);
    });

    it('waits longer after a full stop when tokens come slowly', () => {
      expect(
        timed(
          [
            [0, 'See'],
            [200, ' example.'],
            [400, 'com now'],
          ],
          500,
          { sentenceBufferSize: 1, minChunkLength: 1 },
        ),
      ).toEqual([[500, 'See example.com now']]);
    });

    it('waits longer, too, when tokens come in packets', () => {
      const packet = (at: number, text: string) => text.split(/(?= )/).map((token) => [at, token] as const);
      const tokens = [
        ...packet(0, 'You will find all that you need for'),
        ...packet(200, ' this in the very first folder of the same example.'),
        ...packet(400, 'com now'),
      ];
      expect(timed(tokens, 500, { sentenceBufferSize: 1, minChunkLength: 1 })).toEqual([
        [
          500,
          'You will find all that you need for this in the very first folder of the same example.com now',
        ],
      ]);
    });

    it('cuts what has waited too long at a sentence, then at a word', () => {
      expect(
        timed(
          [
            [0, 'Yes. '],
            [100, 'The sky is blue because light'],
          ],
          4101,
          { fastStart: false },
        ),
      ).toEqual([
        [3000, 'Yes. '],
        [3100, 'The sky is blue because '],
        [4101, 'light'],
      ]);
    });

    it('cuts what is too long at a sentence, then at a word', () => {
      expect(
        timed([[0, 'It is so. The air scatters the blue light.']], 10, {
          sentenceBufferSize: 3,
          minChunkLength: 10,
          maxChunkLength: 30,
          fastStart: false,
        }),
      ).toEqual([
        [0, 'It is so. '],
        [0, 'The air scatters the blue '],
        [10, 'light.'],
      ]);
    });
  });

  it('completes empty, never completes, and fails as its source does', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(EMPTY.pipe(bufferSentences())).toBe('|');
      expectObservable(NEVER.pipe(bufferSentences())).toBe('-');
      expectObservable(cold('--#').pipe(bufferSentences())).toBe('--#');
      expectObservable(cold('--a-#', { a: 'So it' }).pipe(bufferSentences())).toBe('----(a#)', {
        a: 'So it',
      });
    });
  });

  it('shares nothing between two subscriptions', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a---b---|', { a: 'It is a fine day today.', b: ' Yes' });
      const chunks = source.pipe(bufferSentences());
      const told = { a: 'It is a fine day today. ', b: 'Yes' };
      expectObservable(chunks).toBe('----a---(b|)', told);
      expectObservable(chunks, '--^').toBe('------a---(b|)', told);
      expectSubscriptions(source.subscriptions).toBe(['^-------!', '--^-------!']);
    });
  });

  it('ends its timers with the subscription', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a---', { a: 'Is it?' });
      expectObservable(source.pipe(bufferSentences({ minChunkLength: 1 })), '^ 20ms !').toBe('-');
      expectSubscriptions(source.subscriptions).toBe('^ 20ms !');
    });
  });

  it('ignores empty tokens, also for the silence between tokens', () => {
    expect(
      timed(
        [
          [0, 'Is it?'],
          [30, ''],
        ],
        1000,
        { minChunkLength: 1 },
      ),
    ).toEqual([[50, 'Is it?']]);
  });

  it('lets a token that arrives in the frame of a timer win, however late it was scheduled', () => {
    const scheduler = new TestScheduler(() => undefined);
    const out: [number, string][] = [];
    scheduler.run(() => {
      const source = new Subject<string>();
      source
        .pipe(bufferSentences({ minChunkLength: 1, sentenceBufferSize: 1 }))
        .subscribe((text) => out.push([scheduler.frame, text]));
      scheduler.schedule(() => {
        source.next('See example.');
        scheduler.schedule(() => source.next('com'), 50);
      }, 10);
      scheduler.schedule(() => source.complete(), 200);
    });
    expect(out).toEqual([[200, 'See example.com']]);
  });

  it('never waits for a timer that Infinity has turned off', () => {
    expect(
      timed([[0, 'Is it? Yes']], 1e7, { maxBufferTime: Infinity, quietTime: Infinity, minChunkLength: 10 }),
    ).toEqual([[1e7, 'Is it? Yes']]);
  });

  it('keeps times that no timer can hold', () => {
    expect(timed([[0, 'So it is']], 3e9 + 10, { maxBufferTime: 3e9 })).toEqual([
      [3e9, 'So it '],
      [3e9 + 10, 'is'],
    ]);
  });

  it('counts the wait of what comes in one burst with a chunk that has left', () => {
    const burst = (...tokens: string[]) => tokens.map((token) => [5, token] as const);
    expect(
      timed(burst('It', ' is', ' so', '.', '\n\n', 'And', ' then', ' it'), 9000, {
        maxBufferTime: 1000,
        minChunkLength: 1,
      }),
    ).toEqual([
      [5, 'It is so.\n\n'],
      [1005, 'And then '],
      [2005, 'it'],
    ]);
    expect(
      timed(burst('one', ' two', ' six', ' ten', ' and', ' for'), 9000, {
        maxBufferTime: 1000,
        maxChunkLength: 11,
        minChunkLength: 1,
      }),
    ).toEqual([
      [5, 'one two six'],
      [5, ' ten and '],
      [1005, 'for'],
    ]);
  });

  it('knows where a sentence began after a silence that left its line undecided', () => {
    expect(
      timed(
        [
          [0, ' II.'],
          [1100, ' "Quoted. 3 are'],
        ],
        9000,
        { maxBufferTime: 1000, sentenceBufferSize: Infinity },
      ),
    ).toEqual([
      [1000, ' II.'],
      [2100, ' "Quoted. '],
      [2100, '3 '],
      [3100, 'are'],
    ]);
  });

  it('gives a lone half word a second time, and then lets it go', () => {
    expect(timed([[0, 'Incomprehen']], 9000, { maxBufferTime: 1000 })).toEqual([[1000, 'Incomprehen']]);
    expect(timed([[0, 'The incomprehen']], 9000, { maxBufferTime: 1000 })).toEqual([
      [1000, 'The '],
      [2000, 'incomprehen'],
    ]);
  });

  it('never keeps a character longer while tokens keep coming', () => {
    const tokens = Array.from({ length: 100 }, (_, index) => [index * 100, `word${index} `] as const);
    const out = timed(tokens, 10_000, { maxBufferTime: 1000, maxChunkLength: Infinity });
    // A token that comes in the frame of the alarm goes with the rest; the next one starts a new second.
    expect(out.map(([at]) => at)).toEqual([1000, 2100, 3200, 4300, 5400, 6500, 7600, 8700, 9800, 10_000]);
  });

  it('leaves white space behind a silence to the next chunk', () => {
    expect(
      timed(
        [
          [0, 'Really?'],
          [100, ' Yes.'],
        ],
        300,
        { minChunkLength: 1, sentenceBufferSize: 1 },
      ),
    ).toEqual([
      [50, 'Really?'],
      [250, ' Yes.'],
    ]);
  });

  it('takes a blank line or a list item for an end at once', () => {
    expect(letGo('A title\n\nand text', { minChunkLength: 1, sentenceBufferSize: 1 })).toEqual([
      'A title\n\n',
      'and text',
    ]);
    expect(
      timed(
        [
          [0, 'You will need:\n- '],
          [10, 'eggs'],
        ],
        20,
        { minChunkLength: 1 },
      ),
    ).toEqual([
      [0, 'You will need:\n'],
      [20, '- eggs'],
    ]);
  });

  it('takes the same bullet right below an item for an end at once', () => {
    expect(
      timed(
        [
          [0, '- two eggs'],
          [10, '\n-'],
          [20, ' flour'],
          [30, '\n*'],
          [40, ' salt'],
          [50, '\n*'],
          [60, '*pepper**'],
          [70, '\n3'],
          [80, '-4 apples'],
        ],
        90,
        { minChunkLength: 1, sentenceBufferSize: 1 },
      ),
    ).toEqual([
      [10, '- two eggs\n'],
      [40, '- flour\n'],
      [50, '* salt\n'],
      [90, '**pepper**\n3-4 apples'],
    ]);
    expect(letGo('- two eggs\n---\nThen bake', { minChunkLength: 1, sentenceBufferSize: 1 })).toEqual([
      '- two eggs\n',
      '---\n',
      'Then bake',
    ]);
  });

  it('starts with a clause when asked to', () => {
    const text = 'Well, when the sun shines on the air, light is scattered. Then it is blue.';
    expect(letGo(text, { fastStart: 'clause' })).toEqual([
      'Well, when the sun shines on the air, ',
      'light is scattered. Then it is blue.',
    ]);
  });

  it.each([
    ['skin tones', 'abcdefg👍🏽👍🏽👍🏽', ['abcdefg', '👍🏽👍🏽', '👍🏽']],
    ['flags', '🇩🇪🇫🇷🇮🇹🇪🇸', ['🇩🇪🇫🇷', '🇮🇹🇪🇸']],
    ['families', 'abcdefg👩‍👩‍👧', ['abcdefg', '👩‍👩‍👧']],
    ['accents', 'e\u0301'.repeat(6), ['e\u0301'.repeat(4), 'e\u0301'.repeat(2)]],
  ])('does not tear what a reader sees as one character: %s', (_name, text, chunks) => {
    const config = { maxChunkLength: 10 - (text.startsWith('e') ? 1 : 0), minChunkLength: 1 };
    for (const cut of [1, 2, 3, text.length]) expect(letGo(text, config, cut)).toEqual(chunks);
  });

  it('does the same with half a surrogate pair that ends a token as inside one', () => {
    const config = { sentenceBufferSize: 1, minChunkLength: 2, maxChunkLength: 4 };
    for (const text of ['  . \ud83d𐀀𐀀', '  a \ud83d\ud83d𐀀.', 'abcd\ud83d\ud83d\ud83d']) {
      const whole = letGo(text, config, text.length);
      for (const cut of [1, 2, 3, 4, 5, 6]) expect(letGo(text, config, cut)).toEqual(whole);
    }
  });

  it('cuts at a clause, at a word, and at last between characters', () => {
    const config = { minChunkLength: 5, maxChunkLength: 16, fastStart: false };
    expect(letGo('one two, three four five', config)).toEqual(['one two, ', 'three four five']);
    expect(letGo('one two three four five', config)).toEqual(['one two three ', 'four five']);
    expect(letGo('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', config)).toEqual(['👨‍👩‍👧👨‍👩‍👧', '👨‍👩‍👧']);
    expect(letGo('สวัสดีครับ ยินดีต้อนรับ', config)).toEqual(['สวัสดีครับ ', 'ยินดีต้อนรับ']);
  });

  it('stands still while the valve is closed', () => {
    const scheduler = new TestScheduler(() => undefined);
    const out: [number, string][] = [];
    scheduler.run(() => {
      const valve = createValve({ high: 1, low: 0 });
      const source = new Subject<string>();
      source
        .pipe(bufferSentences({ valve, minChunkLength: 1 }))
        .subscribe((text) => out.push([scheduler.frame, text]));
      source.next('It is so');
      scheduler.schedule(() => valve.add(1), 1000);
      scheduler.schedule(() => valve.remove(1), 6000);
      scheduler.schedule(() => source.complete(), 20_000);
    });
    expect(out).toEqual([
      [8000, 'It is '],
      [11_000, 'so'],
    ]);
  });

  it('stops a synchronous source when its consumer has had enough', () => {
    let given = 0;
    const source = from(
      (function* () {
        for (;;) {
          given++;
          yield 'It is so, and not otherwise. ';
        }
      })(),
    );
    const out: string[] = [];
    source.pipe(bufferSentences(), take(2)).subscribe((text) => out.push(text));
    expect(out).toHaveLength(2);
    expect(given).toBeLessThan(6);
  });

  it.each(['complete', 'error'] as const)('lets go of its source on %s, and hears no more of it', (end) => {
    const seen: string[] = [];
    let torn = 0;
    const careless = new Observable<string>((subscriber) => {
      const say: readonly (keyof Observer<string>)[] = ['next', end, 'next', 'error', 'complete'];
      for (const what of say) subscriber[what]('One. ');
      return () => torn++;
    });
    careless.pipe(bufferSentences()).subscribe({
      next: (text) => seen.push(text),
      error: (error: unknown) => seen.push(`error: ${String(error)}`),
      complete: () => seen.push('complete'),
    });
    expect(seen).toEqual(['One. ', end === 'error' ? 'error: One. ' : 'complete']);
    expect(torn).toBe(1);
  });

  it('hears nothing of a careless source that was unsubscribed', () => {
    const out: string[] = [];
    let feed: (token: string) => void = () => undefined;
    const careless = new Observable<string>((subscriber) => {
      feed = (token) => subscriber.next(token);
    });
    const subscription = careless
      .pipe(bufferSentences({ minChunkLength: 1 }))
      .subscribe((text) => out.push(text));
    feed('One. Two.');
    subscription.unsubscribe();
    feed(' Three. Four. Five. ');
    expect(out).toEqual(['One. ']);
  });

  it.each([undefined, null, 7, { type: 'token', text: 'Two.' }])(
    'refuses a token that is %s, and loses nothing',
    (token) => {
      const seen: unknown[] = [];
      const source = new Subject<string>();
      source
        .pipe(bufferSentences())
        .subscribe({ next: (text) => seen.push(text), error: (error: unknown) => seen.push(error) });
      source.next('It is so, ');
      source.next(token as unknown as string);
      source.next('and not otherwise.');
      expect(seen).toEqual([
        'It is so, ',
        new TypeError(
          `bufferSentences: a token must be a string (pluckText makes them of events), got ${typeof token}`,
        ),
      ]);
      expect(source.observed).toBe(false);
    },
  );

  it('keeps the order when the consumer feeds the source', () => {
    const source = new Subject<string>();
    const out: string[] = [];
    let fed = false;
    source.pipe(bufferSentences({ minChunkLength: 1, sentenceBufferSize: 1 })).subscribe({
      next: (text) => {
        out.push(text);
        if (fed) return;
        fed = true;
        source.next(' Four.');
        source.complete();
      },
      complete: () => out.push('|'),
    });
    source.next('One. Two. Three.');
    expect(out).toEqual(['One. ', 'Two. ', 'Three. ', 'Four.', '|']);
  });

  it('emits nothing after an unsubscribe inside next', () => {
    const source = new Subject<string>();
    const out: string[] = [];
    const subscription = source
      .pipe(bufferSentences({ minChunkLength: 1, sentenceBufferSize: 1 }))
      .subscribe((text) => {
        out.push(text);
        subscription.unsubscribe();
      });
    source.next('One. Two. Three. Four.');
    expect(out).toEqual(['One. ']);
    expect(source.observed).toBe(false);
  });

  it('gives out what there was before an error', () => {
    const broken = new Error('broken');
    const seen: unknown[] = [];
    concat(
      of('One. Tw'),
      throwError(() => broken),
    )
      .pipe(bufferSentences())
      .subscribe({ next: (text) => seen.push(text), error: (error: unknown) => seen.push(error) });
    expect(seen).toEqual(['One. Tw', broken]);
  });

  it.each([
    ['sentenceBufferSize', 0],
    ['sentenceBufferSize', 1.5],
    ['sentenceBufferSize', NaN],
    ['minChunkLength', -1],
    ['minChunkLength', 2001],
    ['minChunkLength', Infinity],
    ['maxChunkLength', 0],
    ['maxChunkLength', 19],
    ['maxChunkLength', '30'],
    ['maxBufferTime', 0],
    ['maxBufferTime', NaN],
    ['quietTime', -1],
    ['quietTime', '50'],
    ['fastStart', 'word'],
    ['locale', 'no such locale'],
    ['locale', 7],
  ])('refuses %s: %s when it is called', (option, value) => {
    const name = option === 'maxChunkLength' && value === 19 ? 'minChunkLength' : option;
    const call = (): unknown => bufferSentences({ [option]: value });
    expect(call).toThrow(TypeError);
    expect(call).toThrow(new RegExp(`bufferSentences: ${name} must be .*, got `));
  });

  it('shows that a number was given as a text', () => {
    const call = () => bufferSentences({ quietTime: '50' as unknown as number });
    expect(call).toThrow('a number of milliseconds of 0 or more, or Infinity, got "50"');
  });

  it('does no work before it is subscribed', () => {
    let subscribed = 0;
    const chunks = defer(() => {
      subscribed++;
      return of('So. ');
    }).pipe(bufferSentences());
    expect(subscribed).toBe(0);
    chunks.subscribe();
    expect(subscribed).toBe(1);
  });
});
