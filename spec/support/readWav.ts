import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parseWavHeader } from '../../src/wav.js';

/** Reads a WAV as a strict player does: every length in the header must be the true one. */
export function readWav(path: string) {
  const bytes = readFileSync(path);
  const header = parseWavHeader(bytes);
  if (header === undefined) throw new Error(`${path} has no whole header`);
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  expect(header.dataLength).toBe(bytes.length - header.dataOffset);
  return {
    format: header.format,
    data: new Uint8Array(bytes.subarray(header.dataOffset)),
    bytes: bytes.length,
  };
}
