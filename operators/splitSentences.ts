import { everyLanguage } from './sentences/everyLanguage.js';
import { sentencesOf } from './sentences/sentencesOf.js';

/** One sentence of a text. */
export interface Sentence {
  /** The sentence as it stands in the text, with the white space after it. */
  readonly text: string;
  /** Where it begins, in UTF-16 units from the text's start. */
  readonly start: number;
  /** Where it ends: the next one's start. */
  readonly end: number;
}

/** Options of {@link splitSentences}. */
export interface SplitSentencesConfig {
  /** BCP 47 tag that picks the abbreviations. By default the text's own script decides; Latin is read as English. */
  readonly locale?: string | undefined;
}

/**
 * Splits a finished text into its sentences, with the knowledge of {@link bufferSentences}. What it yields, joined,
 * is exactly the text. A blank line ends a sentence; so does a line break before a list item, a heading or a table
 * row; a fenced code block is one.
 *
 * ```ts
 * for (const { text, start } of splitSentences('Dr. Who is here. Hide!')) console.log(start, text);
 * // 0 'Dr. Who is here. '
 * // 17 'Hide!'
 * ```
 *
 * @throws TypeError when `locale` is not a BCP 47 tag.
 */
export function splitSentences(text: string, config: SplitSentencesConfig = {}): Iterable<Sentence> {
  return sentencesOf(text, config, everyLanguage);
}
