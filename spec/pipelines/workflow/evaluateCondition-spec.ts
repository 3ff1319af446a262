import { describe, expect, it } from 'vitest';
import { evaluateCondition } from '../../../pipelines/workflow/evaluateCondition.js';
import type { Condition } from '../../../pipelines/workflow/schema.js';

describe('evaluateCondition', () => {
  it.each<[Condition, boolean]>([
    [{ equals: [{ a: [1] }, { a: [1] }] }, true],
    [{ equals: ['1', 1] }, false],
    [{ not_equals: ['1', 1] }, true],
    [{ greater_than: [2, 1] }, true],
    [{ greater_than: [1, 1] }, false],
    [{ at_least: [1, 1] }, true],
    [{ less_than: ['a', 'b'] }, true],
    [{ at_most: [2, 1] }, false],
    [{ contains: ['a sentence', 'sent'] }, true],
    [{ contains: ['12', 1] }, false],
    [{ contains: [[{ a: 1 }], { a: 1 }] }, true],
    [{ contains: [{ a: 1 }, 'a'] }, true],
    [{ contains: [{ a: 1 }, 'toString'] }, false],
    [{ contains: [null, 'a'] }, false],
    [{ exists: 0 }, true],
    [{ exists: '' }, true],
    [{ exists: false }, true],
    [{ exists: null }, false],
    [{ not: { exists: null } }, true],
    [{ and: [{ exists: 1 }, { exists: null }] }, false],
    [{ or: [{ exists: null }, { exists: 1 }] }, true],
  ])('%j is %s', (condition, holds) => {
    expect(evaluateCondition(condition)).toBe(holds);
  });

  it.each([
    [1, '1', 'number and string'],
    [null, 1, 'null and number'],
    [[1], 1, 'a list and number'],
  ])('does not order %j and %j', (a, b, kinds) => {
    expect(() => evaluateCondition({ less_than: [a, b] })).toThrow(
      new TypeError(`less_than compares two numbers or two texts, not ${kinds}`),
    );
  });
});
