import type { AudioFormat } from 'rx-aloud';

/** Seconds from the first sound's arrival to its beginning: the time it takes to schedule it. */
const margin = 0.03;
/** Seconds in which a stopped sound fades, so that it ends without a click. */
const fade = 0.006;

/** When audio will be heard: `at` on the clock of `performance.now()`, in ms. */
export interface Sounding {
  readonly at: number;
  readonly duration: number;
  /** Whether it follows the audio before it without a gap. */
  readonly gapless: boolean;
}

/** Plays one reply's audio without gaps, and knows how much of it has been heard. */
export interface Player {
  /** Appends audio; returns when it will be heard. */
  play(data: Uint8Array, format: AudioFormat): Sounding;
  /** Milliseconds of audio that have left the loudspeaker. */
  readonly position: number;
  /** Silence, now. */
  stop(): void;
}

/** Audio without a gap in it: when it begins on the context's clock, and what is heard of the reply by then. */
interface Run {
  readonly begin: number;
  readonly position: number;
  duration: number;
}

/** A player for one reply on this context. Only 16-bit PCM can be played. */
export function createPlayer(context: AudioContext, output: AudioNode): Player {
  const gain = new GainNode(context);
  gain.connect(output);
  const runs: Run[] = [];
  const sources = new Set<AudioBufferSourceNode>();
  let total = 0;
  let furthest = 0;
  let stopped = false;
  let stoppedAt = 0;
  // A frame, not a second: sums of seconds would leave gaps between chunks.
  let nextFrame = 0;

  // What is sounding now was written into the device this long ago. Safari tells only a part of it.
  const latency = () => context.outputLatency || context.baseLatency || 0;
  const heard = () => {
    const now = (context.currentTime - latency()) * 1000;
    const run = runs.findLast(({ begin }) => begin <= now);
    // The device's latency is an estimate that changes; who has heard something has heard it.
    if (run !== undefined)
      furthest = Math.max(furthest, run.position + Math.min(run.duration, now - run.begin));
    return furthest;
  };

  return {
    play(data, format) {
      const buffer = decode(context, data, format);
      const duration = (data.length / 2 / format.channels / format.sampleRate) * 1000;
      const soonest = Math.ceil((context.currentTime + margin) * context.sampleRate);
      const late = soonest > nextFrame;
      if (late) nextFrame = soonest;
      const begin = nextFrame / context.sampleRate;
      nextFrame += Math.round((duration / 1000) * context.sampleRate);
      const last = runs.at(-1);
      if (last === undefined || late) runs.push({ begin: begin * 1000, position: total, duration });
      else last.duration += duration;
      total += duration;

      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(gain);
      source.onended = () => sources.delete(source);
      sources.add(source);
      if (!stopped) source.start(begin);
      const at = performance.now() + (begin - context.currentTime + latency()) * 1000;
      return { at, duration, gapless: !late };
    },
    get position() {
      return stopped ? stoppedAt : heard();
    },
    stop() {
      if (stopped) return;
      stoppedAt = heard();
      stopped = true;
      gain.gain.setTargetAtTime(0, context.currentTime, fade / 3);
      for (const source of sources) source.stop(context.currentTime + fade);
      setTimeout(() => gain.disconnect(), 100);
    },
  };
}

function decode(context: AudioContext, data: Uint8Array, format: AudioFormat): AudioBuffer {
  if (format.encoding !== 'pcm_s16le') throw new Error(`this page plays 16-bit PCM, not ${format.encoding}`);
  const { channels, sampleRate } = format;
  const frames = data.length / 2 / channels;
  const buffer = context.createBuffer(channels, frames, sampleRate);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let channel = 0; channel < channels; channel++) {
    const samples = buffer.getChannelData(channel);
    for (let frame = 0; frame < frames; frame++) {
      samples[frame] = view.getInt16((frame * channels + channel) * 2, true) / 32_768;
    }
  }
  return buffer;
}
