/** A word as it stands in the text, and as the voice is to say it, in ASCII. */
export interface SpokenWord {
  readonly text: string;
  readonly spoken: string;
}

/** A piece of a text that is synthesized in one go. */
export interface Piece {
  readonly words: readonly SpokenWord[];
  /** Whether the piece goes on where another was cut inside a sentence, so that no full pause belongs before it. */
  readonly joinsBefore: boolean;
  /** Whether it was cut between two words, so that no pause belongs after it. */
  readonly joinsAfter: boolean;
}

/** What a worker is asked. */
export interface SynthesisRequest extends Piece {
  readonly voice: string;
  /** Factor on every duration: 0.5 is twice as fast. */
  readonly stretch: number;
}

/** When a word is said, in milliseconds from the piece's start. */
export interface SynthesizedWord {
  readonly text: string;
  readonly offset: number;
  readonly duration: number;
}

/** A piece, spoken: 16 kHz 16-bit mono samples. */
export interface SynthesizedPiece {
  readonly type: 'spoken';
  readonly audio: readonly Uint8Array<ArrayBuffer>[];
  readonly words: readonly SynthesizedWord[];
  /** Milliseconds of audio. */
  readonly duration: number;
}

/** What a worker says. */
export type SynthesisAnswer =
  | SynthesizedPiece
  | { readonly type: 'failed'; readonly message: string }
  /** Once, from a worker that had to compile the program itself: the next ones are given it. */
  | { readonly type: 'compiled'; readonly module: WebAssembly.Module };
