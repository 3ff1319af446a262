import type { VoiceEvent } from './voice.js';

/** A word, as voices tell it. */
export type WordEvent = Extract<VoiceEvent, { type: 'word' }>;

let segmenter: Intl.Segmenter | undefined;

/**
 * Times of the words of a text that took `duration` ms to say, reckoned by their place in it: every character is
 * given the same time. For voices that don't tell, and marked as estimated.
 */
export function estimateWords(text: string, duration: number): readonly WordEvent[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  const perCharacter = duration / text.length;
  const words: WordEvent[] = [];
  for (const { segment, index, isWordLike } of segmenter.segment(text)) {
    if (!isWordLike) continue;
    words.push({
      type: 'word',
      text: segment,
      offset: index * perCharacter,
      duration: segment.length * perCharacter,
      estimated: true,
    });
  }
  return words;
}
