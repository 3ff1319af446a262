import { describe, expect, it } from 'vitest';
import { wholeFrames } from '../../src/wholeFrames.js';

async function* pieces(bytes: Uint8Array, cuts: readonly number[]) {
  await Promise.resolve();
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    yield bytes.subarray(at, cut);
    at = cut;
  }
}
const bytes = Uint8Array.from({ length: 12 }, (_, index) => index);
const collect = async (source: AsyncIterable<Uint8Array>) => {
  const all: Uint8Array[] = [];
  for await (const piece of source) all.push(piece);
  return all;
};

describe('wholeFrames', () => {
  it.each([2, 4])('gives whole frames of %i bytes, wherever the stream is cut', async (frame) => {
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        const cut = await collect(wholeFrames(pieces(bytes, [first, second]), frame, 'spec'));
        expect(Buffer.concat(cut)).toEqual(Buffer.from(bytes));
        for (const { length } of cut) expect(length % frame).toBe(0);
        for (const { length } of cut) expect(length).toBeGreaterThan(0);
      }
    }
  });

  it('gives copies: what the source writes later is not seen', async () => {
    const reused = Uint8Array.of(1, 2, 3, 4);
    const seen: Uint8Array[] = [];
    async function* rewriting() {
      yield reused;
      await Promise.resolve();
      reused.fill(9);
      yield reused;
    }
    for await (const piece of wholeFrames(rewriting(), 2, 'spec')) seen.push(piece);
    expect(seen).toEqual([Uint8Array.of(1, 2, 3, 4), Uint8Array.of(9, 9, 9, 9)]);
  });

  it('fails where the stream ends inside a frame', async () => {
    const seen: Uint8Array[] = [];
    const read = async () => {
      for await (const piece of wholeFrames(pieces(bytes.subarray(0, 5), []), 2, 'spec')) seen.push(piece);
    };
    await expect(read()).rejects.toMatchObject({ name: 'TruncatedReplyError', retryable: true });
    expect(seen.map(({ length }) => length)).toEqual([4]);
  });
});
