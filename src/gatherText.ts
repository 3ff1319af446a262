/** A text that is put together from very many pieces. */
export interface GatheredText {
  add(piece: string): void;
  /** All pieces so far. */
  toString(): string;
}

/** How many pieces are kept apart before they are joined. */
const batch = 256;

/**
 * Gathers tokens to a text in little more memory than the text has. A string that is added to for each token stays, in
 * the engines we know, a chain with a link for each of them: many times the size of its characters.
 */
export function gatherText(): GatheredText {
  let text = '';
  let pieces: string[] = [];
  return {
    add(piece) {
      if (pieces.push(piece) < batch) return;
      text += pieces.join('');
      pieces = [];
    },
    toString: () => text + pieces.join(''),
  };
}
