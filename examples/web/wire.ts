import type { Message, SpeechEvent } from 'rx-aloud';
import type { Settings } from './settings.js';

/** What happens in a turn, for the timeline. `at`: milliseconds since the server was asked. */
export type Note =
  | { readonly type: 'token'; readonly at: number; readonly text: string }
  /** A chunk of whole sentences leaves for the voice. */
  | { readonly type: 'sentence'; readonly at: number; readonly text: string }
  | {
      readonly type: 'synthesis';
      readonly at: number;
      readonly index: number;
      readonly state: 'asked' | 'sounding' | 'done' | 'cut';
    };

/** What is left of a turn when it is over. */
export type Outcome =
  | { readonly type: 'failed'; readonly name: string; readonly message: string }
  /** The conversation from now on: of the reply, only what was heard. */
  | { readonly type: 'history'; readonly messages: readonly Message[] };

/** Everything that the server tells about a turn. On the wire, bytes are base64. */
export type TurnEvent = Note | SpeechEvent | Outcome;

/** The types of all of them: a browser listens to each by name. */
export const turnEventTypes = [
  'token',
  'sentence',
  'synthesis',
  'utterance-start',
  'audio',
  'word',
  'utterance-end',
  'utterance-error',
  'failed',
  'history',
] as const satisfies readonly TurnEvent['type'][];

/** A model or a voice that can be chosen. */
export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** What the page can choose from. */
export interface Choices {
  readonly models: readonly Choice[];
  /** Samples a second, so that the page's audio can be made for it. */
  readonly voices: readonly (Choice & { readonly sampleRate: number })[];
  readonly prompts: readonly string[];
}

/** A prompt, on its way to the server. */
export interface Ask {
  readonly conversation: string;
  readonly prompt: string;
  readonly model: string;
  readonly voice: string;
  readonly settings: Settings;
  /** What was heard of the reply that this prompt cuts off, in milliseconds of its audio. */
  readonly heard?: number;
}
