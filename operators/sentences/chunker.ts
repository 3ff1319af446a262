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
  /** What is waiting. It is indexed only where a chunk leaves: that flattens a string that has grown by tokens. */
  #text = '';
  /** Where `#text` begins in the whole input. */
  #base = 0;
  /** Proved sentences in them. */
  #count = 0;
  /** Where the last proved sentence's successor begins, or -1. */
  #last = -1;
  /** Where the first character that isn't white space stands, or -1 while unknown. */
  #content = -1;
  #first = true;
  #token = '';
  #at = 0;

  constructor(language: Language, limits: ChunkLimits) {
    this.#scanner = new SentenceScanner(language);
    this.#limits = limits;
  }

  /** Takes a token and gives the first chunk that leaves because of it; `next()` gives the others. */
  push(token: string): string | undefined {
    this.#token = token;
    this.#at = 0;
    this.#text += token;
    return this.next();
  }

  /** The next chunk that the text itself lets go, or nothing once the token is used up. */
  next(): string | undefined {
    const { most, fastStart } = this.#limits;
    const scanner = this.#scanner;
    const token = this.#token;
    for (;;) {
      if (scanner.position - this.#base > most && !this.#halfPair(scanner.position)) {
        return this.#leave(this.#base + this.#overflow());
      }
      if (this.#at >= token.length) return undefined;
      const room = this.#base + most + 1 - scanner.position;
      const careful = this.#first && fastStart === 'clause';
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
    const code = position - this.#base === most + 1 ? this.#text.charCodeAt(most) : 0;
    return code >= 0xd800 && code <= 0xdbff;
  }

  /** Whether anything is waiting. */
  get waiting(): boolean {
    return this.#text !== '';
  }

  /** Whether a mark has been seen that may prove a sentence end by silence. */
  get undecided(): boolean {
    return this.#scanner.undecided;
  }

  /** Where what is waiting begins, in UTF-16 units from the start of the input. */
  get start(): number {
    return this.#base;
  }

  /** See `SentenceScanner`. */
  get certainty(): 0 | 1 | 2 {
    return this.#scanner.certainty;
  }

  /** Nothing came for long enough: a sure end is proved. The chunk that leaves because of it, if one does. */
  quiet(): string | undefined {
    const { position } = this.#scanner;
    const end = this.#scanner.pendingEnd;
    this.#scanner.accept();
    return this.#sentence(end, position) ? this.#leave(position) : undefined;
  }

  /** The oldest character has waited long enough: the best cut that there is, or everything. */
  overdue(): string {
    const text = this.#text;
    if (this.#last > this.#base) return this.#leave(this.#last);
    if (this.#scanner.certainty > 0) {
      this.#scanner.accept();
      return this.#leave(this.#base + text.length);
    }
    const cut = lastClause(text, text.length - 1, this.#limits.least) || lastWord(text, text.length);
    return this.#leave(this.#base + (cut > 0 ? cut : text.length));
  }

  /** Whether what is waiting is one word that may not have ended. */
  get halfWord(): boolean {
    const text = this.#text;
    return text !== '' && lastWord(text, text.length) === 0 && lastClause(text, text.length - 1, 1) === 0;
  }

  /** Everything that is left. */
  rest(): string {
    const text = this.#text;
    this.#text = '';
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
    if (this.#content < 0) {
      const text = this.#text;
      let at = 0;
      while (at < text.length && isWhiteAt(text, at)) at++;
      if (at === text.length) return at;
      this.#content = this.#base + at;
    }
    return this.#content - this.#base;
  }

  #clause(): boolean {
    const at = this.#scanner.position - 1 - this.#base;
    const text = this.#text;
    if (at <= 0 || isWhiteAt(text, at) || !clauseEndsAt(text, at)) return false;
    const lead = this.#lead();
    return text.slice(lead, at).trimEnd().length >= this.#limits.least;
  }

  #overflow(): number {
    const { most, least } = this.#limits;
    const text = this.#text;
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
    const text = this.#text;
    const chunk = text.slice(0, at);
    this.#text = text.slice(at);
    this.#base = cut;
    this.#first = false;
    this.#count = 0;
    this.#last = -1;
    this.#content = -1;
    return chunk;
  }
}
