import { concat, isObservable, map, of, type Observable } from 'rxjs';
import type { ChatEvent } from '../src/chatModel.js';
import type { BufferConfig } from './toAsyncIterable.js';
import { toReadableStream } from './toReadableStream.js';
import { uiMessageChunks, type ToolResultEvent, type UIMessageChunksConfig } from './uiMessageChunks.js';

/** How a message is sent. */
export interface ToUIMessageStreamConfig extends UIMessageChunksConfig, BufferConfig {}

/** The headers of a response whose body is such a stream. */
export const uiMessageStreamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  'x-vercel-ai-ui-message-stream': 'v1',
  // Some proxies gather what they should pass on.
  'x-accel-buffering': 'no',
} as const;

/**
 * Makes a reply a stream that the AI SDK's `useChat` reads (its UI message stream, version 1): text, reasoning, tool
 * calls, why it ended and what it cost. Which chunks there are is told at `uiMessageChunks`, backpressure and
 * cancellation at `toReadableStream`: a client that goes away unsubscribes.
 *
 * ```ts
 * const reply = model.events(prompt, { signal: request.signal });
 * return new Response(toUIMessageStream(reply), { headers: uiMessageStreamHeaders });
 * ```
 *
 * Without a source it is the last function of an rxjs `pipe(…)`.
 *
 * @throws TypeError when an option is out of range.
 */
export function toUIMessageStream(
  source: Observable<string | ChatEvent | ToolResultEvent>,
  config?: ToUIMessageStreamConfig,
): ReadableStream<Uint8Array>;
export function toUIMessageStream(
  config?: ToUIMessageStreamConfig,
): (source: Observable<string | ChatEvent | ToolResultEvent>) => ReadableStream<Uint8Array>;
export function toUIMessageStream(
  first?: Observable<string | ChatEvent | ToolResultEvent> | ToUIMessageStreamConfig,
  second?: ToUIMessageStreamConfig,
):
  | ReadableStream<Uint8Array>
  | ((source: Observable<string | ChatEvent | ToolResultEvent>) => ReadableStream<Uint8Array>) {
  const config = isObservable(first) ? second : first;
  const write = uiMessageChunks(config);
  const stream = toReadableStream<Uint8Array>(config);
  const encoder = new TextEncoder();
  const send = (source: Observable<string | ChatEvent | ToolResultEvent>) =>
    stream(
      concat(
        source.pipe(
          write,
          map((chunk) => JSON.stringify(chunk)),
        ),
        of('[DONE]'),
      ).pipe(map((data) => encoder.encode(`data: ${data}\n\n`))),
    );
  return isObservable(first) ? send(first) : send;
}
