/** What a character can mean to the scanner; everything else is `Plain` and costs one table look-up. */
export const Plain = 0;
export const Space = 1;
export const Newline = 2;
/** A full stop of the Latin kind, which may also end an abbreviation or stand in a number. */
export const Stop = 3;
/** `!` and `?` and their kin. */
export const Bang = 4;
/** A mark that ends a sentence and nothing else: `。` `।` `۔` `።` … */
export const Full = 5;
export const Ellipsis = 6;
export const Opener = 7;
export const Closer = 8;
/** The straight double quote, which opens or closes. */
export const Quote = 9;
/** `*`, `_`, `~`: emphasis marks stick to the text they mark. */
export const Emphasis = 10;
export const Backtick = 11;
/** Symbols that people write in the place of a stop, or right after one. */
export const Emoji = 12;
/** `;` and `:`, which end sentences in Greek and in Armenian only. */
export const Colon = 13;
export const Tag = 14;
/** Not told apart in the text's run, but noticed in front of a sentence: `-`, `–`, `—`. */
export const Dash = 15;
export const Bullet = 16;
export const TagEnd = 17;
/** Not told apart in the text's run: `;` outside Greek, which ends a sentence only where the next one begins like one. */
export const Semicolon = 18;

const table = new Uint8Array(65_536);
const put = (kind: number, characters: string) => {
  for (const character of characters) table[character.charCodeAt(0)] = kind;
};
const range = (kind: number, from: number, to: number) => table.fill(kind, from, to + 1);

put(Space, ' \t\r\v\f\u00a0\u1680\u202f\u205f\u3000');
range(Space, 0x2000, 0x200a);
put(Newline, '\n\u0085\u2028\u2029');
put(Stop, '.\u2024\ufe52');
put(Bang, '!?‼‽⁇⁈⁉؟︕︖﹖﹗');
put(Full, '。｡！？．।॥۔։።፧፨။៕។᠃᠉︒᙮᱾᱿꓿꘎꛳꡶꡷꤯꧈꩝꩞꩟꫰꯫');
put(Ellipsis, '…⋯');
put(Opener, '([{“‘«‹„‚「『（【《〈〔［｛｢〝');
put(Closer, ')]}”’»›」』）】》〉〕］｝｣〞〟');
put(Quote, '"');
put(Emphasis, '*_~');
put(Backtick, '`');
put(Colon, ';:;');
put(Tag, '<');
put(TagEnd, '>');
put(Dash, '-–—');
put(Bullet, '•◦‣▪●○■□');
range(Emoji, 0xd83c, 0xd83e);
range(Emoji, 0xdc00, 0xdfff);
range(Emoji, 0x2600, 0x27bf);
put(Emoji, '\ufe0f\u20e3\u2b50\u2b55\u2b1b\u2b1c\u2705');

/** The meaning of every UTF-16 unit. */
export const kinds: Readonly<Uint8Array> = table;

/** How a letter stands in its script's two cases. */
export type Case = 'upper' | 'lower' | 'none' | 'digit' | 'other';

const letter = /^\p{L}/u;
const digit = /^\p{N}/u;
const titlecase = /^\p{Lt}/u;

/** The case of one UTF-16 unit; letters outside the basic plane count as caseless. */
export function caseOf(code: number): Case {
  if (code < 128) {
    if (code >= 97 && code <= 122) return 'lower';
    if (code >= 65 && code <= 90) return 'upper';
    return code >= 48 && code <= 57 ? 'digit' : 'other';
  }
  const character = String.fromCharCode(code);
  if (code >= 0xd800 && code <= 0xdfff)
    return table[code] === Emoji ? 'other' : code < 0xdc00 ? 'none' : 'other';
  if (digit.test(character)) return 'digit';
  if (!letter.test(character)) return 'other';
  // Georgian's capitals are for display only: its everyday letters have no case.
  if (code >= 0x10d0 && code <= 0x10ff) return 'none';
  if (titlecase.test(character)) return 'upper';
  const lower = character.toLowerCase();
  const upper = character.toUpperCase();
  if (lower === upper) return 'none';
  return character === lower ? 'lower' : 'upper';
}

/** Han, Kana, Bopomofo and fullwidth forms: written without spaces, ended by marks of their own. */
export function isCjk(code: number): boolean {
  return (
    (code >= 0x3040 && code <= 0x30ff) ||
    (code >= 0x3100 && code <= 0x312f) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xff66 && code <= 0xff9f) ||
    code === 0x3005 ||
    (code >= 0xd840 && code <= 0xd88f)
  );
}

/** Scripts that write neither stops nor spaces between words: Thai, Lao, Myanmar, Khmer. */
export function isSpaceless(code: number): boolean {
  return (
    (code >= 0x0e00 && code <= 0x0eff) ||
    (code >= 0x1000 && code <= 0x109f) ||
    (code >= 0x1780 && code <= 0x17ff)
  );
}

/** Thai and Lao: a full stop there ends an abbreviation, never a sentence. */
export function hasNoStop(code: number): boolean {
  return code >= 0x0e00 && code <= 0x0eff;
}
