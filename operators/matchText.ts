/** How far a text, arriving in pieces, repeats an expected one; a run of white space counts as one space. */
export interface TextMatch {
  /** `equal` so far, `matched` all of the expected text, or `different`. */
  readonly state: 'equal' | 'matched' | 'different';
  /** How far into the text that the expected one was taken from. */
  readonly matched: number;
  /** How many characters of what was fed were equal. */
  readonly length: number;
  /** Both stand inside a run of white space. */
  readonly inWhiteSpace: boolean;
  /** The next piece. Once `matched` or `different`, pieces are ignored. */
  feed(text: string): void;
}

const whiteSpace = /\s/;

/** Matches what is fed against `expected` from `start` on. Constant work a character. */
export function matchText(expected: string, start: number): TextMatch {
  let state: TextMatch['state'] = start === expected.length ? 'matched' : 'equal';
  let at = start;
  let length = 0;
  let inRun = false;
  // Where the two runs of white space are the same character for character, what exceeds the expected run is left
  // over, so that an identical text is joined identically.
  let sameRun = false;

  const step = (character: string) => {
    if (whiteSpace.test(character)) {
      if (!inRun) {
        if (!whiteSpace.test(expected.charAt(at))) return 'different';
        inRun = sameRun = true;
      }
      sameRun &&= expected.charAt(at) === character;
      length++;
      if (sameRun) at++;
      return at === expected.length ? 'matched' : 'equal';
    }
    if (inRun) {
      while (whiteSpace.test(expected.charAt(at))) at++;
      inRun = false;
      if (at === expected.length) return 'matched';
    }
    if (expected.charAt(at) !== character) return 'different';
    at++;
    length++;
    return at === expected.length ? 'matched' : 'equal';
  };

  return {
    get state() {
      return state;
    },
    get matched() {
      return at;
    },
    get length() {
      return length;
    },
    get inWhiteSpace() {
      return inRun;
    },
    feed(text) {
      for (let index = 0; index < text.length && state === 'equal'; index++) {
        state = step(text.charAt(index));
      }
    },
  };
}
