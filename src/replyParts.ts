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
export async function* replyParts(
  reads: AsyncIterable<ReplyRead>,
  take: (item: string, unterminated: boolean, found: ReplyPart[]) => boolean,
): AsyncGenerator<readonly ReplyPart[]> {
  for await (const { items, unterminated = false } of reads) {
    const found: ReplyPart[] = [];
    let done = false;
    try {
      for (const item of items) {
        done = take(item, unterminated, found);
        if (done) break;
      }
    } catch (error) {
      yield found;
      throw error;
    }
    yield found;
    if (done) return;
  }
}
