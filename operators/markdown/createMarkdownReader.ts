import { isEmoji, joinsEmoji } from './emoji.js';
import { beginsHtmlTag, entities, htmlTag } from './htmlTags.js';
import { longestLink, matchLink } from './matchLink.js';

/** What `speakable` makes of what cannot be read aloud as it is. */
export interface SpeakableConfig {
  /** A bare URL is heard as its host (`host`, the default: "example.com") or not at all (`drop`). */
  readonly urls?: 'host' | 'drop' | undefined;
  /** Code blocks are not heard (`skip`, the default) or read as they are (`speak`); inline code is always heard. */
  readonly codeBlocks?: 'skip' | 'speak' | undefined;
  /**
   * Characters after which a code block that nobody closes is taken to be over. A whole number over 0, or `Infinity`.
   * Default: 20,000.
   */
  readonly maxCodeBlock?: number | undefined;
}

/** Reads Markdown piece by piece and gives what of it is to be heard. */
export interface MarkdownReader {
  push(text: string): string;
  /** No more comes: gives what was held back. */
  end(): string;
}

/** How far a mark (a run of stars, a tag, a table's rule) is followed before it is taken for text. */
const longestMark = 200;

const isSpace = (character: string | undefined) => character === ' ' || character === '\t';
const isWord = (character: string) => /^[\p{L}\p{N}]/u.test(character);
/** Scripts that put spaces between words: in them a star within a word is a star. */
const isSpacedWord = (character: string) =>
  /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u.test(character);
const schemes = ['https://', 'http://', 'ftp://', 'www.'];

/**
 * A decision depends on the text up to a character, never on where it was cut: each rule looks at a window of fixed
 * length and waits only while the window is not full and what is in it can still become the mark.
 *
 * @param lineStart whether the text begins a line; false for the text of a link.
 */
export function createMarkdownReader(config: SpeakableConfig, lineStart = true): MarkdownReader {
  const { urls = 'host', codeBlocks = 'skip', maxCodeBlock = 20_000 } = config;
  let rest = '';
  let at = 0;
  let final = false;
  let out = '';

  // Of the source.
  let atStart = lineStart;
  let afterBullet = false;
  let previous = '\n';
  let heading = false;
  let row: { content: boolean; cellEnded: boolean } | undefined;
  let fence: { readonly mark: string; readonly length: number; left: number; atStart: boolean } | undefined;
  let code = 0;
  let url: { host: string; inHost: boolean; depth: number; readonly angle: boolean } | undefined;
  let stars = 0;
  let lows = 0;
  let struck = false;
  let afterEmoji = false;
  let trimming = false;

  // Of what has been given.
  let given = '';
  let newlines = 2;
  let blockEnds = false;
  let blankLineGiven = false;

  const say = (text: string) => {
    if (text === '') return;
    if (blockEnds && text !== '\n') {
      while (newlines < 2) {
        out += '\n';
        newlines++;
      }
      blockEnds = false;
    }
    out += text;
    given = text;
    const ends = /\n*$/.exec(text)?.[0].length ?? 0;
    newlines = ends === text.length ? newlines + ends : ends;
    if (text !== '\n') blankLineGiven = false;
  };
  const content = (text: string) => {
    if (text === '') return;
    trimming = false;
    afterEmoji = false;
    if (row !== undefined) {
      if (row.cellEnded && row.content) say(', ');
      row.cellEnded = false;
      row.content = true;
    }
    say(text);
  };
  const take = (length: number) => {
    if (length > 0)
      previous = /.$/su.exec(rest.slice(Math.max(at, at + length - 2), at + length))?.[0] ?? previous;
    at += length;
  };
  const literal = (length: number) => {
    content(rest.slice(at, at + length));
    take(length);
    return true;
  };
  const drop = (length: number) => {
    take(length);
    return true;
  };
  const forgetMarks = () => {
    stars = 0;
    lows = 0;
    struck = false;
    code = 0;
  };

  /** What comes next, at most so much; `more` says whether it may still grow. */
  const look = (length: number) => {
    const text = rest.slice(at, at + length);
    return { text, more: !final && text.length < length };
  };

  // Each rule answers true when it has taken something, false when it needs more text.
  const beginLine = (): boolean => {
    const { text, more } = look(longestMark);
    const indent = /^[ \t]*/.exec(text)?.[0] ?? '';
    const line = text.slice(indent.length);
    const first = line[0];
    if (first === undefined && more) return false;
    const wait = () => more;
    const begin = (length: number) => {
      atStart = false;
      afterBullet = false;
      return drop(length);
    };

    if (first === '\n') {
      forgetMarks();
      heading = false;
      afterBullet = false;
      if (blankLineGiven) blankLineGiven = false;
      else say(blockEnds ? '\n' : `${indent}\n`);
      return drop(indent.length + 1);
    }
    if (first === '>') {
      if (line.length === 1 && wait()) return false;
      return drop(indent.length + (isSpace(line[1]) ? 2 : 1));
    }
    if (first === '#') {
      const marks = /^#+/.exec(line)?.[0].length ?? 0;
      if (line.length === marks && wait()) return false;
      const next = line[marks];
      if (marks <= 6 && (next === undefined || /[ \t\n]/.test(next))) {
        heading = true;
        trimming = true;
        blockEnds = true;
        return begin(indent.length + marks);
      }
    }
    if (first === '`' || first === '~') {
      const marks = (first === '`' ? /^`+/ : /^~+/).exec(line)?.[0].length ?? 0;
      const info = /^[^\n]*/.exec(line.slice(marks))?.[0] ?? '';
      const inline = first === '`' && info.includes('`');
      const undecided = marks + info.length === line.length;
      if (marks >= 3 && !inline) {
        if (undecided && wait() && (first === '`' || info === '')) return false;
        fence = { mark: first, length: marks, left: maxCodeBlock, atStart: false };
        blockEnds = true;
        return begin(indent.length + marks + info.length);
      }
      if (undecided && marks < 3 && info === '' && wait()) return false;
    }
    if (first !== undefined && '-*_=:|'.includes(first)) {
      const marks = /^[-*_=:| \t]*/.exec(line)?.[0] ?? '';
      const next = line[marks.length];
      if (next === undefined && wait()) return false;
      const bare = marks.replaceAll(/[ \t]/g, '');
      if (next === '\n' || (next === undefined && final)) {
        const rule = /^(?:-{3,}|\*{3,}|_{3,}|={3,})$/.test(bare) || /^(?=.*\|)(?=.*-)[-:|]+$/.test(bare);
        if (rule || /^[-*]$/.test(bare)) {
          blockEnds = true;
          return drop(indent.length + marks.length + (next === undefined ? 0 : 1));
        }
      }
    }
    if (first !== undefined && '-*+•'.includes(first)) {
      if (line.length === 1 && wait()) return false;
      const gap = /^[ \t]*/.exec(line.slice(1))?.[0].length ?? 0;
      if (gap > 0) {
        if (1 + gap === line.length && wait()) return false;
        blockEnds = true;
        afterBullet = true;
        return drop(indent.length + 1 + gap);
      }
    }
    if (first === '|') {
      row = { content: false, cellEnded: false };
      trimming = true;
      return begin(indent.length + 1);
    }
    if (first === '[') {
      if (afterBullet) {
        if (/^\[[ xX]\][ \t]/.test(line)) {
          trimming = true;
          return begin(indent.length + 4);
        }
        if (/^\[(?:[ xX]\]?)?$/.test(line) && wait()) return false;
      }
      const definition = defines();
      if (definition === undefined) return false;
      if (definition > 0) return drop(definition);
    }
    atStart = false;
    afterBullet = false;
    if (indent !== '') {
      if (trimming || blockEnds) drop(indent.length);
      else literal(indent.length);
    }
    return true;
  };

  /** Length of a footnote's mark or of a whole link definition at the start of a line; 0 for none. */
  const defines = (): number | undefined => {
    const { text, more } = look(longestLink);
    const note = /^[ \t]*\[\^[^\]\s]{1,100}\]:[ \t]*/.exec(text);
    if (note !== null) return note[0].length === text.length && more ? undefined : note[0].length;
    const link =
      /^[ \t]*\[[^\]\n]{1,200}\]:[ \t]*<?[^\s>]*[:/.#][^\s>]*>?(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'|\([^)\n]*\)))?[ \t]*(\n|$)/.exec(
        text,
      );
    if (link !== null && (link[1] === '\n' || !more)) return link[0].length;
    return more && /^[ \t]*\[(?:[^\]\n]{0,200}|[^\]\n]{1,200}\](?::[^\n]*)?)$/.test(text) ? undefined : 0;
  };

  const inFence = (open: NonNullable<typeof fence>): boolean => {
    if (open.atStart) {
      const { text, more } = look(longestMark);
      const line = /^([ \t]*)([`~]*)([ \t]*)/.exec(text);
      const length = line?.[0].length ?? 0;
      const marks = line?.[2] ?? '';
      if (length === text.length && more) return false;
      const closes = marks.length >= open.length && marks === open.mark.repeat(marks.length);
      const next = text[length];
      if (closes && (next === undefined || next === '\n')) {
        fence = undefined;
        atStart = true;
        blockEnds = true;
        return drop(length + (next === undefined ? 0 : 1));
      }
      open.atStart = false;
    }
    const newline = rest.indexOf('\n', at);
    const length = Math.min(newline < 0 ? rest.length - at : newline + 1 - at, open.left);
    if (codeBlocks === 'speak') say(rest.slice(at, at + length));
    take(length);
    open.left -= length;
    open.atStart = previous === '\n';
    if (open.left <= 0) {
      fence = undefined;
      atStart = open.atStart;
      blockEnds = true;
    }
    return true;
  };

  const inUrl = (open: NonNullable<typeof url>): boolean => {
    const ends = () => {
      if (open.inHost) sayHost(open);
      url = undefined;
      if (open.angle && rest[at] === '>') take(1);
      return true;
    };
    const character = rest[at] ?? '';
    if (/[\s<>"`|\\^{}\u3000-\u303f\uff00-\uffef]/.test(character)) return ends();
    const { text, more } = look(20);
    // Marks at the end belong to the sentence, in the middle to the address.
    const marks = /^[.,;:!?'()[\]*_~]+/.exec(text)?.[0] ?? '';
    if (marks !== '') {
      const next = text[marks.length];
      if (next === undefined && more) return false;
      if (next === undefined || /[\s<>"`|\\^{}\u3000-\u303f\uff00-\uffef]/.test(next)) {
        const balanced = marks.startsWith(')') && open.depth > 0;
        if (!balanced) return ends();
      }
    }
    if (character === '(') open.depth++;
    if (character === ')' && --open.depth < 0) return ends();
    if (open.inHost) {
      if (/[/?#:]/.test(character)) sayHost(open);
      else if (character === '@') open.host = '';
      else if (open.host.length < 255) open.host += character;
    }
    return drop(1);
  };
  const sayHost = (open: NonNullable<typeof url>) => {
    open.inHost = false;
    if (urls === 'host') content(open.host.replace(/^www\./i, ''));
    else afterEmoji = true;
  };

  const inLine = (): boolean => {
    const character = rest[at] ?? '';
    if (character === '\n') {
      const ended = heading || (row?.content ?? false);
      if (row === undefined || row.content) say('\n');
      if (ended) {
        say('\n');
        blankLineGiven = true;
        forgetMarks();
      }
      heading = false;
      row = undefined;
      code = 0;
      atStart = true;
      trimming = false;
      return drop(1);
    }
    if (code > 0) {
      if (character !== '`')
        return literal((/^[^`\n]+/.exec(rest.slice(at, at + longestMark))?.[0] ?? character).length);
      const { text, more } = look(20);
      const marks = /^`+/.exec(text)?.[0].length ?? 0;
      if (marks === text.length && more) return false;
      if (marks !== code) return literal(marks);
      code = 0;
      return drop(marks);
    }
    if (isSpace(character)) {
      if (trimming || (afterEmoji && /^$|\s$/.test(given))) {
        afterEmoji = false;
        return drop(1);
      }
      if (row !== undefined) {
        const { text, more } = look(longestMark);
        const gap = /^[ \t]+/.exec(text)?.[0].length ?? 0;
        if (gap === text.length && more) return false;
        return /[|\n]/.test(text[gap] ?? '\n') ? drop(gap) : literal(gap);
      }
    }
    switch (character) {
      case '|':
        if (row === undefined) return literal(1);
        row.cellEnded = true;
        trimming = true;
        return drop(1);
      case '*':
      case '_':
      case '~':
        return emphasis(character);
      case '`': {
        const { text, more } = look(20);
        const marks = /^`+/.exec(text)?.[0].length ?? 0;
        if (marks === text.length && more) return false;
        code = marks;
        return drop(marks);
      }
      case '#':
        if (heading && isSpace(previous)) {
          const { text, more } = look(longestMark);
          const marks = /^#+[ \t]*/.exec(text)?.[0].length ?? 0;
          if (marks === text.length && more) return false;
          if ((text[marks] ?? '\n') === '\n') return drop(marks);
        }
        return literal(1);
      case '\\': {
        const next = rest[at + 1];
        if (next === undefined && !final) return false;
        if (next === undefined || !/[!-/:-@[-`{-~]/.test(next)) return literal(1);
        drop(1);
        return literal(1);
      }
      case '!':
        // After a word it ends a sentence, and must not wait to see what follows.
        if (isWord(previous)) return literal(1);
        if (rest[at + 1] === undefined && !final && /[\s([>|]/.test(previous)) return false;
        if (rest[at + 1] !== '[' || !/[\s([>|]/.test(previous)) return literal(1);
        return link(1);
      case '[':
        return link(0);
      case '<':
        return html();
      case '&': {
        const { text, more } = look(8);
        const entity = /^&#?\w+;/.exec(text)?.[0];
        const known = entity === undefined ? undefined : entities[entity];
        if (known !== undefined && entity !== undefined) {
          content(known);
          return drop(entity.length);
        }
        return more && Object.keys(entities).some((name) => name.startsWith(text)) ? false : literal(1);
      }
    }
    if (!isWord(previous) && /[hwf]/i.test(character)) {
      const { text, more } = look(8);
      const lower = text.toLowerCase();
      const scheme = schemes.find((name) => lower.startsWith(name));
      if (scheme !== undefined) return beginUrl(scheme.length, false);
      if (more && schemes.some((name) => name.startsWith(lower))) return false;
    }
    return plain();
  };

  const beginUrl = (length: number, angle: boolean) => {
    url = { host: '', inHost: true, depth: 0, angle };
    return drop(length);
  };

  const link = (offset: number): boolean => {
    const { text, more } = look(offset + longestLink);
    const found = matchLink(text.slice(offset), more, isWord(previous));
    if (found === undefined) return false;
    if (found === null) return literal(offset + 1);
    const inner = createMarkdownReader(config, false);
    content(inner.push(found.text) + inner.end());
    return drop(offset + found.length);
  };

  const html = (): boolean => {
    const { text, more } = look(longestMark);
    if (text.startsWith('<!--')) {
      const comment = look(longestLink);
      const end = comment.text.indexOf('-->');
      if (end >= 0) return drop(end + 3);
      return comment.more
        ? false
        : comment.text.length < longestLink
          ? drop(comment.text.length)
          : literal(1);
    }
    if (more && '<!--'.startsWith(text)) return false;
    const scheme = schemes.find((name) => text.slice(1).toLowerCase().startsWith(name));
    if (scheme !== undefined) return beginUrl(1 + scheme.length, true);
    if (more && schemes.some((name) => name.startsWith(text.slice(1).toLowerCase()))) return false;
    const tag = /^<\/?([a-z][a-z0-9]*)(?:\s[^<>]*)?\/?>/i.exec(text);
    const kind = tag?.[1] === undefined ? undefined : htmlTag(tag[1]);
    if (tag !== null && kind !== undefined) {
      if (kind === 'block' && newlines === 0) say(row === undefined ? '\n' : ' ');
      return drop(tag[0].length);
    }
    const begun = /^<\/?([a-z][a-z0-9]*|$)(\s[^<>]*)?\/?$/i.exec(text);
    if (more && begun !== null) {
      const [, name = '', attributes] = begun;
      const possible =
        attributes === undefined && !text.endsWith('/') ? beginsHtmlTag(name) : htmlTag(name) !== undefined;
      if (possible || text === '</') return false;
    }
    return literal(1);
  };

  /** Drops the marks of emphasis, as they open and close it; a mark between digits, or between spaces, is text. */
  const emphasis = (mark: '*' | '_' | '~'): boolean => {
    const { text, more } = look(longestMark);
    let length = 0;
    while (text[length] === mark) length++;
    if (length === text.length && more) return false;
    const next = /^./su.exec(text.slice(length, length + 2))?.[0] ?? ' ';
    if (/^[\ud800-\udbff]$/.test(next) && more) return false;
    if (mark === '~') {
      if (length !== 2 || (!struck && /\s/.test(next))) return literal(length);
      struck = !struck;
      return drop(length);
    }
    // A gap to fill in.
    if (length > 3) return drop(length);
    const open = mark === '*' ? stars : lows;
    const within =
      mark === '_' ? isWord(previous) && isWord(next) : isSpacedWord(previous) && isSpacedWord(next);
    const count = (change: number) => {
      if (mark === '*') stars = Math.max(0, stars + change);
      else lows = Math.max(0, lows + change);
      return drop(length);
    };
    const closes = open > 0 && !/\s/.test(previous) && !(within && (mark === '_' || /\p{N}/u.test(next)));
    if (closes) return count(-length);
    const glob = length === 1 && /[./]/.test(next);
    const opens = !/\s/.test(next) && !within && !glob && !(isSpacedWord(previous) && !isWord(next));
    return opens ? count(length) : literal(length);
  };

  const special =
    /[\n*_~`#\\![<&| \tHhWwFf\u200d\ufe0e\ufe0f\u20e3\u2190-\u2bff\u3030\u303d\u3297\u3299\ud800-\udfff]/;
  const plain = (): boolean => {
    const code = rest.charCodeAt(at);
    if (code >= 0xd800 && code <= 0xdbff && at + 1 === rest.length && !final) return false;
    const character = String.fromCodePoint(rest.codePointAt(at) ?? 0);
    if (code >= 0x200d) {
      if (isEmoji(character)) {
        take(character.length);
        afterEmoji = true;
        return true;
      }
      if (joinsEmoji(character) && (afterEmoji || character !== '\u200d')) return drop(character.length);
    }
    let end = at + character.length;
    while (end < rest.length && !special.test(rest[end] ?? ' ')) end++;
    return literal(end - at);
  };

  const run = (): string => {
    while (at < rest.length) {
      const moved = fence ? inFence(fence) : url ? inUrl(url) : atStart ? beginLine() : inLine();
      if (!moved) break;
    }
    if (final && url?.inHost) sayHost(url);
    rest = rest.slice(at);
    at = 0;
    const text = out;
    out = '';
    return text;
  };
  return {
    push(text) {
      rest += text;
      return run();
    },
    end() {
      final = true;
      return run();
    },
  };
}
