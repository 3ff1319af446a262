/** What a line is, told by its beginning. */
export type Block = 'undecided' | 'plain' | 'heading' | 'table' | 'rule' | 'item' | 'fence';

const quotePrefix = /^[\s>]+/;
const heading = /^#{1,6}(\s)?$/;
const bullet = /^[-*+–—](\s)?$/;
const rule = /^(?:-{2,}|\*{2,}|_{2,}|={2,})$/;
const fence = /^(?:`+|~+)$/;
const ordered = /^\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})(?:[.)]|\.\))?$/;
const orderedItem = /^\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})(?:[.)]|\.\))\s$/;
/** How most lines begin: a letter, and one after it that makes no numeral of it. */
const wordly = /^[a-z][^ivx.)]/i;
const capitalStop = /^[A-Z]{1,5}\.\s$/;
/** A line's beginning is told by this many characters. */
const longest = 24;

/** Tells what a line is as early as its beginning allows. */
export function blockOf(prefix: string): Block {
  if (prefix.length > longest || wordly.test(prefix)) return 'plain';
  const first = prefix.charCodeAt(0);
  // A letter of ASCII begins nearly every line, and needs no unwrapping.
  const line = first > 62 && first < 128 ? prefix : prefix.replace(quotePrefix, '');
  switch (line.charAt(0)) {
    case '':
      return 'undecided';
    case '|':
      return line === '|' ? 'table' : 'plain';
    case '#': {
      const match = heading.exec(line);
      return !match ? 'plain' : match[1] === undefined ? 'undecided' : 'heading';
    }
    case '•':
    case '◦':
    case '‣':
    case '▪':
    case '●':
    case '○':
    case '■':
    case '□':
      return line.length === 1 ? 'item' : 'plain';
    case '`':
    case '~':
      return !fence.test(line) ? 'plain' : line.length > 2 ? 'fence' : 'undecided';
    case '-':
    case '*':
    case '+':
    case '–':
    case '—':
    case '_':
    case '=': {
      const match = bullet.exec(line);
      if (match) return match[1] === undefined ? 'undecided' : 'item';
      return !rule.test(line) && line.length > 1 ? 'plain' : line.length > 2 ? 'rule' : 'undecided';
    }
    default: {
      if (line === '(' || ordered.test(line)) return 'undecided';
      // `A. Smith` is a name more often than a first item.
      return orderedItem.test(line) && !capitalStop.test(line) ? 'item' : 'plain';
    }
  }
}

/** The value and the style of an item's marker, such as `2` and `.)` of `2.)`. */
export interface Marker {
  readonly style: string;
  readonly value: number;
}

const marker = /^(\(?)(\d{1,3}|[a-z]|[ivx]{2,5})(\.\)|[.)])$/;
const romans = [
  'i',
  'ii',
  'iii',
  'iv',
  'v',
  'vi',
  'vii',
  'viii',
  'ix',
  'x',
  'xi',
  'xii',
  'xiii',
  'xiv',
  'xv',
];

/** Reads an item's marker, or nothing where the word is none; `like` is the one before it. */
export function markerOf(word: string, like?: Marker): Marker | undefined {
  const match = marker.exec(word);
  if (!match) return undefined;
  const [, open = '', text = '', close = ''] = match;
  const style = (kind: string) => `${open}${kind}${close}`;
  if (/\d/.test(text)) return { style: style('1'), value: Number(text) };
  // A lone `i` begins a row of Roman numbers, `v` and `x` are letters unless they go on with one.
  if (text === 'i' || text.length > 1 || like?.style === style('i')) {
    return { style: style('i'), value: romans.indexOf(text) + 1 };
  }
  return { style: style('a'), value: text.charCodeAt(0) };
}
