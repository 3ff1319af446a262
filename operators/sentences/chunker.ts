import { clauseEndsAt, isWhiteAt, lastClause, lastGrapheme, lastWord } from './cuts.js';
import type { Language } from './language.js';
import { SentenceScanner } from './scanner.js';

/** Limits of a chunk; see `BufferSentencesConfig`. */
export interface ChunkLimits {
  readonly sentences: number;
  readonly least: number;
  readonly most: number;
  readonly fastStart: boolean | 'clause';
}

/** Collects text into chunks of whole sentences. Knows nothing of time: who drives it says when to give way. */
export class Chunker {
  readonly #scanner: SentenceScanner;
  readonly #limits: ChunkLimits;
  /** What is waiting of earlier tokens. To index or slice it copies all of it, so a cut in the last token does neither. */
  #held = '';
  /** Where what is waiting begins in the whole input. */
  #base = 0;
  /** Up to where a token of running text needs no closer look; -1 while nothing waits, or something is leaving. */
  #easy = -1;
  /** Proved sentences in them. */
  #count = 0;
  /** Where the last proved sentence's successor begins, or -1. */
  #last = -1;
  /** Where the first character that isn't white space stands, or -1 while unknown. */
  #content = -1;
  #first = true;
  #token = '';
  /** How much of the token has been scanned. */
  #at = 0;
  /** How much of the token has left, or is held. */
  #taken = 0;

  constructor(language: Language, limits: ChunkLimits) {
    this.#scanner = new SentenceScanner(language);
    this.#limits = limits;
  }

  /** Takes a token of running text, with which nothing can leave; false where that needs a closer look. */
  pass(token: string): boolean {
    if (this.#scanner.position + token.length > this.#easy || !this.#scanner.pass(token)) return false;
    this.#held += token;
    return true;
  }

  /** Takes a token and gives the first chunk that leaves because of it; `next()` gives the others. */
  push(token: string): string | undefined {
    this.#token = token;
    this.#at = this.#taken = 0;
    return this.next();
  }

  /** The next chunk that the text itself lets go, or nothing once the token is used up. */
  next(): string | undefined {
    const { most, fastStart } = this.#limits;
    const scanner = this.#scanner;
    const token = this.#token;
    const careful = this.#first && fastStart === 'clause';
    for (;;) {
      if (scanner.position - this.#base > most && !this.#halfPair(scanner.position)) {
        return this.#leave(this.#base + this.#overflow());
      }
      if (this.#at >= token.length) {
        this.#hold();
        this.#easy = this.#held !== '' && scanner.idle && !careful ? this.#base + most : -1;
        return undefined;
      }
      const room = this.#base + most + 1 - scanner.position;
      const to = Math.min(token.length, this.#at + (careful ? 1 : Math.max(1, room)));
      this.#at = scanner.scan(token, this.#at, to);
      if (scanner.proved && this.#sentence(scanner.end, scanner.cut)) {
        // White space that is too long for this chunk leads the next one.
        const cut = Math.min(scanner.cut, this.#base + most);
        const chunk = this.#leave(cut);
        // Proved by what follows it: that is where the next chunk's text begins.
        if (cut === scanner.cut && cut < scanner.position) this.#content = cut;
        return chunk;
      }
      if (careful && this.#clause()) return this.#leave(scanner.position - 1);
    }
  }

  /** Whether what is one character too long ends in half a surrogate pair, which tells nothing of its character yet. */
  #halfPair(position: number): boolean {
    const { most } = this.#limits;
    // Of what is waiting, not of the token: that may begin with the other half.
    const code = position - this.#base === most + 1 ? this.#hold().charCodeAt(most) : 0;
    return code >= 0xd800 && code <= 0xdbff;
  }

  /** What is waiting. */
  #hold(): string {
    if (this.#taken < this.#token.length) {
      this.#held += this.#taken === 0 ? this.#token : this.#token.slice(this.#taken);
      this.#taken = this.#token.length;
    }
    return this.#held;
  }

  /** Whether anything is waiting. */
  get waiting(): boolean {
    return this.#held !== '' || this.#taken < this.#token.length;
  }

  /** Whether a mark has been seen that may prove a sentence end by silence. */
  get undecided(): boolean {
    return this.#scanner.undecided;
  }

  /** Where what is waiting begins, in UTF-16 units from the start of the input. */
  get start(): number {
    return this.#base;
  }

  /** How much has come. */
  get end(): number {
    return this.#scanner.position;
  }

  /** See `SentenceScanner`. */
  get certainty(): 0 | 1 | 2 {
    return this.#scanner.certainty;
  }

  /** Nothing came for long enough: a sure end is proved. The chunk that leaves because of it, if one does. */
  quiet(): string | undefined {
    const { position } = this.#scanner;
    const end = this.#scanner.pendingEnd;
    this.#accept();
    return this.#sentence(end, position) ? this.#leave(position) : undefined;
  }

  /** The oldest character has waited long enough: the best cut that there is, or everything. */
  overdue(): string {
    const text = this.#hold();
    if (this.#last > this.#base) return this.#leave(this.#last);
    if (this.#scanner.certainty > 0) {
      this.#accept();
      return this.#leave(this.#base + text.length);
    }
    const cut = lastClause(text, text.length - 1, this.#limits.least) || lastWord(text, text.length);
    return this.#leave(this.#base + (cut > 0 ? cut : text.length));
  }

  #accept() {
    this.#scanner.accept();
    this.#easy = -1;
  }

  /** Whether what is waiting is one word that may not have ended. */
  get halfWord(): boolean {
    const text = this.#hold();
    return text !== '' && lastWord(text, text.length) === 0 && lastClause(text, text.length - 1, 1) === 0;
  }

  /** Everything that is left. */
  rest(): string {
    const text = this.#hold();
    this.#held = '';
    this.#easy = -1;
    return text;
  }

  /** A sentence is proved; true when the chunk that it ends may leave. */
  #sentence(end: number, cut: number): boolean {
    const { sentences, least, fastStart } = this.#limits;
    if (end - this.#base <= this.#lead()) return false;
    this.#count++;
    this.#last = cut;
    return (
      this.#count >= (this.#first && fastStart !== false ? 1 : sentences) && end - this.#content >= least
    );
  }

  /** How much white space what is waiting begins with. */
  #lead(): number {
    if (this.#content < 0 && this.#scanner.began >= this.#base) this.#content = this.#scanner.began;
    if (this.#content < 0) {
      const text = this.#hold();
      let at = 0;
      while (at < text.length && isWhiteAt(text, at)) at++;
      if (at === text.length) return at;
      this.#content = this.#base + at;
    }
    return this.#content - this.#base;
  }

  #clause(): boolean {
    const at = this.#scanner.position - 1 - this.#base;
    const text = this.#hold();
    if (at <= 0 || isWhiteAt(text, at) || !clauseEndsAt(text, at)) return false;
    const lead = this.#lead();
    return text.slice(lead, at).trimEnd().length >= this.#limits.least;
  }

  #overflow(): number {
    const { most, least } = this.#limits;
    const text = this.#hold();
    if (this.#last > this.#base) {
      let cut = this.#last - this.#base;
      while (cut < most && isWhiteAt(text, cut)) cut++;
      return Math.min(cut, most);
    }
    const near = text.slice(0, most + 2);
    return lastClause(near, most, least) || lastWord(near, most) || lastGrapheme(near, most);
  }

  #leave(cut: number): string {
    const at = cut - this.#base;
    const held = this.#held;
    const rest = at - held.length;
    let chunk: string;
    if (rest >= 0) {
      chunk = held + this.#token.slice(this.#taken, this.#taken + rest);
      this.#held = '';
      this.#taken += rest;
    } else {
      chunk = held.slice(0, at);
      this.#held = held.slice(at);
    }
    this.#base = cut;
    this.#easy = -1;
    this.#first = false;
    this.#count = 0;
    this.#last = -1;
    this.#content = -1;
    return chunk;
  }
}
