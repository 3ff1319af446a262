import type { BufferSentencesConfig } from '../../operators/bufferSentences.js';
import type { Filled } from '../../src/filled.js';
import { checkedRetry, type RetryConfig } from '../../src/retryDelay.js';
import type { Retry, StreamBuffer, Timeout } from './schema.js';

/** Files count in seconds and write names with underscores, the library in milliseconds: translated here alone. */
const ms = (seconds: number) => seconds * 1000;

/** A step's `retry`; without one nothing is tried again. */
export function retryConfig(retry: Retry | undefined): Filled<RetryConfig> {
  if (retry === undefined || typeof retry === 'number') return checkedRetry('retry', retry ?? 0);
  const { count, delay, max_delay: maxDelay, jitter } = retry;
  return checkedRetry('retry', {
    count,
    ...(delay === undefined ? {} : { delay: ms(delay) }),
    ...(maxDelay === undefined ? {} : { maxDelay: ms(maxDelay) }),
    ...(jitter === undefined ? {} : { jitter }),
  });
}

/** The limits of a reply, in milliseconds. */
export interface ReplyTimeouts {
  readonly total: number | undefined;
  readonly firstTokenTimeout?: number | undefined;
  readonly idleTimeout?: number | undefined;
}

export function replyTimeouts(timeout: Timeout | undefined): ReplyTimeouts {
  if (timeout === undefined || typeof timeout === 'number')
    return { total: timeout === undefined ? undefined : ms(timeout) };
  const { total, first_token: first, idle } = timeout;
  return {
    total: total === undefined ? undefined : ms(total),
    ...(first === undefined ? {} : { firstTokenTimeout: ms(first) }),
    ...(idle === undefined ? {} : { idleTimeout: ms(idle) }),
  };
}

/** How a stream is cut, in the library's words. */
export function sentenceConfig(buffer: StreamBuffer): BufferSentencesConfig {
  const {
    sentence_count: sentenceBufferSize,
    min_chunk_length: minChunkLength,
    max_chunk_length: maxChunkLength,
    max_buffer_time: maxBufferTime,
    fast_start: fastStart,
  } = buffer;
  return {
    ...(sentenceBufferSize === undefined ? {} : { sentenceBufferSize }),
    ...(minChunkLength === undefined ? {} : { minChunkLength }),
    ...(maxChunkLength === undefined ? {} : { maxChunkLength }),
    ...(maxBufferTime === undefined ? {} : { maxBufferTime: ms(maxBufferTime) }),
    ...(fastStart === undefined ? {} : { fastStart }),
  };
}

/** The longest that text waits, in milliseconds: 3 seconds where the file doesn't say. */
export function bufferTime(buffer: StreamBuffer): number {
  return ms(buffer.max_buffer_time ?? 3);
}
