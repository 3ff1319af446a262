import { durationOf } from './audioFormat.js';
import type { SpeechEvent } from './speechEvent.js';

/** What a listener has heard of a speech. */
export interface Heard {
  /** The text as it arrived, up to the last word (or utterance) that was heard to its end. */
  readonly text: string;
  /** Milliseconds of audio that have been played. */
  readonly position: number;
  /**
   * How precisely the end of `text` is known: to the word where the voice tells words, else only to the utterance,
   * so that a listener may have heard up to one utterance more.
   */
  readonly precision: 'word' | 'utterance';
  /** True where the word times were reckoned, not reported by the voice. */
  readonly estimated?: true;
}

/** Keeps speech events until they have been heard. */
export interface HeardTracker {
  /** Takes the next event of the speech. */
  add(event: SpeechEvent): void;
  /** What has been heard at this position, in milliseconds since the beginning. Positions only grow. */
  at(position: number): Heard;
  /** The next position after the last one at which `at` says more, as far as the events tell. */
  readonly next: number | undefined;
  /** The position at which everything so far ends. */
  readonly length: number;
  /** How far a position can come now: to `length`, unless an utterance runs whose voice plays by itself. */
  readonly reachable: number;
  /** Whether everything so far has been heard. */
  readonly heardAll: boolean;
}

/** Milliseconds by which sums of the same durations may differ. */
const slack = 0.01;

interface Utterance {
  readonly index: number;
  readonly text: string;
  /** Position at which its audio begins. */
  readonly begin: number;
  /** Words not heard yet: when each ends, and where its text does. */
  readonly words: { readonly end: number; readonly textEnd: number }[];
  readonly align: (word: string) => number | undefined;
  length: number;
  ended: boolean;
  /** What of it was emitted can be heard, but its text never as a whole. */
  failed: boolean;
  precision: Pick<Heard, 'precision' | 'estimated'>;
  heard: number;
}

/**
 * Finds out how much of a speech has been heard, from its events and a playback position. A word that is half heard
 * is not heard yet; words that cannot be found in the text (a voice may say "euros" for "€") count with the next
 * one that can. Memory: the text, and the words that wait to be heard.
 *
 * ```ts
 * const tracker = trackHeard();
 * speech.subscribe((event) => tracker.add(event));
 * console.log('heard after 1.2 s:', tracker.at(1200).text);
 * ```
 */
export function trackHeard(): HeardTracker {
  const waiting: Utterance[] = [];
  let finished = '';
  let position = 0;
  let length = 0;
  let audible = false;
  let precision: Utterance['precision'] = { precision: 'utterance' };

  const endOf = (utterance: Utterance) => utterance.begin + utterance.length;
  const tracker: HeardTracker = {
    add(event) {
      if (event.type === 'utterance-start') {
        // A voice that plays by itself has no bytes to count: its utterances begin when they are told.
        length = Math.max(length, position);
        waiting.push({
          index: event.index,
          text: event.text,
          begin: length,
          words: [],
          align: aligner(event.text),
          length: 0,
          ended: false,
          failed: false,
          precision: { precision: 'utterance' },
          heard: 0,
        });
        return;
      }
      const utterance = waiting.at(-1);
      if (utterance === undefined) return;
      switch (event.type) {
        case 'audio': {
          const duration = durationOf(event.data.length, event.format) ?? 0;
          audible = true;
          utterance.length += duration;
          length += duration;
          break;
        }
        case 'word': {
          const textEnd = utterance.align(event.text);
          const estimated = event.estimated === true;
          utterance.precision = estimated ? { precision: 'word', estimated } : { precision: 'word' };
          if (textEnd === undefined) break;
          utterance.words.push({ end: utterance.begin + event.offset + event.duration, textEnd });
          break;
        }
        case 'utterance-end': {
          // Where bytes do not tell the time, the voice may.
          const untold = utterance.length === 0 ? (event.duration ?? 0) : 0;
          utterance.length += untold;
          length += untold;
          utterance.ended = true;
          break;
        }
        case 'utterance-error':
          // One that failed before it began has no start: it is not the one before it that failed.
          if (utterance.index !== event.index) break;
          utterance.ended = true;
          utterance.failed = true;
          break;
      }
    },
    at(now) {
      // Infinity would be reached by words that are not there.
      position = Math.max(position, Math.min(now, Number.MAX_VALUE));
      for (let utterance = waiting[0]; utterance !== undefined; utterance = waiting[0]) {
        if (position + slack < utterance.begin) break;
        precision = utterance.precision;
        while ((utterance.words[0]?.end ?? Infinity) <= position + slack) {
          utterance.heard = Math.max(utterance.heard, utterance.words.shift()?.textEnd ?? 0);
        }
        if (!utterance.ended || endOf(utterance) > position + slack) break;
        finished += utterance.failed ? utterance.text.slice(0, utterance.heard) : utterance.text;
        waiting.shift();
      }
      const current = waiting[0];
      return { text: finished + (current?.text.slice(0, current.heard) ?? ''), position, ...precision };
    },
    get next() {
      const current = waiting[0];
      if (current === undefined) return undefined;
      const word = current.words[0]?.end ?? Infinity;
      const end = current.ended ? endOf(current) : Infinity;
      const first = Math.min(word, end);
      return first === Infinity ? undefined : first;
    },
    get length() {
      return length;
    },
    get reachable() {
      return audible || (waiting.at(-1)?.ended ?? true) ? length : Infinity;
    },
    get heardAll() {
      return position + slack >= length;
    },
  };
  return tracker;
}

/** How many words of the text may lie between two that the voice tells. */
const farthest = 4;

/** Finds spoken words one after the other in the text that was given to the voice: where each ends in it. */
function aligner(text: string): (word: string) => number | undefined {
  // Only letters and digits count, folded: a voice may say "cafe" for "Café,".
  let letters = '';
  const ends: number[] = [];
  const starts: number[] = [];
  for (const { 0: word, index } of text.matchAll(/\S+/gu)) {
    let at = index;
    let begins = true;
    for (const character of word) {
      at += character.length;
      const folded = fold(character);
      if (folded === '') {
        // A mark after a letter is heard with it.
        if (!begins) ends[letters.length - 1] = at;
        continue;
      }
      if (begins) starts.push(letters.length);
      begins = false;
      letters += folded;
      ends.push(...new Array<number>(folded.length).fill(at));
    }
  }
  let from = 0;
  let passed = 0;
  return (word) => {
    const spoken = fold(word);
    if (spoken === '') return undefined;
    // From the middle of a word ("well-known" is told as two), or from one of the next.
    while ((starts[passed] ?? Infinity) <= from) passed++;
    const candidates = [from, ...starts.slice(passed, passed + farthest)];
    const found = candidates.find((start) => letters.startsWith(spoken, start));
    if (found === undefined) return undefined;
    from = found + spoken.length;
    return ends[from - 1];
  };
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
