import { Bang, Colon, Ellipsis, Emoji, Full, Stop, caseOf, hasNoStop, isCjk } from './characters.js';
import type { Language } from './language.js';

/** What the word before a full stop says about it. */
export type Reading = 'regular' | 'title' | 'reference' | 'word' | 'initial' | 'number' | 'acronym' | 'name';

/** A mark that may end a sentence, and what has been seen of the text around it. */
export interface Candidate {
  kind: number;
  /** Where the first mark stands. */
  readonly mark: number;
  /** Where the text ends, its closing quotes and brackets included. */
  end: number;
  /** Where the white space after it begins, or -1. */
  space: number;
  newline: boolean;
  /** Where the next sentence would begin, or -1. */
  next: number;
  /** The next word, while it has to be read to its end. */
  word: string;
  /** Start of a further run of marks, as a decimal position; empty where there is none. */
  glued: string;
  /** Quotes, brackets and dashes in front of the next word. */
  lead: string;
  /** The word before the mark. */
  readonly before: string;
  reading: Reading;
  /** Whether a quote closes right after the mark. */
  quoted: boolean;
  /** Whether the sentence began with a quote or bracket. */
  readonly opened: boolean;
  spaced: boolean;
  /** How many marks there are. */
  marks: number;
}

export type Verdict = 'end' | 'on' | 'wait';

/** What follows a candidate. */
export interface Following {
  /** The character that follows: the next word's first, or the one after the word once it is known. */
  readonly code: number;
  /** The next word, or empty while only its first character is known. */
  readonly word: string;
  /** The character before the mark. */
  readonly before: number;
  /** Whether a bracket is still open around the mark. */
  readonly aside: boolean;
  clause(): string;
  /** The word before the word before the mark. */
  previous(): string;
  /** Where the sentence begins. */
  readonly sentence: number;
}

const around = /^[\s"'“”‘’«»„‚([{*_~`<¿¡—–-]+|["'“”’»)\]}*_~`]+$/gu;
const acronym = /^(?:\p{L}\p{M}*\.)+\p{L}\p{M}*$/u;
const single = /^\p{L}[\p{M}]*$/u;
const number = /^[\p{N}.,:/-]*\p{N}$/u;
const roman = /^[IVXLC]{1,6}$/;
const lowerWord = /^\p{Ll}{2,}$/u;
const urlLike = /[/@=&?#\\_]|^www\./u;
const exclaimed = new Set([
  'yahoo',
  'jeopardy',
  'oklahoma',
  'hamilton',
  'wham',
  'mamma',
  'airplane',
  'toys',
  'chips',
  'kahoot',
  'yum',
  'joomla',
  'ideal',
  'telecinco',
]);
const openers = new Set(
  'at in on by around before after since until from during about near for to within when if while as um am im an bei seit vor nach gegen bis à en vers dès le os às em no na alle nel'.split(
    ' ',
  ),
);
const extensions = new Set(
  'net js io com org ts py md txt html css json xml php pdf doc exe jpg png gif zip java cpp co uk de fr'.split(
    ' ',
  ),
);

/** Reads the word in front of a mark. */
function reading(candidate: Pick<Candidate, 'before' | 'kind' | 'mark'>, language: Language): Reading {
  const word = candidate.before.replace(around, '');
  if (candidate.kind !== Stop)
    return candidate.kind === Bang && exclaimed.has(word.toLowerCase()) ? 'name' : 'regular';
  if (word === '') return 'regular';
  const lower = word.toLowerCase();
  const known =
    language.abbreviations.get(lower) ?? language.abbreviations.get(lower.replace(/^.*[-/‑]/u, '') || lower);
  if (
    known !== undefined &&
    !(word.length > 1 && word === word.toUpperCase() && known !== 'word' && lower.length > 3)
  ) {
    if (single.test(word) && caseOf(word.charCodeAt(0)) === 'upper') return 'initial';
    return known;
  }
  if (number.test(word)) return 'number';
  if (single.test(word))
    return isCjk(word.charCodeAt(0))
      ? 'regular'
      : caseOf(word.charCodeAt(0)) === 'lower'
        ? 'word'
        : 'initial';
  if (acronym.test(word)) return 'acronym';
  if (roman.test(word) && language.ordinals) return 'number';
  return 'regular';
}

function begins(language: Language, word: string): boolean {
  const lower = word.toLowerCase();
  return language.starters.has(lower) || language.starters.has(lower.replace(/['’].*$/u, ''));
}

/** Whether the candidate ends a sentence, as far as can be told. */
function end(candidate: Candidate, language: Language, following: Following): Verdict {
  const { kind, newline, quoted, lead } = candidate;
  const { word, before } = following;
  const code = word === '' ? following.code : word.charCodeAt(0);
  const letter = caseOf(code);
  const glued = candidate.space < 0;
  const upper = letter === 'upper';
  const lower = letter === 'lower';

  if (following.aside && !newline) return 'on';

  if (kind === Full) {
    if (quoted && isCjk(code) && !newline && glued)
      return 'とっのはがをにでもなやから'.includes(String.fromCharCode(code)) && caseOf(code) === 'none'
        ? 'on'
        : 'end';
    if (glued && !isCjk(before) && letter === 'digit') return 'on';
    return 'end';
  }
  if (glued) {
    if (isCjk(before) || isCjk(code)) {
      if (kind === Ellipsis) return 'on';
      return kind === Stop && !(isCjk(before) && isCjk(code)) ? 'on' : 'end';
    }
    if (kind === Ellipsis || kind === Emoji || letter === 'other' || letter === 'digit' || lead !== '')
      return 'on';
    if (letter === 'none')
      return kind === Bang || (kind === Stop && candidate.reading === 'regular' && before > 0x2ff)
        ? 'end'
        : 'on';
    if (!upper || urlLike.test(candidate.before)) return 'on';
    if (kind === Bang) return 'end';
    // A forgotten space: `world.That is` ends, `foo.Bar(` and `asp.Net` don't.
    const stem = candidate.before.replace(around, '');
    if (!lowerWord.test(stem) && !/^\p{Lu}?\p{Ll}+$/u.test(stem) && !number.test(stem)) return 'on';
    if (word === '') return 'wait';
    if (extensions.has(word.toLowerCase()) || (word === word.toUpperCase() && word.length > 1)) return 'on';
    if (!(following.code === 32 || following.code === 10)) return 'on';
    return lowerWord.test(stem) || begins(language, word) ? 'end' : 'on';
  }
  if (letter === 'other') {
    if (code === 44 || code === 59 || code === 58 || code === 0x60c) return 'on';
    return candidate.reading === 'regular' && kind !== Ellipsis ? 'end' : 'on';
  }
  if (/^[-–—]$/u.test(lead) && !newline && lower) return 'on';

  if (kind === Bang || kind === Colon || kind === Emoji) {
    if (kind === Emoji && !upper) return newline ? 'end' : 'on';
    if (candidate.reading === 'name' && upper && !newline) {
      if (word === '') return 'wait';
      return begins(language, word) ? 'end' : 'on';
    }
    if (kind === Emoji) {
      if (word === '') return 'wait';
      return begins(language, word) ? 'end' : 'on';
    }
    if (!lower) return 'end';
    if (newline && !quoted) return 'end';
    return 'on';
  }
  if (kind === Ellipsis) {
    if (lower) return newline && candidate.marks > 3 ? 'end' : 'on';
    if (letter === 'digit') return 'on';
    return 'end';
  }

  // A full stop.
  switch (candidate.reading) {
    case 'regular':
      if (hasNoStop(before)) return 'on';
      if (lower) return newline && !quoted ? 'end' : 'on';
      return 'end';
    case 'number':
      if (lower) return 'on';
      if (language.ordinals) {
        const stem = candidate.before.replace(around, '');
        const ordinal = roman.test(stem) || /^\d{1,2}$/.test(stem);
        if (!ordinal) return letter === 'digit' && /^\d{1,2}\.\d{1,2}$/.test(stem) ? 'on' : 'end';
        if (letter === 'digit') return 'on';
        if (word === '') return 'wait';
        return begins(language, word) ? 'end' : 'on';
      }
      if (following.sentence >= candidate.mark - candidate.before.length) return 'on';
      if (letter === 'digit') return candidate.before.length > 2 ? 'end' : 'on';
      return 'end';
    case 'title':
      return 'on';
    case 'reference':
      if (lower || letter === 'digit') return 'on';
      if (letter === 'none') return 'on';
      if (word === '') return 'wait';
      if (/^(?:[IVXLC]+|[A-Z])$/.test(word) && word !== 'I') return 'on';
      return begins(language, word) ? 'end' : 'on';
    case 'initial': {
      if (!upper) return 'on';
      if (word === '') return 'wait';
      if (!begins(language, word)) return 'on';
      const previous = following.previous().replace(around, '');
      if (previous === '' || following.sentence >= candidate.mark - candidate.before.length) return 'on';
      const first = caseOf(previous.charCodeAt(0));
      return first === 'lower' || first === 'digit' || before === 73 ? 'end' : 'on';
    }
    default:
      if (lower || letter === 'digit') return newline ? 'end' : 'on';
      if (letter === 'none') return 'on';
      if (word === '') return 'wait';
      if (begins(language, word)) return 'end';
      return late(candidate, following, word) ? 'end' : 'on';
  }
}

const times = /^(?:a\.m|p\.m|b\.c|a\.d|b\.c\.e|c\.e|am|pm)$/i;
const degrees = /^(?:ph\.d|m\.d|b\.a|m\.a|d\.d\.s|m\.b\.a|ll\.[bm]|j\.d|b\.s|m\.s|etc)$/i;
const zones =
  /^(?:[ECMP][SD]?T|GMT|UTC|CET|CEST|BST|IST|JST|AEST|Eastern|Pacific|Central|Mountain|Standard|Sharp)$/;

/** Whether an abbreviation stands where a sentence can end: not in an opening `At 5 a.m.` */
function late(candidate: Candidate, following: Following, word: string): boolean {
  const stem = candidate.before.replace(around, '');
  if (times.test(stem))
    return !zones.test(word) && !openers.has(following.clause()) && /^\p{Lu}\p{Ll}/u.test(word);
  if (degrees.test(stem)) return !following.previous().endsWith(',');
  return false;
}

export const verdictOf = { reading, end };
