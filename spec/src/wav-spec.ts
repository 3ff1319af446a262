import { describe, expect, it } from 'vitest';
import type { AudioFormat } from '../../src/audioFormat.js';
import { MalformedReplyError } from '../../src/errors.js';
import { parseWavHeader, wavHeader, wavHeaderLength } from '../../src/wav.js';

const mono: AudioFormat = { encoding: 'pcm_s16le', sampleRate: 16_000, channels: 1 };
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('wavHeader', () => {
  it('is byte for byte what the format asks for', () => {
    expect(hex(wavHeader({ ...mono, channels: 2, sampleRate: 44_100 }, 8))).toBe(
      [
        '52494646 2c000000 57415645', // RIFF, 36 + 8, WAVE
        '666d7420 10000000 0100 0200 44ac0000 10b10200 0400 1000', // fmt, 16, PCM, stereo, 44100, 176400, 4, 16
        '64617461 08000000', // data, 8
      ]
        .join('')
        .replaceAll(' ', ''),
    );
  });

  it('says "unknown" without a length, or with one that 32 bits cannot say', () => {
    for (const header of [wavHeader(mono), wavHeader(mono, Infinity), wavHeader(mono, 2 ** 32 - 36)]) {
      expect(hex(header.subarray(4, 8))).toBe('ffffffff');
      expect(hex(header.subarray(40, 44))).toBe('ffffffff');
    }
    expect(parseWavHeader(wavHeader(mono, 2 ** 32 - 38))?.dataLength).toBe(2 ** 32 - 38);
  });

  it.each([-1, NaN])('refuses a length of %s', (length) => {
    expect(() => wavHeader(mono, length)).toThrow(TypeError);
  });

  it('refuses what is not PCM', () => {
    expect(() => wavHeader({ ...mono, encoding: 'mp3' })).toThrow(/pcm_s16le.*mp3/);
  });
});

describe('parseWavHeader', () => {
  it.each([
    [mono, 0],
    [{ ...mono, channels: 2, sampleRate: 48_000 }, 1234],
    [mono, Infinity],
  ] as const)('reads what wavHeader writes: %o, %s bytes', (format, dataLength) => {
    const read = parseWavHeader(wavHeader(format, dataLength));
    expect(read).toEqual({ format, dataLength, dataOffset: wavHeaderLength });
  });

  it('asks for more until the header is whole, wherever it is cut', () => {
    const header = wavHeader(mono, 10);
    for (let cut = 0; cut < header.length; cut++)
      expect(parseWavHeader(header.subarray(0, cut))).toBeUndefined();
  });

  it('passes over other chunks, also those of odd length, and reads the extensible form', () => {
    const plain = Buffer.from(wavHeader(mono, 10));
    const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
    const extensible = Buffer.concat([plain.subarray(12, 36), Buffer.alloc(24)]);
    extensible.writeUInt32LE(40, 4);
    extensible.writeUInt16LE(0xfffe, 8);
    extensible.writeUInt16LE(1, 8 + 24);
    const bytes = Buffer.concat([plain.subarray(0, 12), list, extensible, list, plain.subarray(36)]);
    expect(parseWavHeader(bytes)).toEqual({ format: mono, dataOffset: bytes.length, dataLength: 10 });
    for (let cut = 0; cut < bytes.length; cut++)
      expect(parseWavHeader(bytes.subarray(0, cut))).toBeUndefined();
  });

  const changed = (offset: number, value: number) => {
    const header = wavHeader(mono, 10);
    header[offset] = value;
    return header;
  };
  it.each([
    ['an HTML page', Buffer.from('<!doctype html>')],
    ['the first bytes of an MP3', Buffer.from('ID3')],
    ['floating point samples', changed(20, 3)],
    ['8-bit samples', changed(34, 8)],
    ['no channels', changed(22, 0)],
    ['a short format chunk', changed(16, 4)],
    [
      'samples without a format',
      Buffer.concat([wavHeader(mono).subarray(0, 12), wavHeader(mono).subarray(36)]),
    ],
  ])('refuses %s', (_, bytes) => {
    expect(() => parseWavHeader(bytes)).toThrow(MalformedReplyError);
  });
});
