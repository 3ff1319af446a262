import type { Sentence, SplitSentencesConfig } from '../splitSentences.js';
import type { LanguageOf } from './language.js';
import { checkedLocale } from './locale.js';
import { SentenceScanner } from './scanner.js';

/** The function behind `splitSentences`, with the languages that it is to know. */
export function sentencesOf(
  text: string,
  config: SplitSentencesConfig,
  languageOf: LanguageOf,
): Iterable<Sentence> {
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
