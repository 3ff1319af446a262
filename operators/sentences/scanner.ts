import { Asides, longestAside } from './asides.js';
import { blockOf, markerOf, type Marker } from './block.js';
import {
  Backtick,
  Bang,
  Bullet,
  Closer,
  Colon,
  Dash,
  Ellipsis,
  Emoji,
  Emphasis,
  Full,
  Newline,
  Opener,
  Plain,
  Quote,
  Semicolon,
  Space,
  Stop,
  Tag,
  TagEnd,
  caseOf,
  hasNoStop,
  kinds,
} from './characters.js';
import { endingLength, endingMask, type Language } from './language.js';
import { Candidate, verdictOf, type Following, type Verdict } from './verdict.js';
import type { Reading } from './word.js';

/** How many of the last characters the scanner can look back on. */
const memory = 1024;
const mask = memory - 1;
const longestTag = 200;
/** `In the morning at 5 a.m. Anna called`: a longer phrase has said enough to be a sentence. */
const longestPhrase = 60;
const longestWord = 48;

/**
 * Finds sentence ends in one pass, as early as the text allows: a character is looked at once, and a mark that may
 * end a sentence stays a candidate until what follows has proved or disproved it.
 */
export class SentenceScanner {
  /** How many characters have been scanned. */
  position = 0;
  /** Whether the last scan stopped at a proof. */
  proved = false;
  /** After a proof: where the sentence's text ends. */
  end = 0;
  /** After a proof: where the next sentence begins; what lies between is white space. */
  cut = 0;
  /** After a proof: where the sentence's first character stands. */
  began = -1;

  readonly #language: Language;
  readonly #recent = new Uint16Array(memory);
  /** Where the current sentence's first character stands, or -1 before it. */
  #sentence = -1;

  #candidate: Candidate | undefined;
  readonly #slot = new Candidate(
    (end) => this.#wordStart(end),
    (start, end) => this.#text(start, end),
  );
  readonly #following: Following = {
    code: 0,
    word: '',
    mark: 0,
    before: 0,
    aside: false,
    quote: () => this.#asides.enclosed(this.#slot.mark, this.#sentence, this.position),
    clause: () => this.#clause(this.#slot.mark),
    previous: () => this.#wordBefore(this.#trimmed(this.#slot.start)),
    stopped: () => this.#at(this.#trimmed(this.#slot.start) - 1) === 46,
    counted: () => {
      const end = this.#trimmed(this.#slot.start);
      return end > this.#sentence && caseOf(this.#at(end - 1)) === 'digit';
    },
    leading: () => this.#leading(this.#slot.start),
  };
  /** Beginning of the current line while it may still tell a block. */
  #line: string | undefined = '';
  #lineStart = 0;
  #block: 'plain' | 'heading' | 'table' | 'rule' | 'item' = 'plain';
  #fence = '';
  #marker: Marker | undefined;
  /** The bullet of the item that the line before was, or -1. */
  #bullet = -1;
  /** Start of an inline item's marker that waits for its text, or -1. */
  #inline = -1;

  readonly #asides = new Asides();
  #code = -1;
  #tag = -1;

  constructor(language: Language) {
    this.#language = language;
  }

  /**
   * Scans `text` from one index up to another and stops early where a sentence end has been `proved`.
   *
   * @returns the index after the last scanned character.
   */
  scan(text: string, from: number, to: number): number {
    this.proved = false;
    const recent = this.#recent;
    let at = from;
    let position = this.position;
    while (at < to) {
      if (this.idle) {
        // The common case, kept tight: letters of running text.
        let code = 0;
        let kind = Plain;
        while (at < to) {
          code = text.charCodeAt(at++);
          recent[position++ & mask] = code;
          kind = kinds[code] ?? Plain;
          if (kind > Space) break;
        }
        this.position = position;
        if (kind > Space && this.#notice(code, kind)) return at;
      } else {
        const code = text.charCodeAt(at++);
        recent[position++ & mask] = code;
        this.position = position;
        if (this.#follow(code, kinds[code] ?? Plain)) return at;
      }
    }
    return at;
  }

  /** Whether letters and spaces mean nothing for now. */
  get idle(): boolean {
    return this.#candidate === undefined && this.#line === undefined && this.#fence === '';
  }

  /** While idle: takes a token of letters and spaces alone; false where it needs a closer look. */
  pass(token: string): boolean {
    const meanings = kinds;
    const recent = this.#recent;
    let position = this.position;
    for (let at = 0; at < token.length; at++) {
      const code = token.charCodeAt(at);
      if ((meanings[code] ?? Plain) > Space) return false;
      recent[position++ & mask] = code;
    }
    this.position = position;
    return true;
  }

  /** Whether a candidate waits for what follows it. */
  get undecided(): boolean {
    return this.#candidate !== undefined;
  }

  /** Where the text of a candidate that nothing has followed yet ends, or -1. */
  get pendingEnd(): number {
    return this.#candidate?.word === '' ? this.#candidate.end : -1;
  }

  /** Whether the text up to here has ended surely: 2 after `!`, `?` or `。`, 1 after a full stop, 0 where it hasn't. */
  get certainty(): 0 | 1 | 2 {
    const candidate = this.#candidate;
    if (candidate?.word !== '' || candidate.next >= 0 || this.#code >= 0) return 0;
    if (this.#asides.openAt(this.position)) return 0;
    if (candidate.kind === Bang || candidate.kind === Full)
      return candidate.quoted && candidate.opened ? 0 : 2;
    return candidate.kind === Stop && this.#read(candidate) === 'regular' ? 1 : 0;
  }

  /** Takes the candidate for a sentence end, because nothing has followed it for long enough. */
  accept(): void {
    this.proved = false;
    this.#begin(-1);
  }

  /** Tells whether the candidate that the text has ended with is a sentence end; true when it is. */
  finish(): boolean {
    const candidate = this.#candidate;
    if (!candidate || candidate.next < 0 || candidate.word === '') return false;
    return this.#judge(candidate, 32);
  }

  #prove(end: number, cut: number): boolean {
    this.proved = true;
    this.end = end;
    this.cut = cut;
    return true;
  }

  /** A new sentence; its first character is at `start`, or yet to come where that is -1. */
  #begin(start: number) {
    // What was proved with this very character began before it.
    if (!this.proved) this.began = this.#sentence;
    this.#sentence = start;
    this.#candidate = undefined;
    if (start < 0 && this.#line === undefined) {
      this.#line = ' ';
      this.#lineStart = this.position;
    }
  }

  #at(position: number): number {
    return position >= 0 && this.position - position <= memory ? (this.#recent[position & mask] ?? 0) : 32;
  }

  #kindAt(position: number): number {
    return kinds[this.#at(position)] ?? Plain;
  }

  #isWhite(position: number): boolean {
    const kind = this.#kindAt(position);
    return kind === Space || kind === Newline;
  }

  /** Where the word that ends before `end` begins, as far back as a word is long. */
  #wordStart(end: number): number {
    let start = end;
    const floor = Math.max(0, this.#sentence, end - longestWord);
    while (start > floor && !this.#isWhite(start - 1)) start--;
    return start;
  }

  #wordBefore(end: number): string {
    return this.#text(this.#wordStart(end), end);
  }

  /** A piece of what was scanned last, of a word's length. */
  #text(start: number, end: number): string {
    let text = '';
    for (let at = start; at < end; at++) text += String.fromCharCode(this.#at(at));
    return text;
  }

  /** Where the text before `position` ends when its white space is left out. */
  #trimmed(position: number): number {
    let end = position;
    while (end > 0 && this.position - end < memory && this.#isWhite(end - 1)) end--;
    return end;
  }

  /** `:)` `;-)`: whether the bracket is a mouth. */
  #smiles(at: number): boolean {
    const nose = this.#at(at - 1) === 45 ? 2 : 1;
    return this.#kindAt(at - nose) === Colon && this.#isWhite(at - nose - 1);
  }

  /** Running text: takes note of marks, and makes a candidate of one that may end a sentence. True on a proof. */
  #notice(code: number, kind: number): boolean {
    const at = this.position - 1;
    if (this.#tag >= 0) {
      // `<break time="0.5s"/>` is one thing; `a < b` is none, nor is what never closes.
      const inside =
        at - this.#tag <= longestTag && /[a-z/!]/i.test(String.fromCharCode(this.#at(this.#tag + 1)));
      if (!inside || kind === TagEnd || kind === Newline) this.#tag = -1;
      if (inside && kind !== Newline) return false;
    }
    switch (kind) {
      case Newline:
        return this.#newline(at);
      case Opener:
        this.#asides.opens(code, at);
        return false;
      case Closer:
        if (!this.#asides.closes(code, at)) {
          if (code === 41 && this.#smiles(at)) return this.#mark(at, code, Emoji);
          if ((code === 0xbb || code === 0x201d) && this.#isWhite(at - 1)) this.#asides.add(code, at);
        }
        if (code === 41 && this.#marker) this.#item(at);
        return false;
      case Quote:
        this.#asides.quotes(at);
        return false;
      case Backtick:
        this.#code = this.#code < 0 && (this.#isWhite(at - 1) || this.#kindAt(at - 1) === Opener) ? at : -1;
        return false;
      case Tag:
        this.#tag = at;
        return false;
      case Bullet:
        if (this.#block === 'item' && this.#isWhite(at - 1)) return this.#blockStart(at, 'item');
        return false;
      case Stop:
      case Bang:
      case Full:
      case Ellipsis:
      case Colon:
      case Emoji:
        return this.#mark(at, code, kind);
      default:
        return false;
    }
  }

  #mark(at: number, code: number, kind: number): boolean {
    if (this.#code >= 0) {
      if (at - this.#code < longestAside) return false;
      this.#code = -1;
    }
    const before = this.#at(at - 1);
    if (kind === Colon) {
      const greek = before >= 0x370 && before <= 0x3ff && code !== 58;
      const extended = before >= 0x1f00 && before <= 0x1fff && code !== 58;
      const armenian = before >= 0x530 && before <= 0x58f && code === 58;
      if (!greek && !extended && !armenian) {
        if (code === 59) this.#candidate = this.#candidateAt(at, Semicolon);
        return false;
      }
    }
    if (kind === Stop && hasNoStop(before)) return false;
    // `[...]` and `(...)` stand for words left out.
    if ((before === 46 || before === 91 || before === 40) && (kind === Stop || kind === Ellipsis)) {
      let start = at - 1;
      while (this.#at(start) === 46 && at - start < 8) start--;
      if (this.#at(start) === 91 || this.#at(start) === 40) return false;
    }
    if (kind === Emoji && code >= 0xd800 && code <= 0xdfff && this.#kindAt(at - 1) !== Emoji) return false;
    this.#candidate = this.#candidateAt(at, kind);
    if (this.#marker && kind === Stop) this.#item(at);
    return false;
  }

  /** What the word before the mark says of it, told before the text goes on after the next character. */
  #read(candidate: Candidate): Reading {
    if (candidate.reading === 'unread') {
      const { mark, kind } = candidate;
      candidate.reading =
        (kind === Stop || kind === Bang) && !this.#isPlain(mark)
          ? verdictOf.reading(candidate, this.#language, this.#following)
          : 'regular';
    }
    return candidate.reading;
  }

  /**
   * Whether the word before `end` is one of ASCII letters that ends like no abbreviation. Most words that end a
   * sentence are such: they are told from their last letters, without a string.
   */
  #isPlain(end: number): boolean {
    const recent = this.#recent;
    const floor = Math.max(0, this.#sentence, end - endingLength);
    let start = end;
    let hash = 0;
    let code = 32;
    while (start > floor) {
      code = recent[(start - 1) & mask] ?? 0;
      if (code < 97 || code > 122) break;
      hash = Math.imul(hash, 31) + code;
      start--;
    }
    if (end - start < endingLength) {
      if (start > floor && start < end && code >= 65 && code <= 90) {
        hash = Math.imul(hash, 31) + code + 32;
        start--;
      }
      if (end - start < 2 || (start > 0 && start > this.#sentence && !this.#isWhite(start - 1))) return false;
    }
    return this.#language.endings[hash & endingMask] === 0;
  }

  #candidateAt(at: number, kind: number): Candidate {
    const first = this.#kindAt(this.#sentence);
    return this.#slot.renew(kind, at, first === Quote || first === Opener);
  }

  /** A marker inside a line that began with the one before it: `1. one 2. two`. */
  #item(at: number): void {
    const word = this.#wordBefore(at + 1);
    const found = markerOf(word, this.#marker);
    if (found && this.#marker && found.style === this.#marker.style && found.value === this.#marker.value + 1)
      this.#inline = at + 1 - word.length;
    if (this.#inline >= 0) this.#candidate ??= this.#candidateAt(at, Bullet);
  }

  /** The line's own block begins at `start`: what came before it ends there. */
  #blockStart(start: number, block: 'heading' | 'table' | 'rule' | 'item' | 'plain'): boolean {
    this.#block = block;
    this.#asides.clear();
    this.#code = -1;
    this.#inline = -1;
    const earlier = this.#sentence;
    this.#begin(start);
    return earlier >= 0 && earlier < start ? this.#prove(this.#trimmed(start), start) : false;
  }

  #newline(at: number): boolean {
    const line = this.#line;
    if (this.#fence !== '') {
      this.#line = '';
      this.#lineStart = at + 1;
      return false;
    }
    this.#marker = undefined;
    const ends = this.#block === 'heading' || this.#block === 'table' || this.#block === 'rule';
    const blank = line !== undefined && (line === '' || /^[\s>]*$/.test(line)) && this.#lineStart <= at;
    this.#line = '';
    this.#lineStart = at + 1;
    this.#tag = -1;
    if (blank || ends) {
      this.#block = 'plain';
      this.#asides.clear();
      this.#code = -1;
      if (blank && !ends) this.#inline = -1;
      const content = this.#sentence >= 0;
      this.#begin(-1);
      this.#line = '';
      return content ? this.#prove(this.#trimmed(at), at + 1) : false;
    }
    if (this.#block === 'item') this.#block = 'plain';
    else this.#bullet = -1;
    const candidate = this.#candidate;
    if (candidate) {
      this.#read(candidate);
      if (candidate.space < 0) candidate.space = at;
      candidate.newline = true;
    }
    return false;
  }

  /** A character while a candidate is open, at a line's beginning, or in a code block. True on a proof. */
  #follow(code: number, kind: number): boolean {
    const at = this.position - 1;
    if (this.#fence !== '') return this.#fenced(code, kind, at);
    if (kind === Newline) {
      const judged = this.#candidate?.word ? this.#judge(this.#candidate, code) : false;
      if (judged) {
        this.#newline(at);
        return true;
      }
      return this.#newline(at);
    }
    let proof = false;
    const white = kind === Space;
    if (this.#sentence < 0 && !white) this.#sentence = at;
    if (this.#candidate) {
      proof = this.#resolve(this.#candidate, code, kind, at);
    } else if (!white && kind !== Plain) {
      proof = this.#notice(code, kind);
    }
    if (this.#line !== undefined) {
      this.#line += String.fromCharCode(code);
      const block = blockOf(this.#line);
      if (block !== 'undecided') {
        const line = this.#line;
        this.#line = undefined;
        if (block === 'plain') {
          // Nothing but white space, or what silence has ended: the sentence's first character is yet to come.
          if (this.#sentence < 0) this.#begin(-1);
        } else {
          const start =
            this.#lineStart +
            (/^\s*/.exec(line)?.[0].length ?? 0) -
            (line.length - (at + 1 - this.#lineStart));
          if (block === 'fence') this.#fence = line.trim().slice(0, 3);
          if (block === 'item') {
            this.#marker = markerOf(line.trim().split(/\s/).pop() ?? '') ?? undefined;
            this.#bullet = this.#kindAt(start) === Dash || this.#at(start) === 42 ? this.#at(start) : -1;
          }
          return this.#blockStart(start, block === 'fence' ? 'plain' : block) || proof;
        }
      } else if (code === this.#bullet && this.#line.trim().length === 1) {
        // Below an item its bullet alone begins the next one, or a rule.
        return this.#blockStart(at, 'plain') || proof;
      }
    }
    return proof;
  }

  #fenced(code: number, kind: number, at: number): boolean {
    if (kind === Newline) {
      const closed =
        this.#line?.trim().startsWith(this.#fence) &&
        this.#line.trim().replaceAll(this.#fence[0] ?? '', '') === '';
      this.#line = '';
      this.#lineStart = at + 1;
      if (!closed) return false;
      this.#fence = '';
      this.#begin(-1);
      this.#line = '';
      return this.#prove(at, at + 1);
    }
    if (this.#line !== undefined) {
      this.#line = this.#line.length > 40 ? undefined : this.#line + String.fromCharCode(code);
    }
    return false;
  }

  /** One more character after a candidate. True on a proof. */
  #resolve(candidate: Candidate, code: number, kind: number, at: number): boolean {
    if (at === candidate.mark + 1) {
      // `3.14`, `index.ts`, `U.S`: no sentence ends there, whatever the word before.
      const inside =
        (code >= 48 && code <= 57) ||
        (code >= 97 && code <= 122) ||
        (code >= 65 && code <= 90 && caseOf(this.#at(at - 2)) === 'upper');
      if (inside && candidate.kind === Stop && this.#inline < 0) {
        this.#candidate = undefined;
        return false;
      }
      this.#read(candidate);
    }
    if (candidate.word !== '') {
      const letters = caseOf(code);
      if ((letters !== 'other' || code === 39 || code === 0x2019) && candidate.word.length < 24) {
        candidate.word += String.fromCharCode(code);
        return false;
      }
      const verdict = this.#verdict(candidate, code, candidate.word);
      if (verdict === 'wait') {
        candidate.word += ' ';
        return false;
      }
      if (this.#settle(candidate, verdict)) return this.#afterwards(code, kind);
      return kind === Plain || kind === Space ? false : this.#notice(code, kind);
    }
    if (this.#inline >= 0 && candidate.next < 0) {
      if (kind === Space) {
        candidate.space = at;
        return false;
      }
      if (candidate.space >= 0 && caseOf(code) !== 'digit' && caseOf(code) !== 'other') {
        const start = this.#inline;
        this.#marker = this.#marker && { ...this.#marker, value: this.#marker.value + 1 };
        this.#inline = -1;
        this.#begin(start);
        return this.#prove(this.#trimmed(start), start);
      }
      if (kind !== Closer) this.#inline = -1;
    }
    if (candidate.kind === Bullet) {
      this.#candidate = undefined;
      return kind === Plain || kind === Space ? false : this.#notice(code, kind);
    }
    if (candidate.next < 0 && candidate.space < 0) return this.#beside(candidate, code, kind, at);
    if (kind === Space) {
      if (
        candidate.lead !== '' &&
        /["'”»]$/.test(candidate.lead) &&
        candidate.next >= 0 &&
        this.#asides.quote >= 0 &&
        this.#asides.quote < candidate.mark &&
        candidate.lead.length === 1
      ) {
        // A straight quote between spaces, while one was open: it has closed.
        candidate.end = at;
        candidate.next = -1;
        candidate.lead = '';
        candidate.quoted = true;
        this.#asides.quote = -1;
        candidate.space = at;
      }
      return false;
    }
    if (candidate.next < 0) {
      if (kind === Closer && (code !== 0xbb || this.#asides.last === '«')) {
        candidate.end = at + 1;
        candidate.space = -1;
        candidate.quoted ||= code !== 41 && code !== 93;
        this.#asides.closes(code, at);
        return false;
      }
      if (kind === Emoji && !candidate.newline) {
        // The second half of the pair comes without a space.
        candidate.end = at + 1;
        candidate.space = -1;
        candidate.kind = candidate.kind === Stop ? Bang : candidate.kind;
        return false;
      }
      if ((kind === Stop || kind === Bang || kind === Ellipsis) && !candidate.newline) {
        // `. . .` and ` ...`: one run of marks, unless a letter is stuck to its end.
        if (candidate.run < 0) {
          candidate.run = at;
          candidate.runEnd = candidate.end;
          candidate.runKind = candidate.kind;
        }
        candidate.end = at + 1;
        candidate.space = -1;
        candidate.marks++;
        if (kind === Bang) candidate.kind = Bang;
        else if (candidate.kind === Stop) candidate.kind = Ellipsis;
        return false;
      }
      candidate.next = at;
    }
    return this.#lead(candidate, code, kind, at);
  }

  /** A character right after the marks, without a space. */
  #beside(candidate: Candidate, code: number, kind: number, at: number): boolean {
    if (candidate.lead === '<') {
      // `Well.</s> <s>Then`: a tag stuck to the mark belongs to it.
      candidate.end = at + 1;
      if (kind === TagEnd) candidate.lead = '';
      else if (at - candidate.mark > longestTag) this.#candidate = undefined;
      return false;
    }
    if (candidate.lead === '[') {
      candidate.end = at + 1;
      if (code === 93) candidate.lead = '';
      else if (caseOf(code) !== 'digit' && caseOf(code) !== 'lower') this.#candidate = undefined;
      return false;
    }
    if (candidate.kind === Semicolon && kind !== Space) {
      this.#candidate = undefined;
      return kind === Plain ? false : this.#notice(code, kind);
    }
    switch (kind) {
      case Space:
        candidate.space = at;
        return false;
      case Stop:
      case Bang:
      case Full:
      case Ellipsis:
        if (candidate.kind === Full && (kind === Stop || kind === Ellipsis) && this.#at(at - 1) === 0x3002)
          break;
        candidate.end = at + 1;
        candidate.marks++;
        if (kind === Bang || kind === Full) candidate.kind = kind;
        else if (candidate.kind === Stop) candidate.kind = Ellipsis;
        return false;
      case Quote:
        this.#asides.quote = -1;
        candidate.end = at + 1;
        candidate.quoted = true;
        return false;
      case Closer:
        this.#asides.closes(code, at);
        candidate.end = at + 1;
        candidate.quoted ||= code !== 41 && code !== 93 && code !== 0xff09;
        if (code === 41 && this.#marker) this.#item(at);
        return false;
      case Emphasis:
      case Emoji:
      case Backtick:
        candidate.end = at + 1;
        if (kind === Emoji && candidate.kind === Stop) candidate.kind = Bang;
        return false;
      case Opener:
        // “ closes in German: „So.“, and so does «: »So.«
        if (this.#asides.closes(code, at)) {
          candidate.end = at + 1;
          candidate.quoted = true;
          return false;
        }
        if (code === 91 && this.#at(at - 1) === 33 && this.#isWhite(at - 2)) {
          // `![a picture](of.png)`
          if (candidate.run >= 0) return this.#leads(candidate) && this.#afterwards(code, kind);
          this.#candidate = undefined;
          return this.#notice(code, kind);
        }
        if (code === 91) {
          candidate.lead = '[';
          candidate.end = at + 1;
          return false;
        }
        break;
      case Tag:
        candidate.lead = '<';
        candidate.end = at + 1;
        return false;
      case Colon:
        this.#candidate = undefined;
        return false;
      default:
        if (code === 39) {
          candidate.end = at + 1;
          candidate.quoted = true;
          return false;
        }
        if (code === 0x200d) return false;
    }

    if (candidate.run >= 0 && caseOf(code) !== 'other') return this.#leads(candidate);
    candidate.next = at;
    return this.#lead(candidate, code, kind, at);
  }

  /** `Done. ...and then`: the second run of marks leads the next sentence. True on a proof. */
  #leads({ run, runEnd, runKind, reading }: Candidate): boolean {
    this.#candidate = undefined;
    if (runKind === Ellipsis || reading !== 'regular') return false;
    this.#begin(run);
    return this.#prove(runEnd, run);
  }

  /** The first characters after the white space: quotes and brackets are passed over until a letter tells. */
  #lead(candidate: Candidate, code: number, kind: number, at: number): boolean {
    const letters = caseOf(code);
    if (letters === 'digit' && candidate.lead === '[') {
      // `gas. [1] It`: a footnote's mark belongs to the sentence before it.
      candidate.next = -1;
      candidate.space = -1;
      return false;
    }
    if (letters === 'other') {
      if (
        candidate.lead.length < 6 &&
        (kind === Opener ||
          kind === Quote ||
          kind === Emphasis ||
          kind === Backtick ||
          kind === Dash ||
          kind === Closer ||
          code === 39 ||
          // `,,` is a typed `„`.
          (code === 44 && candidate.lead.length < 2 && candidate.space >= 0) ||
          code === 0xbf ||
          code === 0xa1)
      ) {
        candidate.lead += String.fromCharCode(code);
        if (kind === Opener) this.#asides.opens(code, at);
        // `»So.« »Ja.«`: it opens where nothing was open.
        else if (kind === Closer && !this.#asides.closes(code, at) && (code === 0xbb || code === 0x201d))
          this.#asides.add(code, at);
        if (kind === Quote && this.#asides.quote < 0) this.#asides.quote = at;
        return false;
      }
      if (this.#judge(candidate, code)) return this.#afterwards(code, kind);
      this.#candidate = undefined;
      return kind === Plain ? false : this.#notice(code, kind);
    }
    const verdict =
      letters === 'upper' && candidate.plain && this.#asides.none
        ? 'end'
        : this.#verdict(candidate, code, '');
    if (verdict === 'wait') {
      candidate.word = String.fromCharCode(code);
      return false;
    }
    return this.#settle(candidate, verdict);
  }

  /** What follows a proof inside the same character: it belongs to the next sentence. */
  #afterwards(code: number, kind: number): boolean {
    if (kind !== Plain && kind !== Space) {
      const { end, cut } = this;
      this.#notice(code, kind);
      this.#prove(end, cut);
    }
    return true;
  }

  #judge(candidate: Candidate, code: number): boolean {
    return this.#settle(candidate, this.#verdict(candidate, code, candidate.word));
  }

  #verdict(candidate: Candidate, code: number, word: string): Verdict {
    const following = this.#following;
    following.code = code;
    following.word = word;
    following.mark = this.#at(candidate.mark);
    following.before = this.#at(candidate.mark - 1);
    following.aside =
      !this.#asides.none && this.#asides.bracketed(candidate.mark, this.#sentence, this.position);
    return verdictOf.end(candidate, this.#language, following);
  }

  /** Whether nothing but signs stands between the sentence's beginning and `position`. */
  #leading(position: number): boolean {
    for (let at = Math.max(this.#sentence, position - 40); at < position; at++)
      if (caseOf(this.#at(at)) !== 'other') return false;
    return position - this.#sentence < 40;
  }

  /** The first word of the clause that `position` stands in, unless the clause is long. */
  #clause(position: number): string {
    let start = position;
    const floor = Math.max(this.#sentence, 0);
    while (start > floor) {
      if (position - start > longestPhrase) return '';
      const code = this.#at(start - 1);
      if ((code === 59 || code === 58) && this.#isWhite(start)) break;
      start--;
    }
    let word = '';
    for (let at = start; at < position; at++) {
      const code = this.#at(at);
      if (this.#isWhite(at)) {
        if (word !== '') break;
      } else if (caseOf(code) !== 'other') word += String.fromCharCode(code);
    }
    return word.toLowerCase();
  }

  #settle(candidate: Candidate, verdict: Verdict): boolean {
    if (verdict !== 'end') {
      this.#candidate = undefined;
      return false;
    }
    const cut = candidate.next;
    this.#begin(cut);
    return this.#prove(candidate.end, cut);
  }
}
