import type { ReplyPart } from '../../src/defineChatModel.js';

/** From an engine that pushes to a reader that pulls: the engine steps only while the reader waits. */
export interface PartFlow {
  readonly add: (part: ReplyPart) => void;
  readonly end: (last: ReplyPart) => void;
  readonly fail: (error: unknown) => void;
  /** Lets a step happen when there is nothing left to read. */
  readonly gate: (step: () => void) => void;
  /** From now on every step happens. */
  readonly open: () => void;
  /** The reader has gone. */
  readonly leave: () => void;
  readonly left: AbortSignal;
  parts(): AsyncGenerator<readonly ReplyPart[]>;
}

export function partFlow(): PartFlow {
  const leaving = new AbortController();
  let waiting: ReplyPart[] = [];
  let step: (() => void) | undefined;
  let reader: (() => void) | undefined;
  let isOpen = false;
  let over = false;
  let failed = false;
  let failure: unknown;

  const wake = () => {
    const resolve = reader;
    reader = undefined;
    resolve?.();
  };
  const go = () => {
    const next = step;
    step = undefined;
    next?.();
  };
  return {
    left: leaving.signal,
    leave: () => leaving.abort(),
    add(part) {
      waiting.push(part);
      wake();
    },
    end(last) {
      waiting.push(last);
      over = true;
      wake();
    },
    fail(error) {
      over = failed = true;
      failure = error;
      wake();
    },
    gate(next) {
      step = next;
      if (isOpen || reader !== undefined) go();
    },
    open() {
      isOpen = true;
      go();
    },
    async *parts() {
      for (;;) {
        if (waiting.length > 0) {
          const parts = waiting;
          waiting = [];
          yield parts;
        } else if (failed) throw failure;
        else if (over) return;
        else {
          await new Promise<void>((resolve) => {
            reader = resolve;
            go();
          });
        }
      }
    },
  };
}
