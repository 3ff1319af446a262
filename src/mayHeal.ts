const field = (error: unknown, name: 'name' | 'retryable'): unknown =>
  typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;

/** Whether an error is an abort, by the name that every runtime and SDK gives it. */
export function isAbort(error: unknown): boolean {
  return field(error, 'name') === 'AbortError';
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
