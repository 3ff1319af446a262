import type { AudioFormat } from './audioFormat.js';

/**
 * What `toSpeech` emits. Events of one utterance never interleave with another's, and indices rise by one from 0.
 * Times are milliseconds from the start of the utterance's audio.
 */
export type SpeechEvent =
  | { readonly type: 'utterance-start'; readonly index: number; readonly text: string }
  | {
      readonly type: 'audio';
      readonly index: number;
      readonly data: Uint8Array;
      readonly format: AudioFormat;
    }
  | {
      readonly type: 'word';
      readonly index: number;
      readonly text: string;
      readonly offset: number;
      readonly duration: number;
      /** True where the time was reckoned, not reported by the voice. */
      readonly estimated?: boolean;
    }
  | {
      readonly type: 'utterance-end';
      readonly index: number;
      readonly text: string;
      /** Milliseconds of audio, where the encoding lets it be known (PCM). */
      readonly duration?: number;
    }
  | {
      readonly type: 'utterance-error';
      readonly index: number;
      readonly text: string;
      readonly error: unknown;
    };
