import { isObservable, map, type Observable } from 'rxjs';
import { serverSentEvents, type ServerSentEventsConfig } from './serverSentEvents.js';
import type { BufferConfig } from './toAsyncIterable.js';
import { toReadableStream } from './toReadableStream.js';

/** How values are sent. */
export interface ToServerSentEventsConfig extends ServerSentEventsConfig, BufferConfig {}

/**
 * Makes an Observable a stream of server-sent events, in bytes, as a web `Response` takes it. What
 * an event looks like is told at `serverSentEvents`, backpressure and cancellation at `toReadableStream`: a client that
 * goes away unsubscribes.
 *
 * ```ts
 * const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
 * const lastEventId = request.headers.get('last-event-id');
 * return new Response(toServerSentEvents(speech, { lastEventId, audio: 'omit' }), { headers });
 * ```
 *
 * ```ts
 * createServer((request, response) => {
 *   const lastEventId = request.headers['last-event-id'];
 *   response.writeHead(200, { 'content-type': 'text/event-stream' });
 *   const events = toAsyncIterable(speech.pipe(serverSentEvents({ lastEventId, audio: 'omit' })));
 *   pipeline(Readable.from(events), response, () => undefined); // in `Readable.from`, a lost client is noticed at once
 * });
 * ```
 *
 * ```ts
 * events.addEventListener('text', ({ data }) => show(JSON.parse(data)));
 * events.addEventListener('end', () => events.close());
 * ```
 *
 * Without a source it is the last function of an rxjs `pipe(…)`; an Observable's own `.pipe` takes operators only, and
 * what comes out here is no Observable.
 *
 * @throws TypeError when a value is out of range.
 */
export function toServerSentEvents(
  source: Observable<unknown>,
  config?: ToServerSentEventsConfig,
): ReadableStream<Uint8Array>;
export function toServerSentEvents(
  config?: ToServerSentEventsConfig,
): (source: Observable<unknown>) => ReadableStream<Uint8Array>;
export function toServerSentEvents(
  first?: Observable<unknown> | ToServerSentEventsConfig,
  second?: ToServerSentEventsConfig,
): ReadableStream<Uint8Array> | ((source: Observable<unknown>) => ReadableStream<Uint8Array>) {
  const config = isObservable(first) ? second : first;
  const write = serverSentEvents(config);
  const stream = toReadableStream<Uint8Array>(config);
  const encoder = new TextEncoder();
  const send = (source: Observable<unknown>) =>
    stream(
      source.pipe(
        write,
        map((text) => encoder.encode(text)),
      ),
    );
  return isObservable(first) ? send(first) : send;
}
