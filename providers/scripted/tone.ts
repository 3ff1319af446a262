/** Softly in and out over this many milliseconds, so that words don't click. */
const fade = 10;
/** A quarter of full scale. */
const amplitude = 8192;

/**
 * Mono 16-bit PCM of the sample frames `from` to `to` of a hum: a sine of 130 to 390 Hz told by `seed`, heard as one
 * syllable. The same arguments give the same bytes, in memory of their own.
 */
export function tone(seed: string, from: number, to: number, sampleRate: number): Uint8Array {
  const length = Math.max(0, to - from);
  const bytes = new Uint8Array(2 * length);
  const view = new DataView(bytes.buffer);
  const step = (2 * Math.PI * pitch(seed)) / sampleRate;
  const edge = Math.min(length / 2, (fade * sampleRate) / 1000);
  // A recurrence instead of a sine for each sample: a script of an hour costs a second less for each.
  const turn = 2 * Math.cos(step);
  let before = 0;
  let sample = Math.sin(step);
  for (let frame = 0; frame < length; frame++) {
    const loudness = Math.min(1, (frame + 1) / edge, (length - frame) / edge);
    view.setInt16(2 * frame, Math.round(sample * loudness * amplitude), true);
    [before, sample] = [sample, turn * sample - before];
  }
  return bytes;
}

const pitch = (seed: string): number => {
  let hash = 0;
  for (let at = 0; at < seed.length; at++) hash = (hash * 31 + seed.charCodeAt(at)) % 1024;
  return 130 + (260 * hash) / 1024;
};
