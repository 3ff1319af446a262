import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResampler } from '../../src/resampler.js';

const bytesOf = (samples: ArrayLike<number>) => new Uint8Array(Int16Array.from(samples).buffer);
const samplesOf = (bytes: Uint8Array) => new Int16Array(bytes.slice().buffer);
const tone = (hertz: number, rate: number, seconds: number, amplitude = 20_000) =>
  Float64Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / rate),
  );
const convert = (samples: ArrayLike<number>, from: number, to: number) => {
  const resampler = createResampler({ sampleRate: from, channels: 1 }, { sampleRate: to, channels: 1 });
  return samplesOf(Buffer.concat([resampler.push(bytesOf(samples)), resampler.flush()]));
};
/** Power of the difference against that of the expected, in decibels, away from both ends. */
const difference = (actual: ArrayLike<number>, expected: ArrayLike<number>, edge: number) => {
  let error = 0;
  let power = 0;
  for (let i = edge; i < expected.length - edge; i++) {
    error += (actual[i]! - expected[i]!) ** 2;
    power += expected[i]! ** 2;
  }
  return 10 * Math.log10(error / power);
};
const loudness = (samples: Int16Array) =>
  Math.sqrt(
    samples.subarray(200, -200).reduce((sum, sample) => sum + sample ** 2, 0) / (samples.length - 400),
  );

describe('createResampler', () => {
  it.each([
    [16_000, 24_000],
    [24_000, 16_000],
    [22_050, 48_000],
    [44_100, 16_000],
    [48_000, 8000],
    [16_000, 44_100],
    [16_000, 16_001],
  ])('keeps a tone of 1 kHz as it is from %d to %d Hz, not a frame later', (from, to) => {
    const actual = convert(tone(1000, from, 0.5), from, to);
    const expected = tone(1000, to, 0.5);
    expect(actual).toHaveLength(Math.ceil((from * 0.5 * to) / from));
    // Rounding to 16 bits alone is at -93 dB for this amplitude.
    expect(difference(actual, expected, 300)).toBeLessThan(-75);
  });

  it('lets nothing through that the lower rate cannot carry', () => {
    for (const hertz of [4600, 6000, 7800]) {
      expect(loudness(convert(tone(hertz, 16_000, 0.5), 16_000, 8000))).toBeLessThan(20_000 / 1000);
    }
    expect(loudness(convert(tone(3000, 16_000, 0.5), 16_000, 8000))).toBeCloseTo(20_000 / Math.SQRT2, -2);
  });

  it('lets a constant pass unchanged and never wraps around at full scale', () => {
    const middle = convert(new Array<number>(4000).fill(12_345), 44_100, 48_000).subarray(100, -100);
    expect(new Set(middle)).toEqual(new Set([12_345]));
    const square = Array.from({ length: 4000 }, (_, i) => (i % 40 < 20 ? 32_767 : -32_768));
    for (const [i, sample] of convert(square, 16_000, 48_000).entries()) {
      const within = (i / 3) % 20;
      if (within > 4 && within < 16) expect(Math.sign(sample)).toBe((i / 3) % 40 < 20 ? 1 : -1);
    }
  });

  it('gives the same frames however the input is cut', () => {
    const rates = fc.constantFrom(8000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000);
    const cuts = fc.array(fc.nat(700), { maxLength: 12 });
    fc.assert(
      fc.property(rates, rates, cuts, fc.integer({ min: 1, max: 2 }), (from, to, sizes, channels) => {
        const samples = Array.from({ length: 2000 * channels }, (_, i) => ((i * 7919) % 60_000) - 30_000);
        const shape = { sampleRate: from, channels };
        const whole = createResampler(shape, { sampleRate: to, channels });
        const parts = createResampler(shape, { sampleRate: to, channels });
        const expected = Buffer.concat([whole.push(bytesOf(samples)), whole.flush()]);
        const pieces: Uint8Array[] = [];
        let at = 0;
        for (const size of [...sizes, 2000]) {
          pieces.push(parts.push(bytesOf(samples.slice(at * channels, (at + size) * channels))));
          at += size;
        }
        pieces.push(parts.flush());
        expect(Buffer.concat(pieces).equals(expected)).toBe(true);
        expect(expected.length / 2 / channels).toBe(Math.ceil((2000 * to) / from));
      }),
      { numRuns: 60 },
    );
  });

  it('begins anew after a flush', () => {
    const resampler = createResampler(
      { sampleRate: 16_000, channels: 1 },
      { sampleRate: 24_000, channels: 1 },
    );
    const run = () => Buffer.concat([resampler.push(bytesOf(tone(440, 16_000, 0.1))), resampler.flush()]);
    expect(run().equals(run())).toBe(true);
    expect(resampler.flush()).toHaveLength(0);
  });

  it('answers within three milliseconds of input', () => {
    const resampler = createResampler(
      { sampleRate: 16_000, channels: 1 },
      { sampleRate: 24_000, channels: 1 },
    );
    const out = resampler.push(bytesOf(new Array<number>(1600).fill(0)));
    expect(out.length / 2 / 24).toBeGreaterThan(97);
  });

  it('mixes channels down and copies them up', () => {
    const down = createResampler({ sampleRate: 1000, channels: 2 }, { sampleRate: 1000, channels: 1 });
    expect([...samplesOf(down.push(bytesOf([10, 20, -5, -15])))]).toEqual([15, -10]);
    const up = createResampler({ sampleRate: 1000, channels: 1 }, { sampleRate: 1000, channels: 2 });
    expect([...samplesOf(up.push(bytesOf([7, 8])))]).toEqual([7, 7, 8, 8]);
    const three = createResampler({ sampleRate: 1000, channels: 2 }, { sampleRate: 1000, channels: 3 });
    expect([...samplesOf(three.push(bytesOf([10, 20])))]).toEqual([15, 15, 15]);
  });

  it('reads samples at odd offsets', () => {
    const odd = new Uint8Array(9).subarray(1);
    odd.set(bytesOf([1, 2, 3, 4]));
    const same = createResampler({ sampleRate: 1000, channels: 1 }, { sampleRate: 1000, channels: 1 });
    expect([...samplesOf(same.push(odd))]).toEqual([1, 2, 3, 4]);
  });
});
