import { getEventListeners } from 'node:events';
import { NEVER, takeUntil } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { isAbort, mayHeal } from '../../src/mayHeal.js';
import { rejectOnAbort } from '../../src/rejectOnAbort.js';

describe('rejectOnAbort', () => {
  it('fails with the reason of a signal that is aborted, now or later', () => {
    const errors: unknown[] = [];
    const controller = new AbortController();
    rejectOnAbort(controller.signal).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([]);
    controller.abort('enough');
    expect(errors).toEqual(['enough']);
    rejectOnAbort(controller.signal).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual(['enough', 'enough']);
  });

  it('makes a reason known as an abort, whatever it is', () => {
    const reason = new Error('the listener has left');
    expect(mayHeal(reason)).toBe(true);
    rejectOnAbort(AbortSignal.abort(reason)).subscribe({ error: () => undefined });
    expect(isAbort(reason)).toBe(true);
    expect(mayHeal(reason)).toBe(false);
    expect(isAbort(new Error('the listener has left'))).toBe(false);
  });

  it('takes its listener away', () => {
    const { signal } = new AbortController();
    const subscription = NEVER.pipe(takeUntil(rejectOnAbort(signal))).subscribe();
    expect(getEventListeners(signal, 'abort').length).toBe(1);
    subscription.unsubscribe();
    expect(getEventListeners(signal, 'abort').length).toBe(0);
  });
});
