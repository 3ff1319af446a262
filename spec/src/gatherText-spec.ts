import { describe, expect, it } from 'vitest';
import { gatherText } from '../../src/gatherText.js';

describe('gatherText', () => {
  it('is all pieces in order, at any time', () => {
    const gathered = gatherText();
    let expected = '';
    expect(gathered.toString()).toBe('');
    for (let piece = 0; piece < 1000; piece++) {
      gathered.add(`${piece},`);
      expected += `${piece},`;
      if (piece % 100 === 55) expect(gathered.toString()).toBe(expected);
    }
    expect(gathered.toString()).toBe(expected);
  });
});
