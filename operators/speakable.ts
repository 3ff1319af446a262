import {
  concatMap,
  defer,
  dematerialize,
  materialize,
  type MonoTypeOperatorFunction,
  type ObservableNotification,
} from 'rxjs';
import { checkedSpeakable } from './markdown/checkedSpeakable.js';
import { createMarkdownReader, type SpeakableConfig } from './markdown/createMarkdownReader.js';

/**
 * What of a reply should be heard: Markdown without its marks, no code blocks, no table pipes, no raw URLs, no emoji.
 *
 * Links are heard as their text, images as their description, bare URLs as their host, inline code and emphasis as
 * what they hold, a table's row as a list. Headings, list items and rows are set apart by blank lines, so that
 * `bufferSentences` ends a sentence there. Numbers, currency, dates, `snake_case`, `2*3*4`, `C#` and `5 > 3` are left
 * alone: what to say for them is the voice's business. Everything else passes as it is.
 *
 * Streaming: plain text is not held back for a moment, a mark only until it is told (a link until its end), never more
 * than some 3,000 characters. The result does not depend on where tokens were cut. Show the reply from above it:
 *
 * ```ts
 * model(prompt).pipe(
 *   tap((token) => screen.append(token)),
 *   speakable(),
 *   bufferSentences(),
 *   toSpeech(voice),
 * );
 * ```
 *
 * ```
 * tokens     -'A **bold'--'** [li'--'nk](http://x.org)'--'!'--|
 * speakable  -'A bold'-----' '-------'link'---------------'!'--|
 * ```
 *
 * When the events of `toSpeech` should carry the reply as it was, use `prepare: speakableText` there instead.
 *
 * @throws TypeError when a value is out of range.
 */
export function speakable(config: SpeakableConfig = {}): MonoTypeOperatorFunction<string> {
  checkedSpeakable(config);
  return (source) =>
    defer(() => {
      const reader = createMarkdownReader(config);
      return source.pipe(
        // What is held back goes out before the end, a failure included.
        materialize(),
        concatMap((token): ObservableNotification<string>[] => {
          const text = token.kind === 'N' ? reader.push(token.value) : reader.end();
          const end = token.kind === 'N' ? [] : [token];
          return text === '' ? end : [{ kind: 'N', value: text }, ...end];
        }),
        dematerialize(),
      );
    });
}
