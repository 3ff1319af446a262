import { durationOf } from '../src/audioFormat.js';
import type { SpeechEvent } from '../src/speechEvent.js';

/** What was spoken, and at which millisecond of audio. */
export interface SpeechTimeline {
  take(event: SpeechEvent): void;
  /** Milliseconds of audio that have been taken, as far as that can be known. */
  readonly length: number;
  /**
   * The text that had been spoken after so many milliseconds of audio: to the word where word times exist, else to
   * the utterance. `Infinity`: as far as the events tell.
   */
  textAt(position: number): string;
}

interface Utterance {
  readonly text: string;
  readonly start: number;
  /** Milliseconds at which it had been spoken whole; undefined while it has not ended. */
  end?: number;
  /** How much of `text` had been spoken at which millisecond. */
  readonly words: { readonly spoken: number; readonly at: number }[];
}

/** Takes speech events and tells what a listener at some position of the audio has heard. */
export function speechTimeline(): SpeechTimeline {
  const utterances: Utterance[] = [];
  let length = 0;

  return {
    get length() {
      return length;
    },
    take(event) {
      if (event.type === 'utterance-start') {
        utterances.push({ text: event.text, start: length, words: [] });
        return;
      }
      if (event.type === 'audio') {
        length += durationOf(event.data.byteLength, event.format) ?? 0;
        return;
      }
      const current = utterances.at(-1);
      if (!current) return;
      if (event.type === 'utterance-end') {
        // Where the encoding hides the length of the audio, the event or the last word may tell it.
        length = Math.max(length, current.start + (event.duration ?? 0), current.words.at(-1)?.at ?? 0);
        current.end = length;
      }
      if (event.type === 'word') {
        const from = current.words.at(-1)?.spoken ?? 0;
        const found = current.text.indexOf(event.text, from);
        // A voice may say a word that is not written so ("$5"): the next one that is found takes it along.
        if (found < 0) return;
        current.words.push({
          spoken: found + event.text.length,
          at: current.start + event.offset + event.duration,
        });
      }
    },
    textAt(position) {
      const reached = (at: number) => position === Infinity || at <= position + 1e-6;
      return utterances
        .map(({ text, end, words }) =>
          end !== undefined && reached(end)
            ? text
            : text.slice(0, words.findLast(({ at }) => reached(at))?.spoken ?? 0),
        )
        .join('');
    },
  };
}
