import { readFileSync } from 'node:fs';
import sentenceBoundaries from 'sbd';
import { split } from 'sentence-splitter';
import { initSync, segment } from 'sentencex-wasm';

initSync({
  module: readFileSync(new URL(import.meta.resolve('sentencex-wasm/sentencex_wasm_bg.wasm'))),
});

const intl = new Intl.Segmenter('en', { granularity: 'sentence' });

/** A batch splitter driven by a stream: everything is split again at each mark, all but the last sentence leaves. */
const driven = (sentencesOf) => (tokens) => {
  let buffer = '';
  let chunks = 0;
  for (const token of tokens) {
    buffer += token;
    if (!/[.!?\n]/.test(token)) continue;
    const sentences = sentencesOf(buffer);
    if (sentences.length < 2) continue;
    chunks += sentences.length - 1;
    buffer = sentences.at(-1);
  }
  return chunks + (buffer === '' ? 0 : 1);
};

export const intlSegmenter = driven((text) => Array.from(intl.segment(text), ({ segment }) => segment));
export const sentencex = driven((text) => segment('en', text));
export const sbd = driven((text) => sentenceBoundaries.sentences(text, { preserve_whitespace: true }));
export const sentenceSplitter = driven((text) =>
  split(text)
    .filter(({ type }) => type === 'Sentence')
    .map(({ raw }) => raw),
);
