import { MalformedReplyError } from './errors.js';
import { readBody } from './readBody.js';
import type { ReplyRead } from './replyParts.js';

/** What a server may send on one line, in characters: more is no reply but a mistake or an attack. */
const longestLine = 16 * 1024 * 1024;

/**
 * The lines of a response body, read by read, however its bytes are split: `\n` or `\r\n`, a missing last line end,
 * characters cut in the middle.
 */
export function readLines(body: ReadableStream<Uint8Array> | null): AsyncIterableIterator<ReplyRead> {
  // Fragments of the unfinished line, joined once: adding each read to a growing text would be quadratic.
  let begun: string[] = [];
  let length = 0;
  return readBody<ReplyRead>(body, {
    feed(text) {
      const end = text.lastIndexOf('\n');
      if (end < 0) {
        begun.push(text);
        length += text.length;
        if (length > longestLine) {
          throw new MalformedReplyError(`a line of the reply is longer than ${longestLine} characters`);
        }
        return { items: [] };
      }
      const whole = begun.join('') + text.slice(0, end);
      const rest = text.slice(end + 1);
      begun = rest === '' ? [] : [rest];
      length = rest.length;
      return { items: (whole.endsWith('\r') ? whole.slice(0, -1) : whole).split(/\r?\n/) };
    },
    end() {
      const rest = begun.join('');
      return { items: rest === '' ? [] : [rest], unterminated: true };
    },
  });
}
