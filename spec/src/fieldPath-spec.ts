import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPath, parsePath } from '../../src/fieldPath.js';

describe('formatPath', () => {
  it.each([
    [[], ''],
    [['answer'], 'answer'],
    [['items', 0, 'name'], 'items[0].name'],
    [[2, 'x'], '[2].x'],
    [['größe', 'a-b'], 'größe.a-b'],
    [['a.b', 'c d'], '["a.b"]["c d"]'],
    [[''], '[""]'],
  ])('writes %j as %s', (segments, path) => {
    expect(formatPath(segments)).toBe(path);
    expect(parsePath(path)).toEqual(segments);
  });

  it('is read back whatever the keys are', () => {
    const segment = fc.oneof(fc.nat(), fc.string(), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        expect(parsePath(formatPath(segments))).toEqual(segments);
      }),
    );
  });
});

describe('parsePath', () => {
  it.each(['.a', 'a.', 'a..b', 'a[', 'a[b]', 'a]', 'a[0]b', '["a]'])('refuses %s', (path) => {
    expect(() => parsePath(path)).toThrow(TypeError);
    expect(() => parsePath(path)).toThrow('path must be');
  });
});
