import {
  asyncScheduler,
  catchError,
  concat,
  connect,
  defer,
  endWith,
  ignoreElements,
  interval,
  map,
  merge,
  mergeMap,
  of,
  startWith,
  switchMap,
  takeUntil,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { shown } from '../src/shown.js';

/** How values are written as server-sent events. */
export interface ServerSentEventsConfig {
  /**
   * What a reconnecting client says it has: its `Last-Event-ID` header, as it is. Values up to it are passed over, so
   * the source has to begin where it began for the first connection. What is no number from 0 is ignored, a list too.
   */
  readonly lastEventId?: string | number | readonly string[] | null | undefined;
  /** The id of the source's first value: over 1 for a source that itself goes on after earlier ones. Default: 1. */
  readonly firstId?: number | undefined;
  /** Bytes, such as audio, as base64, or all events of the type `audio` left out (their ids are kept free). */
  readonly audio?: 'base64' | 'omit' | undefined;
  /**
   * Milliseconds without an event after which a comment goes out, so that no proxy takes the connection for dead.
   * Over 0; `Infinity` for none. Default: 15,000.
   */
  readonly heartbeat?: number | undefined;
  /** Where the heartbeat's time comes from. Default: the wall clock. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Writes every value as a server-sent event: `toServerSentEvents` without the bytes and the stream around it.
 *
 * The data is the value as JSON on one line, bytes in it as base64 and errors as `{ name, message }`. The event's name
 * is the value's `type`, `text` for a string, and left out otherwise; the id counts up. After the last value comes an
 * `end` event, without an id, so that a client knows to close instead of reconnecting; after an error a `failure`
 * with its name and message (and not the name `error`, which is what a client calls its lost connections).
 *
 * ```
 * source             -H---------|
 * serverSentEvents   -a-------p-(e|)       heartbeat 8
 * a  id: 1\nevent: text\ndata: "Hi"\n\n    p  :\n\n    e  event: end\ndata: {}\n\n
 * ```
 *
 * ```ts
 * model(prompt).pipe(serverSentEvents()).subscribe((event) => response.write(event));
 * ```
 *
 * @throws TypeError when a value is out of range.
 */
export function serverSentEvents<T>(config: ServerSentEventsConfig = {}): OperatorFunction<T, string> {
  const { firstId = 1, audio = 'base64', heartbeat = 15_000, scheduler = asyncScheduler } = config;
  if (!(heartbeat > 0)) {
    throw new TypeError(`serverSentEvents: heartbeat must be milliseconds over 0, got ${shown(heartbeat)}`);
  }
  if (!Number.isSafeInteger(firstId) || firstId < 0) {
    throw new TypeError(`serverSentEvents: firstId must be a whole number from 0, got ${shown(firstId)}`);
  }
  if ((audio as string) !== 'base64' && (audio as string) !== 'omit') {
    throw new TypeError(`serverSentEvents: audio must be 'base64' or 'omit', got ${audio as string}`);
  }
  // It comes from outside: never a reason to throw.
  const asked = config.lastEventId;
  const last = typeof asked === 'object' ? undefined : /^\d{1,15}$/.exec(String(asked ?? ''))?.[0];
  const after = last === undefined ? -1 : Number(last);

  return (source) =>
    defer(() => {
      const frames = concat(
        source.pipe(
          mergeMap((value, index) => {
            const id = firstId + index;
            const type = typeof value === 'string' ? 'text' : typeOf(value);
            if (id <= after || (audio === 'omit' && type === 'audio')) return [];
            return [frame(type, value, id)];
          }),
        ),
        of(frame('end', {})),
      ).pipe(catchError((error: unknown) => of(frame('failure', described(error)))));
      if (heartbeat === Infinity) return frames;
      return frames.pipe(
        connect((shared) =>
          merge(
            shared,
            shared.pipe(
              startWith(''),
              switchMap(() => interval(heartbeat, scheduler)),
              map(() => ':\n\n'),
              takeUntil(shared.pipe(ignoreElements(), endWith(0))),
            ),
          ),
        ),
      );
    });
}

function typeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  return typeof value.type === 'string' && /^[\w.-]+$/.test(value.type) ? value.type : undefined;
}

function frame(type: string | undefined, value: unknown, id?: number): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(type === undefined ? [] : [`event: ${type}`]),
    `data: ${json(value)}`,
  ];
  return `${lines.join('\n')}\n\n`;
}

function json(value: unknown): string {
  // Functions and undefined have no JSON.
  const text = JSON.stringify(value, function (this: Record<string, unknown>, key, plain: unknown) {
    // Node's Buffer has turned itself into a list of numbers by now.
    const original = this[key];
    if (original instanceof Uint8Array) return base64(original);
    return original instanceof Error ? described(original) : plain;
  }) as string | undefined;
  return text ?? 'null';
}

function described(error: unknown) {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  // The call stack holds only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(binary);
}
