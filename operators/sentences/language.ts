import { anywhere, languages, type LanguageData } from './abbreviations.js';

/** How a full stop after a known abbreviation is to be read. */
export type Abbreviation = 'title' | 'reference' | 'word';

/** The knowledge in force for one text. */
export interface Language {
  readonly abbreviations: ReadonlyMap<string, Abbreviation>;
  readonly units: ReadonlySet<string>;
  readonly starters: ReadonlySet<string>;
  readonly ordinals: boolean;
  readonly careless: boolean;
}

const families: Readonly<Record<string, string>> = {
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
const ordinalsOnly = new Set(['et', 'is', 'fo', 'lb', 'lv', 'eu', 'sr']);
/** Their letters occur in no other language, so they are always in force. */
const ownScript = ['el', 'ru', 'uk', 'bg', 'kk', 'hy', 'ar', 'fa', 'he', 'hi', 'mr', 'ml', 'bn', 'ta'];
const ready = new Map<string, Language>();

const words = (list: string | undefined) => (list ? list.split(' ').filter((word) => word !== '') : []);

function compile(all: readonly LanguageData[], ordinals: boolean, careless: boolean): Language {
  const abbreviations = new Map<string, Abbreviation>();
  const units = new Set<string>();
  const starters = new Set<string>();
  // A word that may stand last is told by what follows it: the more careful reading wins inside one language.
  for (const data of all) {
    for (const word of words(data.words)) abbreviations.set(word, 'word');
    for (const word of words(data.titles)) abbreviations.set(word, 'title');
    for (const word of words(data.references)) abbreviations.set(word, 'reference');
    for (const word of words(data.units)) units.add(word);
    for (const word of words(data.starters)) starters.add(word);
  }
  return { abbreviations, units, starters, ordinals, careless };
}

/** The knowledge for a BCP 47 tag. Without one the text's own script decides, and English is assumed for Latin. */
export function languageOf(locale: string | undefined): Language {
  const asked = locale?.split('-')[0]?.toLowerCase() ?? 'en';
  const code = families[asked] ?? asked;
  const own = languages[code];
  const key =
    own && !ownScript.includes(code)
      ? code
      : locale === undefined || ownScript.includes(code)
        ? 'en'
        : ordinalsOnly.has(asked)
          ? 'ordinals'
          : '';
  const known = ready.get(key);
  if (known) return known;
  const latin = languages[key];
  const language = compile(
    [...ownScript.map((name) => languages[name] ?? {}), anywhere, ...(latin ? [latin] : [])],
    latin?.ordinals ?? key === 'ordinals',
    latin?.careless ?? false,
  );
  ready.set(key, language);
  return language;
}
