import { TruncatedReplyError } from './errors.js';

/**
 * Cuts a stream of bytes anew so that every piece holds whole sample frames: a network may cut between the two bytes
 * of a sample. Every piece is a copy of its own.
 *
 * ```
 * bytes, frames of 2   --ab-----c-------defg---|
 * wholeFrames          --ab-------------cdefg    (6 bytes; the last one is missing: TruncatedReplyError)
 * ```
 *
 * @throws TruncatedReplyError when the stream ends inside a frame.
 */
export async function* wholeFrames(
  source: AsyncIterable<Uint8Array>,
  frameBytes: number,
  provider: string,
): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array(0);
  for await (const bytes of source) {
    const whole = rest.length + bytes.length - ((rest.length + bytes.length) % frameBytes);
    const all = new Uint8Array(rest.length + bytes.length);
    all.set(rest);
    all.set(bytes, rest.length);
    rest = all.slice(whole);
    if (whole > 0) yield all.slice(0, whole);
  }
  if (rest.length > 0)
    throw new TruncatedReplyError(`${provider}: the audio ends inside a sample`, { provider });
}
