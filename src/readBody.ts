/** Makes values of a body's text, as it comes in. */
export interface TextSplitter<T> {
  /** What the next piece of text completes. */
  readonly feed: (text: string) => T;
  /** What is left when the body has ended; called once. */
  readonly end: () => T;
}

/** How long the rest of an answered request is read for, in ms, so that its connection can be used again. */
const drainTime = 1000;

/**
 * A response body, read by read. Reads only when asked. A consumer that stops early, because it has seen the end
 * marker, leaves the connection usable: what little is left is read in the background.
 *
 * Written without a generator: three of them in a row cost a streamed token more than its JSON does.
 */
export function readBody<T>(
  body: ReadableStream<Uint8Array> | null,
  { feed, end }: TextSplitter<T>,
): AsyncIterableIterator<T, undefined> {
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let over = reader === undefined;
  const arrived = ({ done, value }: ReadableStreamReadResult<Uint8Array>): IteratorResult<T, undefined> => {
    if (over) return { done: true, value: undefined };
    try {
      if (!done) return { done: false, value: feed(decoder.decode(value, { stream: true })) };
      over = true;
      // An unfinished character is half of something: the splitter's end has to know of it.
      const rest = decoder.decode();
      if (rest !== '') feed(rest);
      return { done: false, value: end() };
    } catch (error) {
      stop();
      throw error;
    }
  };
  const stop = () => {
    if (!over && reader !== undefined) drain(reader);
    over = true;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      over || reader === undefined
        ? Promise.resolve({ done: true, value: undefined })
        : reader.read().then(arrived),
    return: () => {
      stop();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}

function drain(reader: ReadableStreamDefaultReader<Uint8Array>): void {
  const settle = () => clearTimeout(timer);
  const timer = setTimeout(() => void reader.cancel().then(undefined, settle), drainTime);
  const next = (): void => {
    reader.read().then(({ done }) => (done ? settle() : next()), settle);
  };
  next();
}
