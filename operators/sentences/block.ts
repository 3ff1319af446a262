/** What a line is, told by its beginning. */
export type Block = 'undecided' | 'plain' | 'heading' | 'table' | 'rule' | 'item' | 'fence';

const blank = /^[\s>]*$/;
const heading = /^[\s>]*#{1,6}(\s)?$/;
const table = /^[\s>]*\|$/;
const bullet = /^[\s>]*(?:[•◦‣▪●○■□]|[-*+–—](\s)?)$/;
const rule = /^[\s>]*(?:-{2,}|\*{2,}|_{2,}|={2,})$/;
const fence = /^[\s>]*(`{1,}|~{1,})$/;
const ordered = /^[\s>]*\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})(?:([.)]|\.\))(\s)?)?$/;
const openItem = /^[\s>]*\($/;
const capitalStop = /^[\s>]*[A-Z]{1,5}\.\s$/;
/** A line's beginning is told by this many characters. */
const longest = 24;

/** Tells what a line is as early as its beginning allows. */
export function blockOf(prefix: string): Block {
  if (prefix.length > longest) return 'plain';
  if (blank.test(prefix) || openItem.test(prefix)) return 'undecided';
  if (table.test(prefix)) return 'table';
  let match = heading.exec(prefix);
  if (match) return match[1] === undefined ? 'undecided' : 'heading';
  match = bullet.exec(prefix);
  if (match) return match[1] === undefined && /[-*+–—]$/.test(prefix) ? 'undecided' : 'item';
  match = rule.exec(prefix);
  if (match) return /([-*_=])\1{2}$/.test(prefix) ? 'rule' : 'undecided';
  match = fence.exec(prefix);
  if (match) return (match[1]?.length ?? 0) > 2 ? 'fence' : 'undecided';
  match = ordered.exec(prefix);
  if (match) {
    if (match[1] === undefined) return 'undecided';
    // `A. Smith` is a name more often than a first item.
    if (match[2] !== undefined) return capitalStop.test(prefix) ? 'plain' : 'item';
    return 'undecided';
  }
  return 'plain';
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
