import { createParser, type ParseError } from 'eventsource-parser';
import { MalformedReplyError } from './errors.js';
import { readBody } from './readBody.js';
import type { ReplyRead } from './replyParts.js';

/** What a server may send as one event, in characters: more is no reply but a mistake or an attack. */
const longestEvent = 16 * 1024 * 1024;

/**
 * The data of a response body's server-sent events, read by read, however its bytes are split. Comments (keep-alives)
 * bring an empty list.
 */
export function readServerSentEvents(
  body: ReadableStream<Uint8Array> | null,
): AsyncIterableIterator<ReplyRead> {
  let events: string[] = [];
  let overflow: ParseError | undefined;
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: (event) => events.push(event.data),
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') overflow = error;
    },
  });
  // Every line end becomes a line feed here: the parser keeps a lone carriage return for later, so that where a read
  // ends would decide when its event comes.
  let afterReturn = false;
  const lines = (text: string) => {
    const fresh = afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') afterReturn = text.endsWith('\r');
    return fresh.includes('\r') ? fresh.replace(/\r\n?/g, '\n') : fresh;
  };
  const feed = (text: string) => {
    events = [];
    parser.feed(lines(text));
    if (overflow !== undefined) {
      throw new MalformedReplyError(`an event of the reply is longer than ${longestEvent} characters`);
    }
    return events;
  };
  return readBody<ReplyRead>(body, {
    feed: (text) => ({ items: feed(text) }),
    end: () => ({ items: feed('\n\n'), unterminated: true }),
  });
}
