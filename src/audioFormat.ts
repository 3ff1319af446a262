/** How the bytes of an audio event are to be read. */
export interface AudioFormat {
  /** `pcm_s16le`: signed 16-bit little-endian samples, interleaved by channel. */
  readonly encoding: 'pcm_s16le' | 'mp3' | 'opus';
  /** Samples per second and channel, in hertz. */
  readonly sampleRate: number;
  /** 1 for mono, 2 for stereo. */
  readonly channels: number;
}

/** Bytes of one sample frame (one sample for each channel) of 16-bit PCM. */
export function bytesPerFrame(format: AudioFormat): number {
  return 2 * format.channels;
}

/** Playing time of that many bytes in milliseconds, or `undefined` where the encoding does not tell. */
export function durationOf(bytes: number, format: AudioFormat): number | undefined {
  if (format.encoding !== 'pcm_s16le') return undefined;
  // In this order whole milliseconds come out as such.
  return ((bytes / bytesPerFrame(format)) * 1000) / format.sampleRate;
}

/** Whether two formats can be played one after the other without conversion. */
export function sameFormat(a: AudioFormat, b: AudioFormat): boolean {
  return a.encoding === b.encoding && a.sampleRate === b.sampleRate && a.channels === b.channels;
}
