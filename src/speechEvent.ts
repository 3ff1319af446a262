import type { AudioFormat } from './audioFormat.js';

/**
 * What `toSpeech` emits. Events of one utterance never interleave with another's, and indices rise by one from 0.
 * Times are milliseconds from the start of the utterance's audio.
 */
export type SpeechEvent =
  | {
      readonly type: 'utterance-start';
      /** Which utterance, from 0. */
      readonly index: number;
      /** Its text as it arrived. */
      readonly text: string;
    }
  | {
      readonly type: 'audio';
      /** Which utterance. */
      readonly index: number;
      /** The next of its audio: whole sample frames, never written to again. */
      readonly data: Uint8Array;
      /** How to read them; a fallback voice may have another. */
      readonly format: AudioFormat;
    }
  | {
      readonly type: 'word';
      /** Which utterance. */
      readonly index: number;
      /** The word. */
      readonly text: string;
      /** When it begins. */
      readonly offset: number;
      /** How long it lasts. */
      readonly duration: number;
      /** True where the time was reckoned, not reported by the voice. */
      readonly estimated?: boolean;
    }
  | {
      readonly type: 'utterance-end';
      /** Which utterance. */
      readonly index: number;
      /** Its text as it arrived. */
      readonly text: string;
      /** Milliseconds of audio, where the encoding lets it be known (PCM). */
      readonly duration?: number;
    }
  | {
      readonly type: 'utterance-error';
      /** Which utterance. */
      readonly index: number;
      /** Its text as it arrived. */
      readonly text: string;
      /** What the voice failed with. Only with `onError: 'skip'`. */
      readonly error: unknown;
    };
