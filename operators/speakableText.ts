import { checkedSpeakable } from './markdown/checkedSpeakable.js';
import { createMarkdownReader, type SpeakableConfig } from './markdown/createMarkdownReader.js';

/**
 * What of a finished text should be heard: `speakable` for a string, as `prepare` of `toSpeech` takes it.
 *
 * ```ts
 * speakableText('See [the **docs**](https://example.com) 🎉'); // 'See the docs '
 * toSpeech(voice, { prepare: (text) => speakableText(text) });
 * ```
 *
 * @throws TypeError when a value of the config is out of range.
 */
export function speakableText(text: string, config: SpeakableConfig = {}): string {
  checkedSpeakable(config);
  const reader = createMarkdownReader(config);
  return reader.push(text) + reader.end();
}
