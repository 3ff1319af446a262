import { shown } from '../../src/shown.js';
import type { SpeakableConfig } from './createMarkdownReader.js';

/** @throws TypeError when a value is out of range. */
export function checkedSpeakable({ urls, codeBlocks, maxCodeBlock }: SpeakableConfig): void {
  const oneOf = (name: string, value: string | undefined, allowed: readonly string[]) => {
    if (value !== undefined && !allowed.includes(value)) {
      throw new TypeError(`speakable: ${name} must be ${allowed.join(' or ')}, got ${shown(value)}`);
    }
  };
  oneOf('urls', urls, ['host', 'drop']);
  oneOf('codeBlocks', codeBlocks, ['skip', 'speak']);
  if (maxCodeBlock === undefined || maxCodeBlock === Infinity) return;
  if (!(Number.isSafeInteger(maxCodeBlock) && maxCodeBlock > 0)) {
    throw new TypeError(
      `speakable: maxCodeBlock must be a whole number over 0 or Infinity, got ${maxCodeBlock}`,
    );
  }
}
