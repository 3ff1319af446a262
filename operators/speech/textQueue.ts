/** A text that waits to be spoken, and what is to be said for it. */
export interface QueuedText {
  /** As it arrived. */
  readonly text: string;
  /** What the voice gets; empty when, joined, nothing was left to say. */
  readonly spoken: string;
  /** How many texts it is made of. */
  readonly chunks: number;
  /** Present when the text could not be prepared. */
  readonly failure?: { readonly error: unknown };
}

/** Texts in the order they came. */
export interface TextQueue {
  readonly size: number;
  /** Whether there was something to say, so that the text waits now. */
  add(text: string): boolean;
  /** The next text, together with as many as may be joined to it. */
  next(): QueuedText | undefined;
  clear(): void;
}

const sayable = /[\p{L}\p{N}]/u;

/**
 * A queue that passes over what can't be said, prepares what can, and joins what waits.
 *
 * @param prepare What the voice gets for a text.
 * @param mergeWaiting Up to how many characters waiting texts are joined.
 */
export function createTextQueue(
  prepare: ((text: string) => string) | undefined,
  mergeWaiting: number,
): TextQueue {
  let texts: (QueuedText | undefined)[] = [];
  let first = 0;

  const prepared = (text: string, chunks: number): QueuedText => {
    try {
      return { text, spoken: (prepare ? prepare(text) : text).trim(), chunks };
    } catch (error) {
      return { text, spoken: '', chunks, failure: { error } };
    }
  };
  const shift = () => {
    const item = texts[first];
    // What is being spoken isn't kept for as long as the list is.
    texts[first++] = undefined;
    // Cut off now and then, not at each step: a long queue must not be copied for every text.
    if (first > 64 && 2 * first > texts.length) {
      texts = texts.slice(first);
      first = 0;
    }
    return item;
  };

  return {
    get size() {
      return texts.length - first;
    },
    add(text) {
      if (!sayable.test(text)) return false;
      const item = prepared(text, 1);
      if (!item.failure && !sayable.test(item.spoken)) return false;
      texts.push(item);
      return true;
    },
    next() {
      const item = shift();
      if (!item || item.failure) return item;
      let { text, chunks } = item;
      for (;;) {
        const following = texts[first];
        if (!following || following.failure || text.length + following.text.length > mergeWaiting) break;
        text += following.text;
        chunks += following.chunks;
        shift();
      }
      if (chunks === 1) return item;
      const joined = prepared(text, chunks);
      // What was worth saying piece by piece may come to nothing as a whole: a comment that is closed now.
      return sayable.test(joined.spoken) ? joined : { ...joined, spoken: '' };
    },
    clear() {
      texts = [];
      first = 0;
    },
  };
}
