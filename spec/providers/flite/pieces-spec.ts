import { describe, expect, it } from 'vitest';
import { piecesOf } from '../../../providers/flite/pieces.js';

const pieces = (text: string) =>
  [...piecesOf(text)].map(({ words, joinsBefore, joinsAfter }) => ({
    said: words.map(({ spoken }) => spoken).join(' '),
    joinsBefore,
    joinsAfter,
  }));

describe('piecesOf', () => {
  it('leaves a sentence whole', () => {
    expect(pieces('The sky is blue.')).toEqual([
      { said: 'The sky is blue.', joinsBefore: false, joinsAfter: false },
    ]);
  });

  it('ends the first piece at the first sentence, but not at a title', () => {
    expect(pieces('Ask Dr. Who. He knows. I do not.').map(({ said }) => said)).toEqual([
      'Ask Dr. Who.',
      'He knows. I do not.',
    ]);
  });

  it('cuts a long sentence at a clause, else between words, and says so', () => {
    const clause = `${'word '.repeat(12)}and so on, ${'word '.repeat(12)}.`;
    expect(
      pieces(clause).map(({ said, joinsBefore, joinsAfter }) => [said.at(-1), joinsBefore, joinsAfter]),
    ).toEqual([
      [',', false, false],
      ['.', true, false],
    ]);
    const plain = pieces('word '.repeat(60));
    expect(plain.length).toBeGreaterThan(1);
    expect(plain[0]).toMatchObject({ joinsBefore: false, joinsAfter: true });
    expect(plain.at(-1)).toMatchObject({ joinsBefore: true, joinsAfter: false });
  });

  it('bounds every piece and loses no word', () => {
    const text = `${'Some words, of many kinds; in sentences. '.repeat(20)} ${'x'.repeat(1500)} end`;
    const all = pieces(text);
    for (const { said } of all) expect(said.length).toBeLessThanOrEqual(300);
    expect(all[0]!.said.length).toBeLessThanOrEqual(90);
    expect(
      all
        .map(({ said }) => said)
        .join('')
        .replace(/\s/g, ''),
    ).toBe(text.replace(/\s/g, ''));
  });

  it('is made as it is asked for', () => {
    const endless = piecesOf('word '.repeat(100_000));
    expect(endless.next().done).toBe(false);
    expect(endless.next().done).toBe(false);
  });
});
