import type { MonoTypeOperatorFunction } from 'rxjs';
import type { BufferSentencesConfig } from './bufferSentences.js';
import { lazyLanguages } from './sentences/lazyLanguages.js';
import { sentenceBuffer } from './sentences/sentenceBuffer.js';
import { sentencesOf } from './sentences/sentencesOf.js';
import type { Sentence, SplitSentencesConfig } from './splitSentences.js';

// What a browser gets as `rx-aloud/operators`: the same, but most languages' data loads only when it is asked for.
export * from './index.js';

/** See `bufferSentences.ts`. */
export function bufferSentences(config: BufferSentencesConfig = {}): MonoTypeOperatorFunction<string> {
  return sentenceBuffer(config, lazyLanguages);
}

/** See `splitSentences.ts`. */
export function splitSentences(text: string, config: SplitSentencesConfig = {}): Iterable<Sentence> {
  return sentencesOf(text, config, lazyLanguages);
}
