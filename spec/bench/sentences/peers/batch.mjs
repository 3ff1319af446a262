import { readFileSync } from 'node:fs';
import { initSync, segment } from 'sentencex-wasm';

initSync({
  module: readFileSync(new URL(import.meta.resolve('sentencex-wasm/sentencex_wasm_bg.wasm'))),
});

const intl = new Intl.Segmenter('en', { granularity: 'sentence' });

/** A batch splitter driven by a stream: everything is split again at each mark, all but the last sentence leaves. */
const driven = (split) => (tokens) => {
  let buffer = '';
  let chunks = 0;
  for (const token of tokens) {
    buffer += token;
    if (!/[.!?\n]/.test(token)) continue;
    const sentences = split(buffer);
    if (sentences.length < 2) continue;
    chunks += sentences.length - 1;
    buffer = sentences.at(-1);
  }
  return chunks + (buffer === '' ? 0 : 1);
};

export const intlSegmenter = driven((text) => Array.from(intl.segment(text), ({ segment }) => segment));
export const sentencex = driven((text) => segment('en', text));
