import { romanize } from './romanize.js';
import type { SpokenWord } from './synthesis.js';

const currencies: Readonly<Record<string, readonly [one: string, many: string]>> = {
  '€': ['euro', 'euros'],
  '£': ['pound', 'pounds'],
  '¥': ['yen', 'yen'],
  '₹': ['rupee', 'rupees'],
  '₽': ['rouble', 'roubles'],
  '₩': ['won', 'won'],
  '₴': ['hryvnia', 'hryvnias'],
  '₪': ['shekel', 'shekels'],
  '₿': ['bitcoin', 'bitcoins'],
  '¢': ['cent', 'cents'],
};
const currencySigns = Object.keys(currencies).join('');

/** Signs with a name; the name is said where the sign stands. */
const names: Readonly<Record<string, string>> = {
  '&': 'and',
  '@': 'at',
  '+': 'plus',
  '=': 'equals',
  '<': 'less than',
  '>': 'greater than',
  '×': 'times',
  '÷': 'divided by',
  '±': 'plus or minus',
  '≈': 'about',
  '≠': 'is not',
  '≤': 'at most',
  '≥': 'at least',
  '→': 'to',
  '←': 'from',
  '√': 'root',
  '∞': 'infinity',
  '∑': 'sum',
  '°': 'degrees',
  '′': 'minutes',
  '″': 'seconds',
  '§': 'section',
  '©': 'copyright',
  '®': 'registered',
  '™': 'trademark',
  '²': 'squared',
  '³': 'cubed',
  '½': 'one half',
  '¼': 'one quarter',
  '¾': 'three quarters',
  '⅓': 'one third',
  '⅔': 'two thirds',
  '‰': 'per mille',
  '№': 'number',
  µ: 'micro',
  '€': 'euros',
  '£': 'pounds',
  '¥': 'yen',
};
const named = new RegExp(`[${Object.keys(names).join('')}]`, 'gu');

/**
 * The words of a text, one by one, each with what an English voice with an ASCII alphabet is to say for it: "Café"
 * is said "Cafe", "€5" "5 euros", "½" "one half", "Москва" "Moskva", "水" "Chinese text". Emoji, bullets and other
 * marks that stand for no word are passed over; punctuation goes with the word before it.
 */
export function* spokenWords(text: string): Generator<SpokenWord> {
  let held: SpokenWord | undefined;
  // A word without end is taken in parts: what follows is not linear in its length.
  for (const [raw] of text.matchAll(/[^\s—–…]{1,400}|[—–…]{1,400}/gu)) {
    const spoken = spokenForm(raw);
    if (!/[a-z0-9]/i.test(spoken)) {
      const mark = /[.,;:!?]/.exec(spoken.replace(/[()[\]{}"-]+/g, ','))?.[0];
      if (held && mark && !/[.,;:!?]["')\]]*$/.test(held.spoken))
        held = { ...held, spoken: held.spoken + mark };
      continue;
    }
    if (held) yield held;
    held = { text: bare(raw), spoken };
  }
  if (held) yield held;
}

const marks = '[\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}"\'`*_~.,;:!?…。！？、，]+';
const marksBefore = new RegExp(`^${marks}`, 'u');
const marksAfter = new RegExp(`${marks}$`, 'u');

/** The word without the punctuation around it, as a reader would point at it. */
function bare(raw: string): string {
  const word = raw.replace(marksBefore, '').replace(marksAfter, '');
  return word === '' ? raw : word;
}

const number = '(\\d[\\d.,]*\\d|\\d)';
const amount = new RegExp(`([${currencySigns}])${number}|${number}([${currencySigns}])`, 'gu');

function spokenForm(raw: string): string {
  const signs = raw
    .replace(/[‘’‚‛ʼ´]/g, "'")
    .replace(/[“”„‟«»‹›「」『』]/g, '"')
    .replace(/[—–―]/g, ',')
    .replace(/[‐‑‒−]/g, '-')
    .replace(/…/g, '.')
    .replace(/[。．]/g, '.')
    .replace(/[、，،]/g, ',')
    .replace(/[！]/g, '!')
    .replace(/[？؟]/g, '?')
    .replace(amount, (_, before?: string, after?: string, first?: string, behind?: string) => {
      const sum = after ?? first ?? '';
      const [one, many] = currencies[before ?? behind ?? ''] ?? ['', ''];
      return ` ${sum} ${sum === '1' ? one : many} `;
    })
    .replace(/°C\b/g, ' degrees Celsius ')
    .replace(/°F\b/g, ' degrees Fahrenheit ')
    .replace(/(?<=\d)°(?=\d)/g, ' degrees ')
    .replace(/^#(?=\d)/, 'number ')
    .replace(named, (sign) => ` ${names[sign] ?? ''} `);
  return (
    romanize(signs.normalize('NFKC'))
      // A dot inside a name is said, one inside "U.S." or "3.5" is not; one before a capital ends a sentence.
      .replace(/(?<=[a-z]{2})\.(?=[A-Z][a-z])/g, '. ')
      .replace(/(?<=[a-z0-9]{2})\.(?=[a-z]{2})/gi, ' dot ')
      .replace(/(?<=[a-z])#/gi, ' sharp ')
      .replace(/⁄/g, '/')
      .replace(/(?<=[a-z])\/(?=[a-z])/gi, ' slash ')
      .replace(/[^\x20-\x7e]/g, ' ')
      .replace(/[*_~^|\\<>#`{}[\]]+/g, ' ')
      .replace(/ +/g, ' ')
      .replace(/ ([.,;:!?])/g, '$1')
      .replace(/([,.;:!?]){2,}/g, '$1')
      .trim()
  );
}
