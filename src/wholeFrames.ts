import { TruncatedReplyError } from './errors.js';

/** Collects bytes and gives out whole sample frames. */
export interface FrameCutter {
  /** The whole frames there are now, as a copy, or `undefined`. */
  cut(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined;
  /** Bytes of an unfinished frame. */
  readonly rest: number;
}

/** Makes a cutter for frames of that many bytes. */
export function frameCutter(frameBytes: number): FrameCutter {
  let rest = new Uint8Array(0);
  return {
    cut(bytes) {
      const all = new Uint8Array(rest.length + bytes.length);
      all.set(rest);
      all.set(bytes, rest.length);
      const whole = all.length - (all.length % frameBytes);
      rest = all.slice(whole);
      return whole > 0 ? all.slice(0, whole) : undefined;
    },
    get rest() {
      return rest.length;
    },
  };
}

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
  const frames = frameCutter(frameBytes);
  for await (const bytes of source) {
    const whole = frames.cut(bytes);
    if (whole) yield whole;
  }
  if (frames.rest > 0)
    throw new TruncatedReplyError(`${provider}: the audio ends inside a sample`, { provider });
}
