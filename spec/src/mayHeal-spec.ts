import { describe, expect, it } from 'vitest';
import { AuthenticationError, ConnectionError, ReplyDivergedError } from '../../src/errors.js';
import { isAbort, mayHeal } from '../../src/mayHeal.js';

describe('mayHeal', () => {
  it.each([
    [new ConnectionError('reset'), true],
    [new AuthenticationError('no key'), false],
    [new ReplyDivergedError('no', { partial: '', reply: '' }), false],
    [new TypeError('terminated'), true],
    [new DOMException('stopped', 'AbortError'), false],
    [Object.assign(new Error('stopped'), { name: 'AbortError', retryable: true }), false],
    [{ retryable: 'perhaps' }, true],
    ['oops', true],
    [null, true],
    [undefined, true],
  ])('%o: %s', (error, heals) => {
    expect(mayHeal(error)).toBe(heals);
  });
});

describe('isAbort', () => {
  it.each([
    [new DOMException('stopped', 'AbortError'), true],
    [new DOMException('too late', 'TimeoutError'), false],
    ['AbortError', false],
    [null, false],
  ])('%o: %s', (error, abort) => {
    expect(isAbort(error)).toBe(abort);
  });
});
