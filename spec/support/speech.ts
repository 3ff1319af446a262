import type { Observable } from 'rxjs';
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

/** Everything a synchronous speech emits. */
export function eventsOf(source: Observable<SpeechEvent>): SpeechEvent[] {
  const seen: SpeechEvent[] = [];
  source.subscribe((event) => seen.push(event));
  return seen;
}
/** The bytes of one utterance. */
export const bytesOf = (seen: readonly SpeechEvent[], index: number): Buffer =>
  Buffer.concat(
    seen.flatMap((event) => (event.type === 'audio' && event.index === index ? [event.data] : [])),
  );
/** So many samples of a 440 Hz tone. */
export const hum = (length: number, rate = 16_000): Uint8Array =>
  new Uint8Array(
    Int16Array.from({ length }, (_, i) => 8000 * Math.sin((2 * Math.PI * 440 * i) / rate)).buffer,
  );
