import type { Observable } from 'rxjs';
import type { AudioFormat } from './audioFormat.js';

/** What a voice emits while it speaks one text. Times are milliseconds from the start of that text's audio. */
export type VoiceEvent =
  | {
      readonly type: 'audio';
      /** Whole sample frames in the voice's format; never written to again by the voice. */
      readonly data: Uint8Array;
    }
  | {
      readonly type: 'word';
      /** The word. */
      readonly text: string;
      /** When it begins. */
      readonly offset: number;
      /** How long it lasts. */
      readonly duration: number;
      /** True where the time was reckoned, not reported by the engine. */
      readonly estimated?: boolean;
    };

/** Options of a single utterance. */
export interface SpeakOptions {
  /** The voice's own name for who speaks, instead of the factory's default. */
  readonly voice?: string | undefined;
  /** BCP 47 language tag. */
  readonly language?: string | undefined;
  /** Speaking rate: 1 is the voice's normal rate, 2 twice as fast. */
  readonly rate?: number | undefined;
  /** Aborts the synthesis, which then fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A voice: an Observable factory of audio. Nothing is synthesized before subscribe, every subscription is a
 * fresh synthesis, and unsubscribing stops it.
 */
export interface Voice {
  /** The audio of one text, and its words where they are known. */
  (text: string, options?: SpeakOptions): Observable<VoiceEvent>;
  /** Whose voice it is, such as `flite`. */
  readonly provider: string;
  /** The format of every audio event, or `null` for a voice that plays by itself. */
  readonly format: AudioFormat | null;
  /** How many utterances it can synthesize at once; unlimited where absent. */
  readonly maxConcurrency?: number;
}
