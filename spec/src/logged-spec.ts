import { concat, NEVER, of, throwError } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { disableDebug, enableDebug } from '../../src/debug.js';
import { logged } from '../../src/logged.js';
import { marbles } from '../support/marbles.js';

describe('logged', () => {
  afterEach(() => disableDebug());
  const lines = (run: () => void) => {
    const found: unknown[] = [];
    const off = enableDebug('rx-aloud:*', (_, message, details) => void found.push([message, details]));
    run();
    off();
    return found;
  };
  const ms = expect.any(Number) as number;

  it('changes nothing, listened to or not', () => {
    for (const pattern of ['', 'rx-aloud:*']) {
      enableDebug(pattern, () => undefined);
      marbles(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('--a-b--#');
        expectObservable(source.pipe(logged('rx-aloud:test'))).toBe('--a-b--#');
        expectSubscriptions(source.subscriptions).toBe('     ^------!');
      });
    }
  });

  it('tells what came and how it ended, by kind', () => {
    const events = of({ type: 'audio' }, { type: 'word' }, { type: 'audio' });
    expect(lines(() => events.pipe(logged('rx-aloud:test', { voice: 'flite' })).subscribe())).toEqual([
      ['start', { voice: 'flite' }],
      ['first', { ms }],
      ['complete', { audio: 2, word: 1, ms }],
    ]);
    const failing = concat(
      of('token', { status: 'processing' }),
      throwError(() => new TypeError('no')),
    );
    expect(
      lines(() => failing.pipe(logged('rx-aloud:test')).subscribe({ error: () => undefined })).at(-1),
    ).toEqual(['error', { name: 'TypeError', message: 'no', values: 1, processing: 1, ms }]);
    expect(lines(() => NEVER.pipe(logged('rx-aloud:test')).subscribe().unsubscribe()).at(-1)).toEqual([
      'left',
      { ms },
    ]);
  });
});
