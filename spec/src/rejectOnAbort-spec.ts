import { getEventListeners } from 'node:events';
import { NEVER, takeUntil } from 'rxjs';
import { describe, expect, it } from 'vitest';
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

  it('takes its listener away', () => {
    const { signal } = new AbortController();
    const subscription = NEVER.pipe(takeUntil(rejectOnAbort(signal))).subscribe();
    expect(getEventListeners(signal, 'abort').length).toBe(1);
    subscription.unsubscribe();
    expect(getEventListeners(signal, 'abort').length).toBe(0);
  });
});
