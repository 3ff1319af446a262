import { describe, expect, it } from 'vitest';
import { splitSentences } from '../../operators/splitSentences.js';

const split = (text: string, locale?: string) =>
  [...splitSentences(text, locale === undefined ? {} : { locale })].map((sentence) => sentence.text);

describe('splitSentences', () => {
  it('gives every sentence with its offsets, white space at its end', () => {
    expect([...splitSentences('Dr. Who is here. Hide!')]).toEqual([
      { text: 'Dr. Who is here. ', start: 0, end: 17 },
      { text: 'Hide!', start: 17, end: 22 },
    ]);
  });

  it('loses nothing of white space, wherever it stands', () => {
    expect(split('')).toEqual([]);
    expect(split(' \n\n ')).toEqual([' \n\n ']);
    expect(split('  One. \n\n  Two.  ')).toEqual(['  One. \n\n  ', 'Two.  ']);
  });

  it('can be walked again and again', () => {
    const sentences = splitSentences('One. Two.');
    expect([...sentences]).toEqual([...sentences]);
  });

  it('reads by the given locale', () => {
    const text = 'Am 3. Oktober ist frei. Dort wird gefeiert.';
    expect(split(text, 'de')).toEqual(['Am 3. Oktober ist frei. ', 'Dort wird gefeiert.']);
    expect(split(text, 'de-AT')).toEqual(split(text, 'de'));
    expect(() => splitSentences('a', { locale: '?' })).toThrow(TypeError);
  });
});
