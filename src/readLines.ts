import { MalformedReplyError } from './errors.js';
import type { ReplyRead } from './replyParts.js';

/** What a server may send on one line, in characters: more is no reply but a mistake or an attack. */
const longestLine = 16 * 1024 * 1024;
/** How long the rest of an answered request is read for, in ms, so that its connection can be used again. */
const drainTime = 1000;

/**
 * The lines of a response body, read by read, however its bytes are split: `\n` or `\r\n`, a missing last line end,
 * characters cut in the middle. Reads only when asked. A consumer that stops early, because it has seen the end
 * marker, leaves the connection usable: what little is left is read in the background.
 */
export async function* readLines(body: ReadableStream<Uint8Array> | null): AsyncGenerator<ReplyRead> {
  for await (const { text, last } of readText(body)) {
    if (last) {
      if (text !== '') yield { items: [text], unterminated: true };
    } else {
      yield { items: text.split(/\r?\n/) };
    }
  }
}

/** Whole lines as one text without the last line end, then what is left. */
async function* readText(
  body: ReadableStream<Uint8Array> | null,
): AsyncGenerator<{ readonly text: string; readonly last: boolean }> {
  // Fragments of the unfinished line, joined once: adding each read to a growing text would be quadratic.
  let begun: string[] = [];
  let length = 0;
  for await (const text of readBody(body)) {
    const end = text.lastIndexOf('\n');
    if (end < 0) {
      begun.push(text);
      length += text.length;
      if (length > longestLine) {
        throw new MalformedReplyError(`a line of the reply is longer than ${longestLine} characters`);
      }
      continue;
    }
    const whole = begun.join('') + text.slice(0, end);
    const rest = text.slice(end + 1);
    begun = rest === '' ? [] : [rest];
    length = rest.length;
    yield { text: whole.endsWith('\r') ? whole.slice(0, -1) : whole, last: false };
  }
  yield { text: begun.join(''), last: true };
}

/** The text of a response body, read by read. */
export async function* readBody(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  if (body === null) return;
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let over = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const text = decoder.decode(value, { stream: true });
      if (text !== '') yield text;
    }
    over = true;
    const text = decoder.decode();
    if (text !== '') yield text;
  } finally {
    if (!over) drain(reader);
  }
}

function drain(reader: ReadableStreamDefaultReader<Uint8Array>): void {
  const settle = () => clearTimeout(timer);
  const timer = setTimeout(() => void reader.cancel().then(undefined, settle), drainTime);
  const next = (): void => {
    reader.read().then(({ done }) => (done ? settle() : next()), settle);
  };
  next();
}
