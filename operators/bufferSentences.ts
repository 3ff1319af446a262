import type { MonoTypeOperatorFunction, SchedulerLike } from 'rxjs';
import type { Valve } from '../src/valve.js';
import { everyLanguage } from './sentences/everyLanguage.js';
import { sentenceBuffer } from './sentences/sentenceBuffer.js';

/** Options of {@link bufferSentences}. Lengths are UTF-16 units, times milliseconds. */
export interface BufferSentencesConfig {
  /** How many sentences a chunk has before it leaves. Default 2; an integer of 1 or more, or `Infinity`. */
  readonly sentenceBufferSize?: number | undefined;
  /** A chunk that leaves at a sentence end has at least this many characters, white space around it not counted. Default 20; an integer from 0 to `maxChunkLength`. */
  readonly minChunkLength?: number | undefined;
  /** No chunk has more characters than this, white space included. Default 2000; an integer of 1 or more, or `Infinity`. */
  readonly maxChunkLength?: number | undefined;
  /** No character waits longer than this, a lone half word no longer than twice. Default 3000 ms; over 0, `Infinity` for no limit. */
  readonly maxBufferTime?: number | undefined;
  /**
   * Silence that proves a sure sentence end: this long after `?` or `!`, up to 400 ms after a full stop where tokens
   * come slowly. Default 50 ms; 0 or more, `Infinity` for never.
   */
  readonly quietTime?: number | undefined;
  /** Whether the first chunk leaves after one sentence already, or (`'clause'`) after a clause. Default true. */
  readonly fastStart?: boolean | 'clause' | undefined;
  /** BCP 47 tag that picks the abbreviations. By default the text's own script decides; Latin is read as English. */
  readonly locale?: string | undefined;
  /** While it is closed, `maxBufferTime` and `quietTime` stand still. */
  readonly valve?: Valve | undefined;
  /** Where time comes from. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Joins streamed tokens to chunks of whole sentences, each as early as it can be told, without losing or changing a
 * character: what it emits, joined, is exactly what came in.
 *
 * A chunk leaves once it has `sentenceBufferSize` sentences and `minChunkLength` characters; the first one after a
 * single sentence (`fastStart`), so that speech starts soon. A sentence end is proved by what follows it, or by
 * `quietTime` without a token. Longer than `maxChunkLength`, or older than `maxBufferTime`, the text is cut at the
 * last sentence, else at a clause, else at a word. On complete and on error what is left goes out first.
 *
 * ```
 * source: --a--b-----c---|         a: 'Sure!'  b: ' I can help with that.'  c: ' Then'
 * bufferSentences()
 * result: -----------d---(e|)      d: 'Sure! I can help with that. '  e: 'Then'
 * ```
 *
 * ```ts
 * from(['Ask Dr.', ' Who. ', 'Hide', '!']).pipe(bufferSentences({ minChunkLength: 1 })).subscribe(console.log);
 * // 'Ask Dr. Who. '
 * // 'Hide!'
 * ```
 *
 * @throws TypeError when an option is out of its range.
 */
export function bufferSentences(config: BufferSentencesConfig = {}): MonoTypeOperatorFunction<string> {
  return sentenceBuffer(config, everyLanguage);
}
