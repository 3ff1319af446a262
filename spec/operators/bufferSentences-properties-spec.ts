import fc from 'fast-check';
import { from, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import { bufferSentences, type BufferSentencesConfig } from '../../operators/bufferSentences.js';
import { splitSentences } from '../../operators/splitSentences.js';
import { createValve } from '../../src/valve.js';

/** Pieces that meet in what models write, and some that shouldn't. */
const piece = fc.oneof(
  fc.constantFrom(
    'The sky',
    ' is blue',
    '. ',
    '.',
    '! ',
    '?',
    '?!',
    '…',
    '...',
    ' . . .',
    '\n',
    '\n\n',
    '\r\n',
    ' ',
    '  ',
    '\t',
    'Dr.',
    ' e.g. ',
    'U.S.',
    ' J. R.',
    '3.14',
    ' 1. ',
    '\n1. ',
    '\n- ',
    '• ',
    '# ',
    '\n## ',
    '| a | b |\n',
    '```',
    '\n```\n',
    '"',
    '“',
    '”',
    '(',
    ')',
    '[1]',
    '**',
    '`',
    '<br/>',
    '<',
    ':)',
    '😀',
    '👨‍👩‍👧',
    '\ud83d',
    '\ude00',
    'é',
    'e\u0301',
    '我们走吧。',
    '「行こう。」',
    'と',
    '！',
    'สวัสดีครับ',
    'क्या?',
    'है।',
    'كيف؟',
    'Πώς;',
    'Ինչ:',
    '안녕. ',
    'https://a.b/c?d=e.f!g',
    ', ',
    '; ',
    ': ',
    ' — ',
    '، ',
    '，',
    'Incomprehensibilities',
    'a',
    'I',
    ' A. ',
    '\u2028',
    '\u200d',
    '\ufeff',
    '\0',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.string({ maxLength: 6 }),
);
const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
const locale = fc.constantFrom(undefined, 'en', 'de', 'tr', 'ja', 'ar', 'th', 'xx');
const limits = fc
  .record({
    sentenceBufferSize: fc.constantFrom(1, 2, 3, Infinity),
    least: fc.integer({ min: 0, max: 30 }),
    more: fc.constantFrom(1, 2, 5, 20, 100, Infinity),
    fastStart: fc.constantFrom<boolean | 'clause'>(true, false, 'clause'),
    locale,
  })
  .map(({ least, more, locale: tag, ...rest }): BufferSentencesConfig => ({
    ...rest,
    minChunkLength: least,
    maxChunkLength: least + more,
    ...(tag === undefined ? {} : { locale: tag }),
  }));

/** The text as tokens, cut wherever the numbers say, between surrogates too. */
function tokensOf(whole: string, cuts: readonly number[]): string[] {
  const tokens: string[] = [];
  let at = 0;
  for (let index = 0; at < whole.length; index++) {
    const length = cuts[index % cuts.length] ?? 1;
    tokens.push(whole.slice(at, at + length));
    at += length;
  }
  return tokens;
}
const cuts = fc
  .array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 20 })
  .filter((all) => all.some((n) => n > 0));

function chunks(tokens: readonly string[], config: BufferSentencesConfig): string[] {
  const out: string[] = [];
  from(tokens)
    .pipe(bufferSentences(config))
    .subscribe((chunk) => out.push(chunk));
  return out;
}

interface Arrival {
  readonly gap: number;
  readonly token: string;
}
const arrivals = fc.array(
  fc.record({
    gap: fc.constantFrom(0, 1, 10, 30, 60, 200, 900, 2500, 7000),
    token: fc.array(piece, { maxLength: 3 }).map((all) => all.join('')),
  }),
  { maxLength: 40 },
);

describe('bufferSentences, whatever comes', () => {
  it('loses, adds and changes no character', () => {
    fc.assert(
      fc.property(text, cuts, limits, (whole, lengths, config) => {
        expect(chunks(tokensOf(whole, lengths), config).join('')).toBe(whole);
      }),
      { numRuns: 1500 },
    );
  });

  it('gives the same chunks however the text is cut into tokens', () => {
    fc.assert(
      fc.property(text, cuts, limits, (whole, lengths, config) => {
        const whichever = chunks([whole], config);
        expect(chunks(tokensOf(whole, lengths), config)).toEqual(whichever);
        expect(chunks(tokensOf(whole, [1]), config)).toEqual(whichever);
      }),
      { numRuns: 1500 },
    );
  });

  it('emits nothing empty, and nothing longer than the maximum', () => {
    fc.assert(
      fc.property(text, cuts, limits, (whole, lengths, config) => {
        for (const chunk of chunks(tokensOf(whole, lengths), config).slice(0, -1)) {
          expect(chunk).not.toBe('');
          expect(chunk.length).toBeLessThanOrEqual(config.maxChunkLength!);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('tears no surrogate pair where the maximum leaves room for one', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        cuts,
        fc.integer({ min: 2, max: 12 }),
        (whole, lengths, most) => {
          for (const chunk of chunks(tokensOf(whole, lengths), { minChunkLength: 0, maxChunkLength: most }))
            expect(chunk).not.toMatch(/\p{Surrogate}/u);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('agrees with splitSentences about where sentences end', () => {
    fc.assert(
      fc.property(text, locale, (whole, tag) => {
        const config = tag === undefined ? {} : { locale: tag };
        const sentences = [...splitSentences(whole, config)];
        expect(sentences.map((sentence) => sentence.text).join('')).toBe(whole);
        let at = 0;
        for (const { start, end } of sentences) {
          expect(start).toBe(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        const ends = new Set(sentences.map(({ end }) => whole.slice(0, end).trimEnd().length));
        let reached = 0;
        for (const chunk of chunks([whole], {
          ...config,
          sentenceBufferSize: 1,
          minChunkLength: 1,
          maxChunkLength: Infinity,
          fastStart: false,
        })) {
          reached += chunk.length;
          expect(ends).toContain(whole.slice(0, reached).trimEnd().length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps no character longer than maxBufferTime, a lone half word no longer than twice', () => {
    fc.assert(
      fc.property(arrivals, limits, fc.constantFrom(100, 1000, 3000), (plan, config, maxBufferTime) => {
        const { came, left, emitted, joined } = played(plan, { ...config, maxBufferTime });
        expect(joined).toBe(plan.map(({ token }) => token).join(''));
        came.forEach((at, index) => {
          expect(left[index]! - at).toBeLessThanOrEqual(2 * maxBufferTime);
        });
        // What waited longer than once was left over by an earlier cut, and not for longer than once from there.
        came.forEach((at, index) => {
          const out = left[index]!;
          if (out - at <= maxBufferTime) return;
          expect(
            emitted.some((cut) => cut >= at && cut <= at + maxBufferTime && out <= cut + maxBufferTime),
          ).toBe(true);
        });
      }),
      {
        numRuns: 1000,
        // What a cut leaves over is cut again: the rest must not get a third clock.
        examples: [
          [
            [
              { gap: 0, token: '\0Dr.' },
              { gap: 900, token: '\u{34000}\u{34000}，\0' },
            ],
            { sentenceBufferSize: 1, minChunkLength: 5, maxChunkLength: Infinity },
            1000,
          ],
        ],
      },
    );
  });

  it('lets no clock run while the valve is closed', () => {
    fc.assert(
      fc.property(
        arrivals,
        limits,
        fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 6 }),
        (plan, config, toggles) => {
          const { emitted, closed, frames } = played(plan, { ...config, maxBufferTime: 500 }, toggles);
          emitted.forEach((at) => {
            const shut = closed.some(([from, to]) => at > from && at < to);
            // What leaves while the valve is closed leaves because of a token, or at the end.
            if (shut) expect(frames).toContain(at);
          });
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Plays tokens in virtual time; when each character came and left, when chunks left, when the valve was closed. */
function played(plan: readonly Arrival[], config: BufferSentencesConfig, toggles: readonly number[] = []) {
  const came: number[] = [];
  const left: number[] = [];
  const emitted: number[] = [];
  const frames: number[] = [];
  const closed: (readonly [number, number])[] = [];
  let joined = '';
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(() => {
    const valve = createValve({ high: 1, low: 0 });
    const source = new Subject<string>();
    source.pipe(bufferSentences({ ...config, valve })).subscribe((chunk) => {
      emitted.push(scheduler.frame);
      joined += chunk;
      left.push(...Array<number>(chunk.length).fill(scheduler.frame));
    });
    let at = 0;
    for (const { gap, token } of plan) {
      at += gap;
      const frame = at;
      frames.push(frame);
      scheduler.schedule(() => {
        came.push(...Array<number>(token.length).fill(frame));
        source.next(token);
      }, frame);
    }
    const end = at + 50_000;
    frames.push(end);
    scheduler.schedule(() => source.complete(), end);
    let turn = 0;
    let since = -1;
    toggles.forEach((pause, index) => {
      turn += pause;
      const frame = turn;
      scheduler.schedule(() => (index % 2 === 0 ? valve.add(1) : valve.remove(1)), frame);
      if (index % 2 === 0) since = frame;
      else closed.push([since, frame]);
    });
    if (toggles.length % 2 === 1) closed.push([since, end]);
  });
  return { came, left, emitted, frames, closed, joined };
}
