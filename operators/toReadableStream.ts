import { isObservable, type Observable } from 'rxjs';
import { toAsyncIterable, type BufferConfig } from './toAsyncIterable.js';

/**
 * Makes an Observable a web `ReadableStream`, which reads it only as fast as it is read itself.
 *
 * Subscribed with the first read; cancelling the stream unsubscribes; an error errors it, after the values before it.
 * What is pushed between two reads waits, as `toAsyncIterable` describes: give the source the same `valve`.
 *
 * ```ts
 * const audio = toReadableStream(speech.pipe(toWav()));
 * new Response(audio, { headers: { 'content-type': 'audio/wav' } }); // fetch handlers
 * ```
 *
 * @throws TypeError when `maxBuffered` is out of range.
 */
export function toReadableStream<T>(source: Observable<T>, config?: BufferConfig): ReadableStream<T>;
export function toReadableStream<T>(config?: BufferConfig): (source: Observable<T>) => ReadableStream<T>;
export function toReadableStream<T>(
  first?: Observable<T> | BufferConfig,
  second?: BufferConfig,
): ReadableStream<T> | ((source: Observable<T>) => ReadableStream<T>) {
  if (!isObservable(first)) {
    const iterable = toAsyncIterable<T>(first);
    return (source) => streamOf(iterable(source));
  }
  return streamOf(toAsyncIterable(first, second));
}

function streamOf<T>(iterable: AsyncIterable<T>): ReadableStream<T> {
  const iterator = iterable[Symbol.asyncIterator]();
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const result = await iterator.next();
        if (result.done === true) controller.close();
        else controller.enqueue(result.value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    // Nothing is pulled before it is read: a stream that nobody reads asks nothing of the source.
    { highWaterMark: 0 },
  );
}
