import {
  Bang,
  Colon,
  Ellipsis,
  Emoji,
  Full,
  Semicolon,
  Stop,
  caseOf,
  hasNoStop,
  isCjk,
} from './characters.js';
import type { Language } from './language.js';
import { around, lowerOf, number, roman, type Reading } from './word.js';

/** A mark that may end a sentence, and what has been seen of the text around it. */
export class Candidate {
  kind = 0;
  /** Where the first mark stands. */
  mark = 0;
  /** Where the text ends, its closing quotes and brackets included. */
  end = 0;
  /** Where the white space after it begins, or -1. */
  space = -1;
  newline = false;
  /** Where the next sentence would begin, or -1. */
  next = -1;
  /** The next word, while it has to be read to its end. */
  word = '';
  /** Start of a further run of marks after white space, or -1. */
  run = -1;
  /** Where the text ended before that run, and with what. */
  runEnd = -1;
  runKind = 0;
  /** Quotes, brackets and dashes in front of the next word. */
  lead = '';
  reading: Reading = 'unread';
  /** Whether a quote closes right after the mark. */
  quoted = false;
  /** Whether the sentence began with a quote or bracket. */
  opened = false;
  /** How many marks there are. */
  marks = 1;

  readonly #wordStart: (end: number) => number;
  readonly #text: (start: number, end: number) => string;
  #start = -1;
  #before: string | undefined;

  constructor(wordStart: (end: number) => number, text: (start: number, end: number) => string) {
    this.#wordStart = wordStart;
    this.#text = text;
  }

  /** Starts over: one object serves all the marks of a text, one after the other. */
  renew(kind: number, mark: number, opened: boolean): this {
    this.kind = kind;
    this.mark = mark;
    this.end = mark + 1;
    this.space = this.next = this.run = this.runEnd = -1;
    this.newline = this.quoted = false;
    this.word = this.lead = '';
    this.runKind = kind;
    this.reading = 'unread';
    this.opened = opened;
    this.marks = 1;
    this.#start = -1;
    this.#before = undefined;
    return this;
  }

  /** Whether it is the full stop of a plain word, with white space after it and nothing else yet. */
  get plain(): boolean {
    return this.kind === Stop && this.reading === 'regular' && this.space > 0 && this.lead === '';
  }

  /** Where the word before the mark begins. */
  get start(): number {
    if (this.#start < 0) this.#start = this.#wordStart(this.mark);
    return this.#start;
  }

  /** The word before the mark. */
  get before(): string {
    return (this.#before ??= this.#text(this.start, this.mark));
  }
}

export type Verdict = 'end' | 'on' | 'wait';

/** What follows a candidate. */
export interface Following {
  /** The character that follows: the next word's first, or the one after the word once it is known. */
  code: number;
  /** The next word, or empty while only its first character is known. */
  word: string;
  /** The mark itself. */
  mark: number;
  /** The character before it. */
  before: number;
  /** Whether a bracket is still open around the mark. */
  aside: boolean;
  /** Whether a quote is open around the mark. */
  quote(): boolean;
  /** The first word of the sentence, or of what follows its last `;` or `:`. */
  clause(): string;
  /** The word before the word before the mark. */
  readonly previous: () => string;
  /** Whether the word before the word before the mark ends with a full stop. */
  stopped(): boolean;
  /** Whether a number stands before the word before the mark. */
  counted(): boolean;
  /** Whether the word before the mark is the sentence's first. */
  leading(): boolean;
}

/** Words that are no one's name, so that `Plan B. It` is told from `Albert I. Jones`. */
const pronouns = /^(?:it|s?he|we|you|the(?:y|re|se)?|this|those)$/i;
const vowel = /[aeiouyæøœ]/i;
/** A word that is abbreviated is mostly cut off before a vowel: one that ends in a vowel is whole. */
const whole = /\p{L}\p{M}*\p{L}\p{M}*[aeiouyæøıαεηιουωςаеиоуыэюяіє]\p{M}*$/iu;
const cyrillic = (code: number) => code >= 0x400 && code <= 0x52f;
const lowerWord = /^\p{Ll}{2,}$/u;
const urlLike = /[/@=&?#\\_]|^www\./u;
const extensions = new Set(
  'net js io com org ts py md txt html css json xml php pdf doc exe jpg png gif zip java cpp co uk de fr'.split(
    ' ',
  ),
);

/** What the word in front of a mark says of it, where it stands. */
function reading(candidate: Candidate, language: Language, following: Following): Reading {
  const word = language.word(candidate.before);
  if (candidate.kind !== Stop) return candidate.kind === Bang && word.exclaimed ? 'name' : 'regular';
  if (word.unit) {
    // `5 млн руб.`: another stands between it and the number.
    const previous = following.previous();
    if (following.counted() || (previous.length > 2 && language.units.has(previous.replace('.', ''))))
      return 'unit';
  }
  // Written apart: `z. B.`, `и т. д.`, `до н. э.`
  if (candidate.before.length <= 3 && word.reading !== 'number' && following.stopped()) {
    const previous = following.previous();
    const both = previous.length < 5 ? previous.replace(around, '') + candidate.before : '';
    return language.abbreviations.get(both.toLowerCase()) ?? word.reading;
  }
  return word.reading;
}

function begins(language: Language, word: string): boolean {
  const lower = lowerOf(word);
  const { starters } = language;
  if (starters.has(lower)) return true;
  const [stem = '', ...rest] = lower.split(/['’]/u);
  return rest.length > 0 && (starters.has(stem) || starters.has(`${stem}'${rest.join("'")}`));
}

/** A small letter after a plain word's full stop: carelessness, unless the word looks cut off. */
function careless(candidate: Candidate, language: Language): boolean {
  const stem = candidate.before.replace(around, '').normalize('NFD');
  if (candidate.end > candidate.mark + candidate.marks) return false;
  if (whole.test(stem)) return true;
  return language.careless && (stem === '' || (stem.length > 1 && vowel.test(stem)) || /\d/.test(stem));
}

/** `č. 5.`, `Seite 5.`: a number after such a word is no ordinal. */
function refers(previous: string, language: Language): boolean {
  const known = language.abbreviations.get(previous.replace(/\.$/, '').toLowerCase());
  return known === 'numbered' || (known === 'reference' && previous.endsWith('.'));
}

const hangul = (text: string) => /[\uac00-\ud7af]/.test(text);

/** `“Why?” Anna asked.`: who spoke belongs to what was said. */
function afterQuote({ newline, lead }: Candidate, language: Language, { code, word }: Following): Verdict {
  if (newline || lead !== '' || language.speaking.size === 0) return 'end';
  if (word === '') return 'wait';
  const [name = '', verb] = word.split(' ');
  if (verb === undefined) return code === 32 && (name === 'I' || !begins(language, name)) ? 'wait' : 'end';
  return language.speaking.has(verb) ? 'on' : 'end';
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
    if (glued && following.mark === 0xff0e && letter === 'digit') return 'on';
    return 'end';
  }
  if (glued) {
    // `"가자."라고`: what is quoted has a particle stuck to it.
    if (quoted && hangul(String.fromCharCode(code))) return 'on';
    if (isCjk(before) || isCjk(code)) {
      if (kind === Ellipsis) return 'on';
      return kind === Stop && !(isCjk(before) && isCjk(code)) ? 'on' : 'end';
    }
    if (kind === Ellipsis && candidate.marks > 3 && upper) return 'end';
    if (kind === Bang && candidate.marks > 1 && lower && !urlLike.test(candidate.before)) return 'end';
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
    if (extensions.has(word.toLowerCase())) return 'on';
    if (word === word.toUpperCase() && word.length > 1 && !roman.test(word)) return 'on';
    if (
      following.code === 46 &&
      word.length > 1 &&
      language.abbreviations.get(word.toLowerCase()) === 'title'
    )
      return 'end';
    if (!(following.code === 32 || following.code === 10)) return 'on';
    return lowerWord.test(stem) ||
      number.test(stem) ||
      begins(language, word) ||
      /^\p{Lu}\p{Ll}{3,}$/u.test(stem)
      ? 'end'
      : 'on';
  }
  if (kind === Semicolon) {
    // A capital that no name has after a semicolon: the writer began anew.
    if (!upper || newline || lead !== '' || /&#?\w+$/.test(candidate.before)) return 'on';
    if (word === '') return 'wait';
    return begins(language, word) && word !== 'I' ? 'end' : 'on';
  }
  if (lead.startsWith(',') && lead !== ',,') return 'on';
  if (letter === 'other') {
    if (kind === Emoji && following.mark !== 41) return newline ? 'end' : 'on';
    if (code === 44 || code === 59 || code === 58 || code === 0x60c) return 'on';
    return candidate.reading === 'regular' && kind !== Ellipsis ? 'end' : 'on';
  }
  if (
    lead !== '' &&
    /^[-–—]+$/u.test(lead) &&
    !newline &&
    (lower || following.quote() || candidate.reading !== 'regular')
  )
    return 'on';

  if (kind === Bang || kind === Colon || kind === Emoji) {
    if (kind === Emoji && !upper) return newline ? 'end' : 'on';
    if (kind === Emoji && following.mark === 41) return 'end';
    if (lower && candidate.reading === 'name' && !newline) return 'on';
    if (candidate.reading === 'name' && upper && !newline) {
      if (word === '') return 'wait';
      return begins(language, word) ? 'end' : 'on';
    }
    if (kind === Emoji) {
      if (word === '') return 'wait';
      return begins(language, word) ? 'end' : 'on';
    }
    if (!lower) return quoted && upper ? afterQuote(candidate, language, following) : 'end';
    if (quoted || lead !== '' || candidate.run >= 0) return 'on';
    return newline || language.careless || cyrillic(code) ? 'end' : 'on';
  }
  if (kind === Ellipsis) {
    if (lower) return newline && candidate.marks > 3 ? 'end' : 'on';
    if (candidate.marks === 2 && candidate.end - candidate.mark === 2) return 'end';
    if (letter === 'digit') return 'on';
    if (letter === 'none' && candidate.marks === 1) return 'on';
    // `Well... I think`: a capital I tells nothing in English, nor wherever `i` is no word.
    if (
      code === 73 &&
      candidate.marks < 4 &&
      !newline &&
      (language.careless || !language.starters.has('i'))
    ) {
      if (word === '') return 'wait';
      return /^I(?:$|['’])/u.test(word) ? 'on' : 'end';
    }
    return quoted && upper ? afterQuote(candidate, language, following) : 'end';
  }

  // A full stop.
  switch (candidate.reading) {
    case 'numbered':
      if (letter === 'digit' || lower) return 'on';
      if (!'IVX'.includes(String.fromCharCode(code))) return 'end';
      if (word === '') return 'wait';
      return roman.test(word) && word !== 'I' ? 'on' : 'end';
    case 'regular':
      if (hasNoStop(before) || hasNoStop(code)) return 'on';
      if (lower) {
        if (quoted) return 'on';
        if (newline || careless(candidate, language)) return 'end';
        // `iPhone`, `mTOR`
        if (word === '') return 'wait';
        // And Dutch `'s Avonds`.
        return /^\p{Ll}+\p{Lu}/u.test(word) || (word.length === 1 && /['’]$/.test(lead)) ? 'end' : 'on';
      }
      return 'end';
    case 'number':
      if (lower || hasNoStop(code)) return 'on';
      if (language.ordinals) {
        const stem = candidate.before.replace(around, '');
        const ordinal = roman.test(stem) || /^\d{1,2}$/.test(stem);
        if (!ordinal || (letter !== 'digit' && refers(following.previous(), language)))
          return letter === 'digit' && /^\d{1,2}\.\d{1,2}$/.test(stem) ? 'on' : 'end';
        if (letter === 'digit') return 'on';
        if (word === '') return 'wait';
        return begins(language, word) ? 'end' : 'on';
      }
      if (following.leading()) return 'on';
      if (letter === 'digit')
        return candidate.before.length > 2 && !hangul(following.previous()) ? 'end' : 'on';
      // `2015. 3. 1. 에`: a date.
      return letter === 'none' && /^\d+\.$/.test(following.previous()) ? 'on' : 'end';
    case 'unit':
      if (lower || letter === 'digit') return newline ? 'end' : 'on';
      if (letter === 'none') return 'end';
      if (word === '') return 'wait';
      return begins(language, word) || !language.openers.has(following.clause()) ? 'end' : 'on';
    case 'last':
      return upper || letter === 'none' ? 'end' : 'on';
    case 'title':
      return 'on';
    case 'reference':
      if (lower || letter === 'digit') return 'on';
      if (letter === 'none') return 'on';
      if (word === '') return 'wait';
      if (/^(?:[IVXLC]+|[A-Z])$/.test(word) && word !== 'I') return 'on';
      // `No.` alone is an answer.
      return begins(language, word) || (/no$/i.test(candidate.before) && following.leading()) ? 'end' : 'on';
    case 'initial': {
      if (!upper) return 'on';
      if (word === '') return 'wait';
      if (word.length === 1 && following.code === 46) return 'on';
      if (language.lettered.has(lowerOf(following.previous()))) return 'end';
      if (!begins(language, word)) return 'on';
      const previous = following.previous().replace(around, '');
      if (previous === '' || following.leading()) return 'on';
      const first = caseOf(previous.charCodeAt(0));
      if (first === 'lower' || first === 'digit' || before === 73) return 'end';
      // Short ones are parts of names: `J. De Vries`.
      return pronouns.test(word) ||
        (word.length > 3 && !previous.endsWith('.') && !/^(?:will|de[lg].*)$/i.test(word))
        ? 'end'
        : 'on';
    }
    default:
      if (lower || letter === 'digit') return newline ? 'end' : 'on';
      if (letter === 'none') return 'on';
      if (word === '') return 'wait';
      if (begins(language, word)) return 'end';
      return late(candidate, language, following, word) ? 'end' : 'on';
  }
}

const times = /^(?:a\.m|p\.m|b\.c|a\.d|b\.c\.e|c\.e|am|pm)$/i;
const degrees = /^(?:ph\.d|m\.d|b\.a|m\.a|d\.d\.s|m\.b\.a|ll\.[bm]|j\.d|b\.s|m\.s)$/i;
const zones =
  /^(?:[ECMP][SD]?T|GMT|UTC|CET|CEST|BST|IST|JST|AEST|Eastern|Pacific|Central|Mountain|Standard|Sharp)$/;

/** Whether an abbreviation stands where a sentence can end: not in an opening `At 5 a.m.` */
function late(candidate: Candidate, language: Language, following: Following, word: string): boolean {
  const stem = candidate.before.replace(around, '');
  if (times.test(stem))
    return !zones.test(word) && !language.openers.has(following.clause()) && /^\p{Lu}\p{Ll}/u.test(word);
  if (degrees.test(stem)) return !following.previous().endsWith(',');
  return false;
}

export const verdictOf = { reading, end };
