import { anywhere, english, type LanguageData } from './abbreviations.js';
import { exclaimed, wordOf, type Abbreviation, type Lexicon, type Word } from './word.js';

/** The knowledge in force for a text. */
export interface Language extends Lexicon {
  readonly starters: ReadonlySet<string>;
  readonly openers: ReadonlySet<string>;
  readonly lettered: ReadonlySet<string>;
  readonly speaking: ReadonlySet<string>;
  /** Non-zero at the hash of each key's ending, to pass plain words by quickly. */
  readonly endings: Readonly<Uint8Array>;
  readonly careless: boolean;
  /** Reads the word in front of a mark. */
  word(text: string): Word;
}

/** Tells the knowledge for a BCP 47 tag. Without one English is assumed for Latin letters. */
export type LanguageOf = (locale: string | undefined) => Language;

/** How many letters an ending has at most, and which bits of its hash (last letter first) count. */
export const endingLength = 4;
export const endingMask = 0x3fff;

/** How many words that were read are remembered; the same few come again and again. */
const memory = 256;

/** Languages that are read with a relative's abbreviations. */
const relatives: Readonly<Record<string, string>> = {
  no: 'nb',
  nn: 'nb',
  sr: 'hr',
  bs: 'hr',
  sh: 'hr',
  ms: 'id',
  ca: 'es',
  gl: 'pt',
  mo: 'ro',
};
/** The languages of `latinLanguages`, which may not have been loaded. */
const latin = 'de fr es it pt nl sv da nb fi pl cs sk hr sl tr hu ro id vi'.split(' ');
/** Of these nothing is known but that they write `3.` for "third". */
const ordinals = 'et is fo lb lv eu'.split(' ');
/** Latin letters in these languages' texts are most likely English. */
const foreign =
  'en el ru uk bg kk hy ar fa he hi mr ml bn ta ja zh ko th lo km my ka am ur ps sd ckb ti dv bo mn yi'.split(
    ' ',
  );

const words = (list: string | undefined) => (list ? list.split(/\s+/) : []);

/** Knowledge that grows: what is learnt later overrules what was known. */
class Learnt implements Language {
  readonly abbreviations = new Map<string, Abbreviation>();
  readonly units = new Set<string>();
  readonly starters = new Set<string>();
  readonly openers = new Set<string>();
  readonly lettered = new Set<string>();
  readonly speaking = new Set<string>();
  readonly endings = new Uint8Array(endingMask + 1);
  ordinals = false;
  careless = false;
  readonly #read = new Map<string, Word>();

  word(text: string): Word {
    let word = this.#read.get(text);
    if (!word) {
      if (this.#read.size === memory) this.#read.clear();
      word = wordOf(text, this);
      this.#read.set(text, word);
    }
    return word;
  }

  learn(data: LanguageData): void {
    this.#read.clear();
    // Within a language the more careful reading of a word wins.
    for (const word of words(data.words)) this.#spell(word, 'word');
    for (const word of words(data.numbered)) this.#spell(word, 'numbered');
    for (const word of words(data.last)) this.#spell(word, 'last');
    for (const word of words(data.titles)) this.#spell(word, 'title');
    for (const word of words(data.references)) this.#spell(word, 'reference');
    for (const word of words(data.units)) {
      this.#spell(word);
      this.units.add(word);
    }
    for (const word of words(data.plain)) this.#spell(word, 'regular');
    for (const name of ['starters', 'openers', 'lettered', 'speaking'] as const)
      for (const word of words(data[name])) this[name].add(word);
    for (const word of exclaimed) this.#spell(word);
    this.ordinals ||= data.ordinals ?? false;
    this.careless ||= data.careless ?? false;
  }

  #spell(word: string, reading?: Abbreviation) {
    const ending = /[a-z]{1,4}$/.exec(word.toLowerCase())?.[0] ?? '';
    let hash = 0;
    for (let at = ending.length - 1; at >= 0; at--) hash = Math.imul(hash, 31) + ending.charCodeAt(at);
    this.endings[hash & endingMask] = 1;
    if (reading) this.abbreviations.set(word, reading);
  }
}

/** Takes knowledge, at once or later. */
type Found = (data: LanguageData) => void;

/** Makes a {@link LanguageOf}; `scripts` gives the data of every other script, `load` that of a language in Latin letters besides English. */
export function languagesFrom(
  scripts: (found: Found) => void,
  load: (code: string, found: Found) => void,
): LanguageOf {
  const ready = new Map<string, Language>();
  return (locale) => {
    const asked = locale?.split('-')[0]?.toLowerCase() ?? 'en';
    const code = relatives[asked] ?? asked;
    const key = foreign.includes(asked)
      ? 'en'
      : latin.includes(code)
        ? code
        : ordinals.includes(code)
          ? 'ordinals'
          : '';
    let language = ready.get(key);
    if (!language) {
      const learnt = new Learnt();
      const learn: Found = (data) => learnt.learn(data);
      // Words of another script cannot be mistaken for this one's: they are always in force.
      scripts(learn);
      learn(anywhere);
      if (key === 'en') learn(english);
      else if (key === 'ordinals') learn({ ordinals: true });
      else if (key !== '') load(key, learn);
      language = learnt;
      ready.set(key, language);
    }
    return language;
  };
}
