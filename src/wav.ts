import { bytesPerFrame, type AudioFormat } from './audioFormat.js';
import { MalformedReplyError } from './errors.js';
import { shown } from './shown.js';

/** Bytes of the header that `wavHeader` makes. */
export const wavHeaderLength = 44;

/** What a header can say at most; as a length it stands for "up to the end, wherever that is". */
const unknownLength = 0xffff_ffff;

/** What a WAV header says about the bytes that follow it. */
export interface WavHeader {
  /** How to read the samples. */
  readonly format: AudioFormat;
  /** Where the samples begin, in bytes from the start. */
  readonly dataOffset: number;
  /** Bytes of samples; `Infinity` where the header says that it does not know. Streams often say 0: read on. */
  readonly dataLength: number;
}

/**
 * The 44 bytes that go before 16-bit PCM to make it a WAV.
 *
 * Without a length, or with one over the 4 GiB that the format can say, the header is that of a stream: players read
 * on to the end.
 *
 * ```ts
 * const wav = Buffer.concat([wavHeader(voice.format, pcm.length), pcm]);
 * ```
 *
 * @param dataLength bytes of samples, 0 or more, `Infinity` when not known yet.
 * @throws TypeError when the format is not PCM or the length is out of range.
 */
export function wavHeader(format: AudioFormat, dataLength = Infinity): Uint8Array {
  if (format.encoding !== 'pcm_s16le') {
    throw new TypeError(`wavHeader: the encoding must be pcm_s16le, got ${format.encoding}`);
  }
  if (!(dataLength >= 0))
    throw new TypeError(`wavHeader: dataLength must be 0 or more, got ${shown(dataLength)}`);
  const known = dataLength <= unknownLength - (wavHeaderLength - 8);
  const header = new Uint8Array(wavHeaderLength);
  const view = new DataView(header.buffer);
  const name = (offset: number, letters: string) => {
    for (let i = 0; i < 4; i++) view.setUint8(offset + i, letters.charCodeAt(i));
  };
  name(0, 'RIFF');
  view.setUint32(4, known ? wavHeaderLength - 8 + dataLength : unknownLength, true);
  name(8, 'WAVE');
  name(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, format.channels, true);
  view.setUint32(24, format.sampleRate, true);
  view.setUint32(28, format.sampleRate * bytesPerFrame(format), true);
  view.setUint16(32, bytesPerFrame(format), true);
  view.setUint16(34, 16, true);
  name(36, 'data');
  view.setUint32(40, known ? dataLength : unknownLength, true);
  return header;
}

/**
 * Reads the header at the start of `bytes`, passing over chunks that are neither format nor samples. `undefined`
 * means that the header is not complete yet: call again with more.
 *
 * ```ts
 * const header = parseWavHeader(bytes);
 * if (header) play(bytes.subarray(header.dataOffset), header.format);
 * ```
 *
 * @throws MalformedReplyError when this is no WAV of 16-bit PCM.
 */
export function parseWavHeader(bytes: Uint8Array): WavHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (offset: number) => String.fromCharCode(...bytes.subarray(offset, offset + 4));
  const start = name(0) + name(8);
  if (!'RIFFWAVE'.startsWith(start))
    throw new MalformedReplyError('not a WAV: it does not begin with RIFF … WAVE');
  let format: AudioFormat | undefined;
  for (let offset = 12; offset + 8 <= bytes.length;) {
    const chunk = name(offset);
    const length = view.getUint32(offset + 4, true);
    const body = offset + 8;
    if (chunk === 'data') {
      if (format === undefined) throw new MalformedReplyError('not a WAV: samples before their format');
      return { format, dataOffset: body, dataLength: length === unknownLength ? Infinity : length };
    }
    if (chunk === 'fmt ') {
      if (length < 16) throw new MalformedReplyError('not a WAV: the format chunk is too short');
      if (body + Math.min(length, 26) > bytes.length) return undefined;
      format = formatAt(view, body, length);
    }
    // Chunks begin at even offsets.
    offset = body + length + (length % 2);
  }
  return undefined;
}

function formatAt(view: DataView, body: number, length: number): AudioFormat {
  const declared = view.getUint16(body, true);
  // 0xfffe: the real encoding is the first field of an extension.
  const encoding = declared === 0xfffe && length >= 26 ? view.getUint16(body + 24, true) : declared;
  const channels = view.getUint16(body + 2, true);
  const sampleRate = view.getUint32(body + 4, true);
  const bits = view.getUint16(body + 14, true);
  if (encoding !== 1 || bits !== 16) {
    throw new MalformedReplyError(`not 16-bit PCM: WAV encoding ${encoding} with ${bits} bits`);
  }
  if (channels === 0 || sampleRate === 0) throw new MalformedReplyError('not a WAV: no channels or no rate');
  return { encoding: 'pcm_s16le', sampleRate, channels };
}
