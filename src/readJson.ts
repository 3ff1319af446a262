import { concat, concatMap, defer, from, of, throwError, type OperatorFunction } from 'rxjs';
import { createJsonReader, type JsonListener } from './jsonReader.js';

/** A listener with something to show for what it has heard. */
export interface JsonSink<T> extends JsonListener {
  /** What there is to emit since the last time. */
  take(): readonly T[];
}

/** Feeds JSON tokens to a sink of its own and emits, after each token, what the sink shows; also before an error. */
export function readJson<T>(createSink: () => JsonSink<T>): OperatorFunction<string, T> {
  return (source) =>
    defer(() => {
      const sink = createSink();
      const reader = createJsonReader(sink);
      return concat(source, of(END)).pipe(
        concatMap((token) => {
          try {
            if (token === END) reader.end();
            else reader.write(token);
          } catch (error) {
            return concat(
              from(sink.take()),
              throwError(() => error as Error),
            );
          }
          return sink.take();
        }),
      );
    });
}

const END = Symbol('end');
