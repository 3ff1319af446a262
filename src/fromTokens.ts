import type { Observable } from 'rxjs';
import { pull } from './pull.js';
import type { Valve } from './valve.js';

/** What `fromTokens` listens to besides its subscriber. */
export interface FromTokensConfig {
  /** While it is closed nothing is pulled and nothing is emitted. Default: always open. */
  readonly valve?: Valve | undefined;
  /** Aborts as an unsubscribe does, and errors with the signal's reason. An aborted one makes no source at all. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * An async iterable as an Observable: the bridge for a provider of one's own.
 *
 * Every subscription calls `source` afresh, with an `AbortSignal` of its own. Values are pulled one at a time, the
 * next only after the last was emitted and while the `valve` is open, so a source that reads a socket stops reading
 * it. Unsubscribing aborts the signal and returns the iterator, also while a read is pending; what the source
 * throws after that is nobody's business and is dropped. A source that ends by itself is not aborted.
 *
 * ```
 * pulls     a--b--c|
 * valve     t--f------t---
 * output    a---------b--c|
 * ```
 *
 * @example
 * ```ts
 * const tokens$ = fromTokens(
 *   async function* (signal) {
 *     const response = await fetch('http://localhost:8080/reply', { signal });
 *     const decoder = new TextDecoder();
 *     for await (const bytes of response.body!) yield decoder.decode(bytes, { stream: true });
 *   },
 *   { valve },
 * );
 * ```
 *
 * @param source Makes the iterable: called at subscribe time, or once the valve is open.
 * @returns A cold Observable. What the source throws is its error, unchanged.
 * @throws TypeError when `source` is no function.
 */
export function fromTokens<T>(
  source: (signal: AbortSignal) => AsyncIterable<T>,
  config: FromTokensConfig = {},
): Observable<T> {
  if (typeof source !== 'function') {
    throw new TypeError(`fromTokens: source must be a function, got ${typeof source}`);
  }
  return pull<T, T>(source, () => ({
    values: (token) => [token],
    valve: config.valve,
    signals: [config.signal],
  }));
}
