import { concat, from, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toSpeech } from '../../operators/toSpeech.js';
import { spellingVoice } from '../support/spellingVoice.js';
import { told, type Note } from '../support/told.js';

/** Texts of a letter each, all at once. */
const texts = (letters: string) => from(letters);
/** Hooks that note each request and how it ended: `(A` and `A)`, `A]` when it was stopped, `A#` when it failed. */
const noting = (note: Note) => ({
  onRequest: ({ text }: { text: string }) => note(`(${text}`),
  onEnd: ({ text }: { text: string }, how: string) =>
    note(`${text}${how === 'complete' ? ')' : how === 'error' ? '#' : ']'}`),
});

describe('toSpeech', () => {
  describe('order', () => {
    it('streams the first utterance and holds the next', () => {
      const voice = spellingVoice({ A: '--a--b|', B: '-c--d---e|' });
      expect(told(() => texts('AB').pipe(toSpeech(voice)))).toBe('2:<0 0a 5:0b 6:>0 <1 1c 1d 8:1e 9:>1 |');
    });

    it("lets everything be spoken before the source's failure", () => {
      const voice = spellingVoice({ A: '------a|', B: '-c|' });
      const source = concat(
        texts('AB'),
        throwError(() => new Error('failed')),
      );
      expect(told(() => source.pipe(toSpeech(voice)))).toBe('6:<0 0a 7:>0 <1 1c >1 #Error');
    });

    it('keeps a slot from the request to the emitted end', () => {
      expect(
        told((_, note) =>
          texts('ABC').pipe(toSpeech(spellingVoice({ A: '-----a|', B: '-b|', C: '--c|' }, 1, noting(note)))),
        ),
      ).toBe('0:(A (B 2:B) 5:<0 0a 6:A) >0 (C <1 1b >1 8:<2 2c 9:C) >2 |');
    });
  });
});
