import { describe, expect, it } from 'vitest';
import { alignWords, type Phone } from '../../../providers/flite/alignWords.js';

/** Phones of 100 ms each. */
const phones = (names: string): Phone[] =>
  names.split(' ').map((name, index) => ({ name, start: index * 100, end: (index + 1) * 100 }));
const starts = (words: string[], names: string) =>
  alignWords(words, phones(names)).map(({ offset, duration }) => [offset / 100, (offset + duration) / 100]);

describe('alignWords', () => {
  it('tells by the letters which sounds make a word', () => {
    expect(starts(['hello', 'world'], 'pau hh ax l ow w er l d pau')).toEqual([
      [1, 5],
      [5, 9],
    ]);
    expect(starts(['the', 'knight', 'thought'], 'pau dh ax n ay t th ao t pau')).toEqual([
      [1, 3],
      [3, 6],
      [6, 9],
    ]);
  });

  it('puts a pause between the words around a comma', () => {
    expect(starts(['yes,', 'eight'], 'pau y eh s pau ey t pau')).toEqual([
      [1, 4],
      [5, 7],
    ]);
  });

  it('lets a number take the sounds that its neighbours don’t explain', () => {
    expect(starts(['room', '42', 'please'], 'pau r uw m f ao r t iy t uw p l iy z pau')).toEqual([
      [1, 4],
      [4, 11],
      [11, 15],
    ]);
  });

  it('keeps the order, and stays within the audio, whatever it is given', () => {
    for (const words of [['a'], ['aaa', 'zzz', '123'], ['x', 'y', 'z', 'q', 'w', 'e', 'r']]) {
      for (const names of ['pau', 'pau ah pau', 'pau s t r eh ng th s pau pau aa pau', 'k']) {
        let reached = 0;
        const end = names.split(' ').length * 100;
        for (const { offset, duration } of alignWords(words, phones(names))) {
          expect(offset).toBeGreaterThanOrEqual(reached);
          expect(duration).toBeGreaterThanOrEqual(0);
          expect(offset + duration).toBeLessThanOrEqual(end);
          reached = offset;
        }
      }
    }
  });
});
