import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../src/readLines.js';
import { readServerSentEvents } from '../../src/readServerSentEvents.js';
import type { ReplyRead } from '../../src/replyParts.js';

/** A body of the pieces that the cuts make, telling how many were asked for. */
function body(text: string, cuts: readonly number[] = []) {
  const bytes = new TextEncoder().encode(text);
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
  const told = { pulled: 0 };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        told.pulled += 1;
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, told };
}

async function all(reads: AsyncIterable<ReplyRead>) {
  const items: string[] = [];
  const halves: string[] = [];
  for await (const read of reads) (read.unterminated === true ? halves : items).push(...read.items);
  return { items, halves };
}

const cuts = fc.array(fc.nat(200), { maxLength: 20 });

describe('readLines', () => {
  const text = '{"a":"ü"}\n{"b":"東京"}\r\n\n🗼\nhalf';

  it('finds the same lines however the bytes are split', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        expect(await all(readLines(body(text, places).stream))).toEqual({
          items: ['{"a":"ü"}', '{"b":"東京"}', '', '🗼'],
          halves: ['half'],
        });
      }),
    );
  });

  it('reads no further than it is asked to', async () => {
    const { stream, told } = body('a\nb\nc\n', [2, 4]);
    const lines = readLines(stream);
    expect(told.pulled).toBe(0);
    await lines.next();
    expect(told.pulled).toBe(1);
  });

  it('takes a line of a megabyte in single kilobytes in its stride', async () => {
    const long = 'x'.repeat(1 << 20);
    const places = Array.from({ length: 1024 }, (_, index) => index * 1024);
    expect((await all(readLines(body(`${long}\n`, places).stream))).items).toEqual([long]);
  });

  it('is empty without a body', async () => {
    expect(await all(readLines(null))).toEqual({ items: [], halves: [] });
  });
});

describe('readServerSentEvents', () => {
  it('finds the same events however the bytes are split', async () => {
    const text =
      ': ping\n\nevent: x\r\ndata: {"a":"ü"}\r\n\r\nid: 7\ndata: one\ndata: two\n\ndata: 🗼\r\rdata: half';
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        expect(await all(readServerSentEvents(body(text, places).stream))).toEqual({
          items: ['{"a":"ü"}', 'one\ntwo', '🗼'],
          halves: ['half'],
        });
      }),
      { examples: [[[77]]], numRuns: 500 },
    );
  });
});
