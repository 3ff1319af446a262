import { describe, expect, it } from 'vitest';
import { retryAfterOf } from '../../src/retryAfter.js';

const now = Date.parse('2026-11-23T04:00:00Z');

describe('retryAfterOf', () => {
  it.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'Retry-After': ' 1.5 ' }, 1500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Mon, 23 Nov 2026 04:01:30 GMT' }, 90_000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 03:00:00 GMT' }, 0],
    [{ 'retry-after': '7', 'retry-after-ms': '250' }, 250],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-3' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', (headers, expected) => {
    expect(retryAfterOf(headers, now)).toBe(expected);
    expect(retryAfterOf(new Headers(headers as Record<string, string>), now)).toBe(expected);
  });

  it('knows nothing where there are no headers', () => {
    expect(retryAfterOf(undefined)).toBeUndefined();
    expect(retryAfterOf('retry-after: 7')).toBeUndefined();
  });
});
