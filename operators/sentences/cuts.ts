import { isCjk, isSpaceless, kinds, Newline, Space } from './characters.js';

/** Marks that end a clause wherever they stand, and those that do so in front of white space only. */
const clauseAnywhere = '、，；：،؛—';
const clauseBeforeSpace = ',;:–·';
const closing = '"\'”’»)]*_';

/** Whether the character at an index is white space. */
export function isWhiteAt(text: string, at: number): boolean {
  const kind = kinds[text.charCodeAt(at)];
  return kind === Space || kind === Newline;
}

/** Whether a clause ends right before `at`, where `at` is the first character after any white space. */
export function clauseEndsAt(text: string, at: number): boolean {
  // Most characters stand after a letter, and nothing more needs to be known.
  const before = text.charCodeAt(at - 1);
  if (before >= 97 && before <= 122) return false;
  let end = at;
  while (end > 0 && isWhiteAt(text, end - 1)) end--;
  const spaced = end < at;
  for (let left = 8; left > 0 && end > 0 && closing.includes(text.charAt(end - 1)); left--) end--;
  if (end === 0) return false;
  // Thai and its neighbours put a space where others put a comma.
  if (spaced && isSpaceless(text.charCodeAt(end - 1))) return true;
  const mark = text.charAt(end - 1);
  return clauseAnywhere.includes(mark)
    ? !clauseAnywhere.includes(text.charAt(at))
    : spaced && clauseBeforeSpace.includes(mark);
}

/** The last place up to `limit` where a clause of at least `least` characters (trimmed) ends, or 0. */
export function lastClause(text: string, limit: number, least: number): number {
  const lead = text.length - text.trimStart().length;
  for (let at = limit; at > lead && at >= least; at--) {
    if (isWhiteAt(text, at) || !clauseEndsAt(text, at)) continue;
    if (text.slice(lead, at).trimEnd().length >= least) return at;
  }
  return 0;
}

/** The last place up to `limit` where a word begins or white space after one ends, or 0. */
export function lastWord(text: string, limit: number): number {
  let lead = 0;
  while (lead < limit && isWhiteAt(text, lead)) lead++;
  for (let at = limit; at > lead; at--) {
    if (isWhiteAt(text, at - 1) || (at < text.length && isWhiteAt(text, at))) return at;
    const code = text.charCodeAt(at - 1);
    if (isCjk(code) || isSpaceless(code)) {
      const cut = lastWordUnspaced(text, at, limit, lead);
      if (cut > 0) return cut;
    }
  }
  return 0;
}

/** Scripts without spaces: the runtime's own dictionary tells words, looking back on a piece of bounded length. */
function lastWordUnspaced(text: string, at: number, limit: number, lead: number): number {
  const from = Math.max(lead, at - 64);
  const piece = text.slice(from, limit + 1);
  let cut = 0;
  for (const { index } of segments(piece, 'word')) {
    if (index > 0 && from + index <= limit) cut = from + index;
  }
  return cut;
}

/** The last place from 1 up to `limit` that doesn't tear what a reader sees as one character. */
export function lastGrapheme(text: string, limit: number): number {
  const from = Math.max(0, limit - 64);
  // Up to the end of the character after the limit: half a surrogate pair joins nothing.
  const piece = text.slice(from, limit + 2);
  let cut = 0;
  for (const { index } of segments(piece, 'grapheme')) {
    if (index > 0 && from + index <= limit) cut = from + index;
  }
  if (cut > 0) return cut;
  const low = text.charCodeAt(limit);
  return limit > 1 && low >= 0xdc00 && low <= 0xdfff ? limit - 1 : limit;
}

function segments(text: string, granularity: 'word' | 'grapheme'): Iterable<{ readonly index: number }> {
  return new Intl.Segmenter(undefined, { granularity }).segment(text);
}
