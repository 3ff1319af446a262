import { map, mergeMap, takeUntil, throwError, timeout, timer } from 'rxjs';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fallbackToComplete } from '../../operators/index.js';
import { StalledReplyError } from '../../src/index.js';
import { scriptedModel } from '../../providers/scripted/index.js';
import { marbles } from '../support/marbles.js';

const guide = readFileSync(new URL('../../docs/deadlines.md', import.meta.url), 'utf8');

describe('docs/deadlines.md', () => {
  // The guide's own code, as it stands there; the first spec below keeps the two the same.
  const within = (ms: number) =>
    takeUntil<string>(
      timer(ms).pipe(
        mergeMap(() => throwError(() => new StalledReplyError(`no whole reply within ${ms} ms`))),
      ),
    );
  const impatientWith = (model: ReturnType<typeof scriptedModel>) =>
    model('Why is the sky blue?').pipe(
      timeout({ first: 2000, each: 5000 }),
      fallbackToComplete((partial) => model.complete('Why is the sky blue?', { continueFrom: partial }), {
        expects: 'continuation',
      }),
    );

  it('holds the code that is run here', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const plain = (text: string) => text.replace(/\s+/g, '').replace(/,(?=[)}])/g, '');
    const blocks = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
    expect(blocks).toHaveLength(2);
    const [impatient, whole] = blocks as [string, string];
    const [, code = ''] = impatient.split('const impatient =');
    expect(plain(source)).toContain(plain(code).replace(/;$/, ''));
    const limit = /const within[^]*(?=const limited)/.exec(whole)![0];
    expect(plain(source)).toContain(plain(limit));
  });

  it('asks for the rest when the first token, or the next one, is late', () => {
    marbles(({ expectObservable }) => {
      const late = scriptedModel({ tokens: [{ text: 'Blue.', at: 2500 }] });
      expectObservable(impatientWith(late)).toBe('4500ms (a|)', { a: 'Blue.' });
      const stalled = scriptedModel({
        tokens: [
          { text: 'It is', at: 100 },
          { text: ' blue.', at: 9000 },
        ],
      });
      expectObservable(impatientWith(stalled)).toBe('100ms a 5099ms (b|)', { a: 'It is', b: ' blue.' });
      const quick = scriptedModel({
        tokens: [
          { text: 'It is', at: 100 },
          { text: ' blue.', at: 4000 },
        ],
      });
      expectObservable(impatientWith(quick)).toBe('100ms a 3899ms (b|)', { a: 'It is', b: ' blue.' });
    });
  });

  it('ends the whole with an error, or as it is', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a--b--c--d|');
      expectObservable(source.pipe(within(6))).toBe(
        '-a--b-#',
        undefined,
        expect.objectContaining({ name: 'StalledReplyError' }),
      );
      expectObservable(source.pipe(within(60))).toBe('-a--b--c--d|');
      expectObservable(source.pipe(takeUntil(timer(6)))).toBe('-a--b-|');
      expectSubscriptions(source.subscriptions).toBe(['^-----!', '^----------!', '^-----!']);
    });
  });

  it('counts reasoning as a sign of life between tokens only', () => {
    marbles(({ expectObservable }) => {
      const thinking = scriptedModel({
        tokens: [
          { type: 'reasoning', text: 'Hm.', at: 30 },
          { type: 'reasoning', text: 'So.', at: 60 },
          { text: 'Blue.', at: 90 },
        ],
      });
      const late: unknown = expect.objectContaining({ name: 'StalledReplyError' });
      expectObservable(thinking('Why?', { firstTokenTimeout: 50 })).toBe('50ms #', undefined, late);
      expectObservable(thinking('Why?', { idleTimeout: 50 })).toBe('90ms (a|)', { a: 'Blue.' });
      expectObservable(thinking('Why?').pipe(timeout({ each: 50 }))).toBe(
        '50ms #',
        undefined,
        expect.objectContaining({ name: 'TimeoutError' }),
      );
      expectObservable(
        thinking.events('Why?').pipe(
          timeout({ each: 50 }),
          map(({ type }) => type[0]!),
        ),
      ).toBe('30ms r 29ms r 29ms (tf|)');
    });
  });
});
