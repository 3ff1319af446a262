import { MalformedReplyError } from './errors.js';

/** What a reader has found, as soon as it is certain. */
export interface JsonListener {
  open(container: 'object' | 'array'): void;
  close(): void;
  /** The next piece of a member's name; the first one of each name is preceded by nothing, the last by `keyEnd`. */
  key(piece: string): void;
  keyEnd(): void;
  stringStart(): void;
  /** Decoded characters of a string; never half of a surrogate pair that may still get its other half. */
  string(piece: string): void;
  stringEnd(): void;
  /** A number is certain only when something else follows it. */
  scalar(value: number | boolean | null): void;
}

/** Takes JSON in pieces. Both throw `MalformedReplyError` at the first character that cannot be JSON. */
export interface JsonReader {
  write(text: string): void;
  /** No more comes: the value must be whole. */
  end(): void;
}

type Mode =
  | 'start'
  | 'fence'
  | 'fence info'
  | 'value'
  | 'value or ]'
  | 'key'
  | 'key or }'
  | ':'
  | ', or end'
  | 'string'
  | 'escape'
  | 'unicode'
  | 'number'
  | 'literal'
  | 'done'
  | 'closing fence';

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
/** Deeper nesting is refused: no reply means it, and every level costs memory. */
const MAX_DEPTH = 1000;
/** Characters of the longest number; the longest double written out in full has 1,077. */
const MAX_NUMBER = 1100;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const LITERALS: Readonly<Record<string, readonly [string, boolean | null]>> = {
  t: ['true', true],
  f: ['false', false],
  n: ['null', null],
};
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const isWhite = (char: string): boolean => char === ' ' || char === '\n' || char === '\r' || char === '\t';
const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;

/**
 * A reader of one JSON value that arrives in pieces, cut anywhere. Each character is looked at once, and nothing is
 * kept but the names of the open brackets and an unfinished number.
 *
 * A Markdown fence around the value (three backticks, perhaps with a word behind them) is passed over, because models
 * write one; anything else around it is refused.
 */
export function createJsonReader(listener: JsonListener): JsonReader {
  let mode: Mode = 'start';
  let offset = 0;
  let ticks = 0;
  let fenced = false;
  let isKey = false;
  /** Decoded characters of the open string that have not been told yet. */
  let piece = '';
  let unit = 0;
  let digits = 0;
  let number = '';
  let literal: readonly [string, boolean | null] = ['', null];
  let matched = 0;
  const brackets: ('{' | '[')[] = [];

  return {
    write(text) {
      try {
        for (let at = 0; at < text.length;) at = step(text, at);
      } finally {
        // also before an error: what is told must not depend on where the text was cut
        tell(false);
      }
      offset += text.length;
    },
    end() {
      if (mode === 'number') finishNumber(0);
      if (mode !== 'done' && mode !== 'closing fence')
        throw new MalformedReplyError(
          offset === 0
            ? 'JSON expected, but there was no text'
            : `the JSON ends too early, after ${offset} characters`,
        );
      if (mode === 'closing fence' && ticks > 0 && ticks < 3) throw unexpected('`', -1);
    },
  };

  /** Reads on from `at` and returns how far it came. */
  function step(text: string, at: number): number {
    if (mode === 'string') return readString(text, at);
    const char = text.charAt(at);
    switch (mode) {
      case 'escape':
        return readEscape(char, at);
      case 'unicode':
        return readUnicode(char, at);
      case 'number':
        return readNumber(char, at);
      case 'literal':
        return readLiteral(char, at);
      case 'fence':
        if (char !== '`') throw unexpected(char, at);
        ticks++;
        if (ticks === 3) mode = 'fence info';
        return at + 1;
      case 'fence info':
        if (char === '\n') mode = 'value';
        else if (!/[\w \t\r-]/.test(char)) throw unexpected(char, at);
        return at + 1;
      default:
        if (!isWhite(char)) readMark(char, at);
        return at + 1;
    }
  }

  function readMark(char: string, at: number): void {
    switch (mode) {
      case 'start':
        if (char === '`') {
          mode = 'fence';
          ticks = 1;
          fenced = true;
        } else startValue(char, at);
        break;
      case 'value':
        startValue(char, at);
        break;
      case 'value or ]':
        if (char === ']') close('[', char, at);
        else startValue(char, at);
        break;
      case 'key or }':
        if (char === '}') close('{', char, at);
        else startKey(char, at);
        break;
      case 'key':
        startKey(char, at);
        break;
      case ':':
        if (char !== ':') throw unexpected(char, at);
        mode = 'value';
        break;
      case ', or end':
        if (char === '}') close('{', char, at);
        else if (char === ']') close('[', char, at);
        else if (char === ',') mode = brackets.at(-1) === '{' ? 'key' : 'value';
        else throw unexpected(char, at);
        break;
      default:
        if (char !== '`' || !fenced || (mode === 'closing fence' && ticks === 3)) throw unexpected(char, at);
        ticks = mode === 'done' ? 1 : ticks + 1;
        mode = 'closing fence';
    }
  }

  function startKey(char: string, at: number): void {
    if (char !== '"') throw unexpected(char, at);
    isKey = true;
    mode = 'string';
  }

  function startValue(char: string, at: number): void {
    if (char === '"') {
      isKey = false;
      mode = 'string';
      listener.stringStart();
    } else if (char === '{' || char === '[') {
      if (brackets.length === MAX_DEPTH)
        throw new MalformedReplyError(`the JSON is nested deeper than ${MAX_DEPTH} levels`);
      brackets.push(char);
      mode = char === '{' ? 'key or }' : 'value or ]';
      listener.open(char === '{' ? 'object' : 'array');
    } else if (char === '-' || (char >= '0' && char <= '9')) {
      number = char;
      mode = 'number';
    } else {
      const known = LITERALS[char];
      if (!known) throw unexpected(char, at);
      literal = known;
      matched = 1;
      mode = 'literal';
    }
  }

  function close(bracket: '{' | '[', char: string, at: number): void {
    if (brackets.at(-1) !== bracket) throw unexpected(char, at);
    brackets.pop();
    endValue();
    listener.close();
  }

  function endValue(): void {
    mode = brackets.length === 0 ? 'done' : ', or end';
  }

  function readString(text: string, from: number): number {
    let at = from;
    let code = SPACE;
    for (; at < text.length; at++) {
      code = text.charCodeAt(at);
      if (code === QUOTE || code === BACKSLASH || code < SPACE) break;
    }
    piece += text.slice(from, at);
    if (at === text.length) return at;
    if (code < SPACE) throw unexpected(text.charAt(at), at);
    if (code === BACKSLASH) {
      mode = 'escape';
      return at + 1;
    }
    tell(true);
    if (isKey) {
      mode = ':';
      listener.keyEnd();
    } else {
      endValue();
      listener.stringEnd();
    }
    return at + 1;
  }

  function readEscape(char: string, at: number): number {
    if (char === 'u') {
      unit = digits = 0;
      mode = 'unicode';
      return at + 1;
    }
    const decoded = ESCAPES[char];
    if (decoded === undefined) throw unexpected(char, at);
    piece += decoded;
    mode = 'string';
    return at + 1;
  }

  function readUnicode(char: string, at: number): number {
    if (!/[\da-fA-F]/.test(char)) throw unexpected(char, at);
    unit = unit * 16 + parseInt(char, 16);
    digits++;
    if (digits === 4) {
      piece += String.fromCharCode(unit);
      mode = 'string';
    }
    return at + 1;
  }

  /** Tells what has been decoded; half of a pair waits for the other half until the string ends. */
  function tell(whole: boolean): void {
    if (piece === '') return;
    const keep = !whole && isHigh(piece.charCodeAt(piece.length - 1)) ? 1 : 0;
    const text = piece.slice(0, piece.length - keep);
    piece = piece.slice(piece.length - keep);
    if (text === '') return;
    if (isKey) listener.key(text);
    else listener.string(text);
  }

  function readNumber(char: string, at: number): number {
    if (!/[\d+\-.eE]/.test(char)) {
      finishNumber(at);
      return at;
    }
    if (number.length === MAX_NUMBER)
      throw new MalformedReplyError(`the JSON has a number of more than ${MAX_NUMBER} characters`);
    number += char;
    return at + 1;
  }

  function finishNumber(at: number): void {
    if (!NUMBER.test(number))
      throw new MalformedReplyError(`no JSON number: ${number} before character ${offset + at}`);
    endValue();
    listener.scalar(Number(number));
  }

  function readLiteral(char: string, at: number): number {
    if (char !== literal[0].charAt(matched)) throw unexpected(char, at);
    matched++;
    if (matched === literal[0].length) {
      endValue();
      listener.scalar(literal[1]);
    }
    return at + 1;
  }

  function unexpected(char: string, at: number): MalformedReplyError {
    return new MalformedReplyError(`unexpected ${JSON.stringify(char)} in JSON at character ${offset + at}`);
  }
}
