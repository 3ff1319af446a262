import { caseOf, isCjk } from './characters.js';

/** How a full stop after a known abbreviation is to be read. */
export type Abbreviation = 'regular' | 'title' | 'reference' | 'word' | 'last' | 'numbered';

/** What the word before a full stop says about it. */
export type Reading = 'unread' | Abbreviation | 'unit' | 'initial' | 'number' | 'acronym' | 'name';

/** The words that a language knows of. */
export interface Lexicon {
  readonly abbreviations: ReadonlyMap<string, Abbreviation>;
  readonly units: ReadonlySet<string>;
  /** Whether `3.` is how it writes "third". */
  readonly ordinals: boolean;
}

/** What a word in front of a mark is by itself. */
export interface Word {
  /** What it says of a full stop after it. */
  readonly reading: Reading;
  /** Whether it is a measure, where a number stands before it. */
  readonly unit: boolean;
  /** Whether it is a name that is written with an exclamation mark. */
  readonly exclaimed: boolean;
}

/** Names that are written with an exclamation mark. */
export const exclaimed: ReadonlySet<string> = new Set(
  'yahoo jeopardy oklahoma wham airplane kahoot yum joomla telecinco'.split(' '),
);

/** Signs that stick to a word without being of it. */
export const around = /^[\s"'“”‘’«»„‚([{*_~`<¿¡—–-]+|["'“”’»)\]}*_~`]+$/gu;
export const number = /^[\p{N}.,:/-]*\p{N}$/u;
export const roman = /^[IVXLC]{1,6}$/;
/** Letters and stops of ASCII, which need no unwrapping. */
const bare = /^[a-z](?:[a-z.]*[a-z])?$/i;
const acronym = /^(?:\p{L}\p{M}*\.)+\p{L}\p{M}*$/u;
const single = /^\p{L}[\p{M}]*$/u;
/** A closing bracket or quote: what stands before a stop behind it is no abbreviation. */
const closed = /[)\]}»”]$/u;
const capitals = /^\p{Lu}{2,}$/u;
const unspelt = (code: number) => isCjk(code) || (code >= 0xac00 && code <= 0xd7af);

/** The word in small letters; `İ` becomes an `i` without a second dot. */
export const lowerOf = (word: string): string => word.toLowerCase().replace('i\u0307', 'i');

/** Reads a word, with all that sticks to it. */
export function wordOf(text: string, lexicon: Lexicon): Word {
  const simple = bare.test(text);
  const word = simple ? text : text.replace(/^.*>/u, '').replace(around, '');
  const lower = lowerOf(word);
  return {
    reading:
      word === '' || (!simple && closed.test(text) && !number.test(word))
        ? 'regular'
        : readingOf(word, lower, simple, lexicon),
    unit: lexicon.units.has(lower),
    exclaimed: exclaimed.has(lower),
  };
}

function readingOf(word: string, lower: string, simple: boolean, lexicon: Lexicon): Reading {
  const { abbreviations } = lexicon;
  const known =
    abbreviations.get(word) ??
    abbreviations.get(lower) ??
    (simple
      ? undefined
      : abbreviations.get(lower.replace(/^.*(?:[-/‑]|['’](?=..))|^[\u0b80-\u0bff.]+\./u, '')));
  const lone = word.length < 4 && single.test(word);
  const code = word.charCodeAt(0);
  const letter = caseOf(code);
  if (known !== undefined) {
    // `M. Le Pen`: what is a title in this language is one as a capital too.
    // `PP.` is a name, `PP. 3` are pages.
    if (known === 'reference' && capitals.test(word)) return 'numbered';
    return lone && letter === 'upper' && !(known === 'title' && lower === 'm') ? 'initial' : known;
  }
  if (!simple && number.test(word)) return 'number';
  if (lone) {
    if (letter === 'upper') return 'initial';
    if (letter === 'lower') return 'word';
    // One sign is a whole word in Korean, Chinese and Japanese, and with a vowel sign in India.
    return unspelt(code) || (word.length > 1 && code >= 0x900 && code <= 0x97f) ? 'regular' : 'initial';
  }
  if (acronym.test(word)) return 'acronym';
  if (roman.test(word) && lexicon.ordinals) return 'number';
  return 'regular';
}
