/** Turns the sample rate and the channels of 16-bit PCM, chunk by chunk. */
export interface Resampler {
  /** Takes whole frames and gives those that can be told by now: about 32 input frames behind. */
  push(data: Uint8Array): Uint8Array;
  /** Gives the rest, as if silence followed. What is pushed next is new audio. */
  flush(): Uint8Array;
}

/** The samples of one side. */
export interface PcmShape {
  readonly sampleRate: number;
  readonly channels: number;
}

/** Zero crossings of the sinc on each side: the width of the filter, and so how steep it is. */
const crossings = 32;
/** Where the filter begins to close, as a share of the lower of both Nyquist frequencies. */
const rolloff = 0.92;
/** Kaiser window: what aliases lies about 80 dB below. */
const beta = 8;
/** Phases of the filter that are kept apart. Rates in use need 640 at most; odd ones are rounded to these. */
const mostPhases = 2048;

/**
 * A windowed-sinc resampler (polyphase, linear phase, no delay: frame n of the input stays at its moment). It gives
 * `ceil(frames * to / from)` frames in all, so that the duration is kept to the frame. However the input is cut, the
 * output is the same.
 *
 * Another number of channels: each is the mean of all before.
 */
export function createResampler(from: PcmShape, to: PcmShape): Resampler {
  const divisor = greatestCommonDivisor(from.sampleRate, to.sampleRate);
  const up = to.sampleRate / divisor;
  const down = from.sampleRate / divisor;
  const channels = from.channels === to.channels ? from.channels : 1;
  const cutoff = Math.min(1, up / down) * rolloff;
  const half = up === down ? 0 : Math.ceil(crossings / cutoff);
  const phases = Math.min(up, mostPhases);
  const filters = new Array<Float32Array | undefined>(phases);

  // One array a channel; `first` is the number of its first frame, negative where it is the silence before.
  let held = Array.from({ length: channels }, () => new Float32Array(half));
  let first = -half;
  let received = 0;
  let given = 0;

  const filterAt = (remainder: number) => {
    const phase = Math.floor((remainder / up) * phases);
    return (filters[phase] ??= filter(phase / phases, half, cutoff));
  };

  /** Output frames whose filter ends before the given input frame, at most up to `end`. */
  const frames = (available: number, end: number): Uint8Array => {
    let count = 0;
    while (given + count < end && Math.floor(((given + count) * down) / up) + half < available) count++;
    const out = new Uint8Array(count * to.channels * 2);
    const view = new DataView(out.buffer);
    const mono = to.channels !== channels;
    for (let i = 0; i < count; i++, given++) {
      const position = given * down;
      const center = Math.floor(position / up);
      for (let channel = 0; channel < channels; channel++) {
        const samples = held[channel] ?? new Float32Array();
        let value: number;
        if (half === 0) value = samples[center - first] ?? 0;
        else {
          const coefficients = filterAt(position % up);
          const begin = center - half + 1 - first;
          value = 0;
          for (let k = 0; k < coefficients.length; k++)
            value += (samples[begin + k] ?? 0) * (coefficients[k] ?? 0);
        }
        const sample = Math.max(-32_768, Math.min(32_767, Math.round(value)));
        if (!mono) view.setInt16((i * to.channels + channel) * 2, sample, true);
        else
          for (let copy = 0; copy < to.channels; copy++)
            view.setInt16((i * to.channels + copy) * 2, sample, true);
      }
    }
    return out;
  };

  const hold = (count: number, sampleAt: (frame: number, channel: number) => number) => {
    // What no later output frame looks at is let go.
    const needed = Math.max(
      0,
      Math.min(Math.floor((given * down) / up) - half - first, held[0]?.length ?? 0),
    );
    held = held.map((before, channel) => {
      const kept = before.length - needed;
      const samples = new Float32Array(kept + count);
      samples.set(before.subarray(needed));
      for (let i = 0; i < count; i++) samples[kept + i] = sampleAt(i, channel);
      return samples;
    });
    first += needed;
  };

  return {
    push(data) {
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
      const count = Math.floor(data.length / 2 / from.channels);
      hold(count, (frame, channel) => {
        if (channels === from.channels) return view.getInt16((frame * channels + channel) * 2, true);
        let sum = 0;
        for (let i = 0; i < from.channels; i++) sum += view.getInt16((frame * from.channels + i) * 2, true);
        return sum / from.channels;
      });
      received += count;
      return frames(received, Infinity);
    },
    flush() {
      hold(half + 1, () => 0);
      const rest = frames(Infinity, Math.ceil((received * up) / down));
      held = Array.from({ length: channels }, () => new Float32Array(half));
      first = -half;
      received = 0;
      given = 0;
      return rest;
    },
  };
}

/** Coefficients for an output frame that lies `fraction` of a frame after an input frame. */
function filter(fraction: number, half: number, cutoff: number): Float32Array {
  const coefficients = new Float32Array(2 * half);
  let sum = 0;
  for (let k = 0; k < coefficients.length; k++) {
    const distance = k - half + 1 - fraction;
    const x = Math.PI * distance * cutoff;
    const window = bessel(beta * Math.sqrt(Math.max(0, 1 - (distance / half) ** 2)));
    const value = (x === 0 ? 1 : Math.sin(x) / x) * window;
    coefficients[k] = value;
    sum += value;
  }
  // Every phase lets a constant pass unchanged, else their differences would be heard as a tone.
  return coefficients.map((value) => value / sum);
}

/** The modified Bessel function of order 0, as a series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-9; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
