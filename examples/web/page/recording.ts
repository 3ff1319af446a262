import type { Settings } from '../settings.js';
import type { TurnEvent } from '../wire.js';
import type { Sounding } from './player.js';

/** From when to when, in milliseconds since the prompt was sent. */
export interface Span {
  readonly from: number;
  to: number;
}

/** An utterance on its way from tokens to sound. What has not happened yet is absent. */
export interface UtteranceRecord {
  readonly text: string;
  /** From its first token until it went to the voice. */
  readonly sentence: Span;
  asked?: number;
  sounding?: number;
  synthesized?: number;
  /** What of it was or will be heard; more than one span where the sound ran dry. */
  readonly heard: Span[];
}

/** Where the time to the first sound went, in milliseconds. */
export interface Anatomy {
  readonly model: number;
  readonly sentence: number;
  readonly voice: number;
  readonly player: number;
  readonly total: number;
}

/** What happened when in one turn. Times of the server are brought to the page's clock. */
export interface Recording {
  readonly settings: Settings;
  /** On the clock of `performance.now()`. */
  readonly begun: number;
  readonly tokens: readonly number[];
  readonly utterances: readonly UtteranceRecord[];
  /** When it was over or cut off. */
  readonly ended: number | undefined;
  /** Until when there is something to see. */
  readonly length: number;
  readonly anatomy: Anatomy | undefined;
  add(event: TurnEvent): void;
  plays(index: number, sounding: Sounding): void;
  end(): void;
}

const speakable = /[\p{L}\p{N}]/u;

export function createRecording(settings: Settings): Recording {
  const begun = performance.now();
  const tokens: number[] = [];
  const utterances: UtteranceRecord[] = [];
  const tokenEnds: number[] = [];
  let textLength = 0;
  let sentencesLength = 0;
  let heardTo = 0;
  // The server's clock began a little later than ours. The quickest of its events tells how much, or nearly.
  let behind = Infinity;
  let ended: number | undefined;

  const local = (at: number) => {
    behind = Math.min(behind, performance.now() - begun - at);
    return at + behind;
  };
  return {
    settings,
    begun,
    tokens,
    utterances,
    get ended() {
      return ended;
    },
    get length() {
      const last = utterances.flatMap(({ heard, synthesized = 0 }) => [synthesized, heard.at(-1)?.to ?? 0]);
      return Math.max(ended ?? performance.now() - begun, ...(ended === undefined ? last : []));
    },
    get anatomy() {
      const [first] = utterances;
      const token = tokens[0];
      const heard = first?.heard[0]?.from;
      if (first?.sounding === undefined || token === undefined || heard === undefined) return undefined;
      return {
        model: token,
        sentence: first.sentence.to - token,
        voice: first.sounding - first.sentence.to,
        player: Math.max(0, heard - first.sounding),
        total: heard,
      };
    },
    add(event) {
      switch (event.type) {
        case 'token':
          tokens.push(local(event.at));
          tokenEnds.push((textLength += event.text.length));
          break;
        case 'sentence': {
          const begins = tokenEnds.findIndex((end) => end > sentencesLength);
          sentencesLength += event.text.length;
          const to = local(event.at);
          // Text without a letter is never spoken.
          if (!speakable.test(event.text)) break;
          utterances.push({ text: event.text, sentence: { from: tokens[begins] ?? to, to }, heard: [] });
          break;
        }
        case 'synthesis': {
          const utterance = utterances[event.index];
          if (utterance === undefined) break;
          const at = local(event.at);
          if (event.state === 'asked') utterance.asked = at;
          else if (event.state === 'sounding') utterance.sounding = at;
          else utterance.synthesized = at;
          break;
        }
      }
    },
    plays(index, { at, duration, gapless }) {
      const from = gapless ? heardTo : at - begun;
      heardTo = from + duration;
      const heard = utterances[index]?.heard;
      const last = heard?.at(-1);
      if (last !== undefined && gapless) last.to = heardTo;
      else heard?.push({ from, to: heardTo });
    },
    end() {
      ended ??= performance.now() - begun;
      const now = ended;
      for (const { heard } of utterances) {
        for (const span of heard) span.to = Math.max(span.from, Math.min(span.to, now));
        heard.splice(0, Infinity, ...heard.filter(({ from }) => from < now));
      }
    },
  };
}
