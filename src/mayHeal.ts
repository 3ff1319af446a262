const field = (error: unknown, name: 'name' | 'retryable'): unknown =>
  typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;

/** Reasons of signals that have ended a request: somebody's wish, whatever they are called. */
const reasons = new WeakSet<object>();

/** The reason of an aborted signal, to fail with; an object is known by `isAbort` from now on. */
export function abortReason(signal: AbortSignal): unknown {
  const reason: unknown = signal.reason;
  if (typeof reason === 'object' && reason !== null) reasons.add(reason);
  return reason;
}

/**
 * Whether an error is an abort: by the name that every runtime and SDK gives it, or because it is the reason of a
 * signal that has ended a request here.
 *
 * ```ts
 * model(prompt).subscribe({
 *   error: (error: unknown) => {
 *     if (!isAbort(error)) console.error(error);
 *   },
 * });
 * ```
 */
export function isAbort(error: unknown): boolean {
  return (
    field(error, 'name') === 'AbortError' ||
    (typeof error === 'object' && error !== null && reasons.has(error))
  );
}

/**
 * Whether asking again may succeed where this error came from: what the error's own `retryable` says, and yes for
 * an error that does not say. An abort was somebody's wish and never heals.
 *
 * ```ts
 * mayHeal(new ConnectionError('reset')); // true
 * mayHeal(new AuthenticationError('no key')); // false
 * mayHeal(new Error('who knows')); // true
 * ```
 */
export function mayHeal(error: unknown): boolean {
  return !isAbort(error) && field(error, 'retryable') !== false;
}
