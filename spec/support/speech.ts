import type { AudioFormat } from '../../src/audioFormat.js';
import type { SpeechEvent } from '../../src/speechEvent.js';

/** 1 kHz mono: two bytes are one millisecond, so that specs can reckon in their heads. */
export const kilohertz: AudioFormat = { encoding: 'pcm_s16le', sampleRate: 1000, channels: 1 };

export const starts = (index: number, text = `Utterance ${index}.`): SpeechEvent => ({
  type: 'utterance-start',
  index,
  text,
});
export const ends = (index: number, text = `Utterance ${index}.`): SpeechEvent => ({
  type: 'utterance-end',
  index,
  text,
});
export const says = (index: number, data: Uint8Array, format: AudioFormat = kilohertz): SpeechEvent => ({
  type: 'audio',
  index,
  data,
  format,
});
/** Milliseconds of audio, each sample a number of its own. */
export const samples = (milliseconds: number, from = 0): Uint8Array =>
  new Uint8Array(Int16Array.from({ length: milliseconds }, (_, i) => from + i).buffer);
