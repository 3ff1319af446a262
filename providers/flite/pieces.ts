import { spokenWords } from './spokenWords.js';
import type { Piece, SpokenWord } from './synthesis.js';

/** Characters of the first piece, so that its audio is there soon: about six seconds of speech. */
const firstLimit = 90;
/** Characters of any later one. Memory and the time of an interruption are bounded by it. */
const laterLimit = 200;

const endsSentence = /[.!?]["')\]]*$/;
const endsClause = /[,;:]["')\]]*$/;
const abbreviation = /^["'(]*(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St|Sr|Jr|vs|etc|No|Fig|e\.g|i\.e)\.$/;

/**
 * Cuts a text into pieces that are synthesized one after the other, so that the first audio of a long sentence is
 * there soon and memory is bounded whatever the length. A cut is at a sentence's end, else at a clause's, else between
 * two words.
 */
export function* piecesOf(text: string): Generator<Piece> {
  let waiting: SpokenWord[] = [];
  let length = 0;
  let joinsBefore = false;
  let limit = firstLimit;

  const take = (count: number): Piece => {
    const words = waiting.slice(0, count);
    waiting = waiting.slice(count);
    length = waiting.reduce((sum, word) => sum + word.spoken.length + 1, 0);
    const last = words.at(-1)?.spoken ?? '';
    const inside = !endsSentence.test(last);
    const piece = { words, joinsBefore, joinsAfter: inside && !endsClause.test(last) };
    joinsBefore = inside;
    limit = laterLimit;
    return piece;
  };

  for (const whole of spokenWords(text)) {
    for (const word of slices(whole)) {
      if (waiting.length > 0 && length + word.spoken.length > limit) {
        yield take(cutIn(waiting));
      }
      waiting.push(word);
      length += word.spoken.length + 1;
      if (limit === firstLimit && isEnd(word)) yield take(waiting.length);
    }
  }
  if (waiting.length > 0) yield { ...take(waiting.length), joinsAfter: false };
}

/** How many of these words make the next piece: as many as end in a sentence, else in a clause, else all. */
function cutIn(words: readonly SpokenWord[]): number {
  const sentence = words.findLastIndex(isEnd) + 1;
  if (sentence > 0) return sentence;
  const clause = words.findLastIndex((word) => endsClause.test(word.spoken)) + 1;
  // A short clause in front would make a short piece, and the pause after it sound like an end.
  return clause > words.length / 3 ? clause : words.length;
}

function isEnd({ spoken }: SpokenWord): boolean {
  return endsSentence.test(spoken) && !abbreviation.test(spoken);
}

/** A word longer than a piece may be is said in slices. */
function* slices(word: SpokenWord): Generator<SpokenWord> {
  if (word.spoken.length <= laterLimit) {
    yield word;
    return;
  }
  for (let at = 0; at < word.spoken.length; at += firstLimit) {
    yield { text: at === 0 ? word.text : '', spoken: word.spoken.slice(at, at + firstLimit) };
  }
}
