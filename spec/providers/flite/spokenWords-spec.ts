import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spokenWords } from '../../../providers/flite/spokenWords.js';

const said = (text: string) => [...spokenWords(text)].map(({ spoken }) => spoken).join(' ');
const words = (text: string) => [...spokenWords(text)].map((word) => word.text);

describe('spokenWords', () => {
  it.each([
    ['Café naïve Ångström', 'Cafe naive Angstrom'],
    ['straße Æsir œuvre Łódź Þór', 'strasse Aesir oeuvre Lodz Thor'],
    ['“Hello”, she said — ‘yes’…', `"Hello", she said, 'yes'.`],
    ['€5 or 5€, €1, £2.50 and ¥100', '5 euros or 5 euros, 1 euro, 2.50 pounds and 100 yen'],
    ['½ of it, x² and 20°C', 'one half of it, x squared and 20 degrees Celsius'],
    ['2 × 3 ≥ 5 & 1 + 1 = 2', '2 times 3 at least 5 and 1 plus 1 equals 2'],
    ['me@example.com uses Node.js and C#', 'me at example dot com uses Node dot js and C sharp'],
    ['U.S. 3.14 e.g. $5 50% 10:30', 'U.S. 3.14 e.g. $5 50% 10:30'],
    ['It is blue.The end', 'It is blue. The end'],
    ['Москва и Київ', 'Moskva i Kiyiv'],
    ['Ελλάδα, and π is 3', 'Ellada, and pi is 3'],
    ['こんにちは カタカナ 한국', 'konnichiha katakana hanguk'],
    ['٣٤ and ४२', '34 and 42'],
    ['ﬁne ＡＢＣ 𝐛𝐨𝐥𝐝', 'fine ABC bold'],
    ['the word 水 means water', 'the word , Chinese text, means water'],
    ['**bold** `code` # Title', 'bold code Title'],
  ])('%s is said %s', (text, spoken) => {
    expect(said(text)).toBe(spoken);
  });

  it('has the words as they stand in the text', () => {
    expect(words('“Café”, (€5) — it’s 50% off! 😀')).toEqual(['Café', '€5', 'it’s', '50%', 'off']);
  });

  it('passes over what is no word', () => {
    for (const text of ['', ' \n', '…', '— ! ?', '😀 🎉', '• ¶ ***', '\u0000\u200b'])
      expect(words(text)).toEqual([]);
  });

  it('loses no letter and no digit, and says ASCII only, whatever the text', () => {
    const letters = fc.stringMatching(/^[\p{L}\p{N}\p{P}\p{S} ]{0,40}$/u);
    fc.assert(
      fc.property(fc.oneof(letters, fc.string({ unit: 'binary' })), (text) => {
        expect(said(text)).toMatch(/^[\x20-\x7e]*$/);
        for (const token of text.split(/[\s—–…]+/u)) {
          if (/[\p{L}\p{Nd}]/u.test(token)) expect(words(token), JSON.stringify(token)).not.toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes no longer than in proportion, whatever is repeated', () => {
    for (const part of ['9', '😀', '.', '<', '水', '€9', 'a.', '— ', 'の']) {
      // Quadratic work on this would take minutes.
      expect([...spokenWords(`${part.repeat(50_000)} end`)].at(-1)?.text).toBe('end');
    }
  });
});
