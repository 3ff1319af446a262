import fc from 'fast-check';
import { asyncScheduler, concat, from, NEVER, of, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { forwardTokens } from '../../../pipelines/workflow/forwardTokens.js';
import type { StreamBuffer } from '../../../pipelines/workflow/schema.js';
import { marbles } from '../../support/marbles.js';

const cut = (
  buffer: StreamBuffer | undefined,
  tokens: string,
  out: string,
  values: Record<string, string>,
  end = '',
) =>
  marbles(({ hot, expectObservable, expectSubscriptions }) => {
    const source = hot(tokens, values);
    expectObservable(source.pipe(forwardTokens(buffer, asyncScheduler)), end || undefined).toBe(out, values);
    if (end) expectSubscriptions(source.subscriptions).toBe(`^${end.slice(1)}`);
  });
const values = {
  a: 'a',
  b: 'b',
  c: 'c',
  d: 'd',
  x: 'ab',
  y: 'cd',
  z: 'abcd',
  w: 'One two ',
  v: 'three',
  u: 'One ',
  t: 'two ',
};

describe('forwardTokens', () => {
  it('passes tokens as they are without a buffer, and with immediate', () => {
    cut(undefined, '-a-b-|', '-a-b-|', values);
    cut({ forward_on: 'immediate' }, '-a-b-#', '-a-b-#', values);
  });

  it('cuts by characters, and keeps none for longer than max_buffer_time', () => {
    cut({ forward_on: 'chunk_size', chunk_size: 2 }, '-a-b-c-d-|', '---x---y-|', values);
    cut({ forward_on: 'chunk_size', chunk_size: 2 }, '-z---|', '-(xy)|', values);
    cut(
      { forward_on: 'chunk_size', chunk_size: 9, max_buffer_time: 0.004 },
      '-a-b-----c|',
      '-----x----(c|)',
      values,
    );
  });

  it('cuts by words, whole ones', () => {
    cut({ forward_on: 'word_count', word_count: 2 }, '-u-t-v-|', '-----w-(v|)', values);
  });

  it('cuts by time, if there is enough', () => {
    cut({ forward_on: 'time', max_buffer_time: 0.004 }, '-a-b---c-----|', '-----x-----c-|', values);
    cut(
      { forward_on: 'time', max_buffer_time: 0.002, min_chunk_length: 2 },
      '-a-----b-|',
      '-------x-|',
      values,
    );
  });

  it('lets the rest go before an error, and nothing after an unsubscribe', () => {
    cut({ forward_on: 'chunk_size' }, '-a-b-#', '-----(x#)', values);
    cut({ forward_on: 'chunk_size', max_buffer_time: 0.003 }, '-a------', '----', values, '---!');
  });

  it('leaves an empty stream empty, and starts afresh for each subscription', async () => {
    for (const forward_on of ['time', 'chunk_size', 'word_count', 'sentence'] as const) {
      const pieces = from(['One two three. ', 'Four.']).pipe(
        forwardTokens({ forward_on }, asyncScheduler),
        toArray(),
      );
      const seen: string[][] = [];
      for (let nth = 0; nth < 2; nth++)
        await new Promise<void>((done) =>
          pieces.subscribe({ next: (all) => seen.push(all), complete: done }),
        );
      expect(seen[0]).toEqual(seen[1]);
      of('')
        .pipe(forwardTokens({ forward_on }, asyncScheduler), toArray())
        .subscribe((all) => expect(all).toEqual([]));
    }
  });

  it('stops a synchronous source when its consumer has had enough', () => {
    let pulled = 0;
    const endless = (function* () {
      for (;;) {
        pulled++;
        yield 'ab';
      }
    })();
    concat(from(endless), NEVER)
      .pipe(forwardTokens({ forward_on: 'chunk_size', chunk_size: 2 }, asyncScheduler), take(3))
      .subscribe();
    expect(pulled).toBeLessThan(10);
  });

  it('loses and changes nothing, whatever the text and however it comes', () => {
    const buffer = fc.oneof(
      fc.record({
        forward_on: fc.constant('chunk_size' as const),
        chunk_size: fc.integer({ min: 1, max: 5 }),
      }),
      fc.record({
        forward_on: fc.constant('word_count' as const),
        word_count: fc.integer({ min: 1, max: 3 }),
      }),
    );
    fc.assert(
      fc.property(buffer, fc.array(fc.string({ unit: 'grapheme', maxLength: 8 })), (config, tokens) => {
        let joined = '';
        from(tokens)
          .pipe(forwardTokens(config, asyncScheduler))
          .subscribe((piece) => {
            expect(piece).not.toBe('');
            expect(piece).not.toMatch(/[\ud800-\udbff]$/);
            joined += piece;
          });
        expect(joined).toBe(tokens.join(''));
      }),
    );
  });
});
