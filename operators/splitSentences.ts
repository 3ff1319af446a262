import { languageOf } from './sentences/language.js';
import { checkedLocale } from './sentences/locale.js';
import { SentenceScanner } from './sentences/scanner.js';

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
  readonly locale?: string;
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
  if (typeof text !== 'string')
    throw new TypeError(`splitSentences: text must be a string, got ${typeof text}`);
  const language = languageOf(checkedLocale('splitSentences', config.locale));
  return {
    *[Symbol.iterator]() {
      const scanner = new SentenceScanner(language);
      let start = 0;
      const upTo = (end: number): Sentence => {
        const sentence = { text: text.slice(start, end), start, end };
        start = end;
        return sentence;
      };
      for (let at = 0; at < text.length;) {
        at = scanner.scan(text, at, text.length);
        if (!scanner.proved) break;
        let cut = scanner.cut;
        while (cut < text.length && text.slice(cut, cut + 1).trim() === '') cut++;
        if (cut > start && cut < text.length) yield upTo(cut);
      }
      if (scanner.finish() && scanner.cut > start) yield upTo(scanner.cut);
      if (start < text.length) yield upTo(text.length);
    },
  };
}
