import type { ReplyPart } from './defineChatModel.js';

/** What one read of a reply has brought: lines, or the data of events. */
export interface ReplyRead {
  readonly items: readonly string[];
  /** True for what stood at the end of the stream without its terminator: perhaps only half of it. */
  readonly unterminated?: boolean;
}

/**
 * Reads of a reply as parts, read by read. `take` adds what one item says and returns true once nothing may follow.
 * When it throws, the parts before the fault still come first, whether or not they were in the same packet.
 */
export function replyParts(
  reads: AsyncIterable<ReplyRead>,
  take: (item: string, unterminated: boolean, found: ReplyPart[]) => boolean,
): AsyncIterableIterator<readonly ReplyPart[], undefined> {
  const source = reads[Symbol.asyncIterator]();
  const over = { done: true, value: undefined } as const;
  let done = false;
  let fault: { readonly error: unknown } | undefined;
  const stop = () => {
    done = true;
    source.return?.().then(undefined, ignore);
  };
  const arrived = (
    read: IteratorResult<ReplyRead, unknown>,
  ): IteratorResult<readonly ReplyPart[], undefined> => {
    if (read.done === true) {
      done = true;
      return over;
    }
    const { items, unterminated = false } = read.value;
    const found: ReplyPart[] = [];
    try {
      for (const item of items) {
        if (!take(item, unterminated, found)) continue;
        stop();
        break;
      }
    } catch (error) {
      fault = { error };
      stop();
    }
    return { done: false, value: found };
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => {
      if (fault === undefined) return done ? Promise.resolve(over) : source.next().then(arrived);
      const error = fault.error as Error;
      fault = undefined;
      return Promise.reject(error);
    },
    return() {
      if (!done) stop();
      return Promise.resolve(over);
    },
  };
}

/**
 * An iterable that is yet to be opened: the first value asked for opens it. What a generator with `yield*` does, at
 * less cost for each value.
 */
export function openLater<T>(open: () => Promise<AsyncIterable<T>>): AsyncIterableIterator<T, undefined> {
  let opened: AsyncIterator<T, undefined> | undefined;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      opened?.next() ??
      open().then((iterable) => {
        opened = iterable[Symbol.asyncIterator]() as AsyncIterator<T, undefined>;
        return opened.next();
      }),
    return: () => opened?.return?.() ?? Promise.resolve({ done: true, value: undefined }),
  };
}

function ignore(): void {
  // What is left of a stream that nobody reads any more.
}
