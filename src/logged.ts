import { defer, tap, type MonoTypeOperatorFunction } from 'rxjs';
import { debug } from './debug.js';

/**
 * Tells the debug log of a namespace when a stream is subscribed, when its first value comes, and how it ends: how
 * many values of which `type` or `status` in how many milliseconds. Changes nothing; while nobody listens to the
 * namespace it isn't even there.
 *
 * ```ts
 * speech$.pipe(logged('rx-aloud:converse', { voice: voice.provider }));
 * ```
 */
export function logged<T>(
  namespace: string,
  details: Readonly<Record<string, unknown>> = {},
): MonoTypeOperatorFunction<T> {
  const log = debug(namespace);
  return (source) =>
    defer(() => {
      if (!log.enabled) return source;
      const began = performance.now();
      const counts = new Map<string, number>();
      const sum = () => ({ ...Object.fromEntries(counts), ms: Math.round(performance.now() - began) });
      return source.pipe(
        tap({
          subscribe: () => log('start', details),
          next: (value) => {
            if (counts.size === 0) log('first', sum());
            const kind = kindOf(value);
            counts.set(kind, (counts.get(kind) ?? 0) + 1);
          },
          error: (error: unknown) => {
            const { name, message } =
              error instanceof Error ? error : { name: 'unknown', message: String(error) };
            log('error', { name, message, ...sum() });
          },
          complete: () => log('complete', sum()),
          unsubscribe: () => log('left', sum()),
        }),
      );
    });
}

function kindOf(value: unknown): string {
  const { type, status } = (typeof value === 'object' && value !== null ? value : {}) as {
    readonly type?: unknown;
    readonly status?: unknown;
  };
  if (typeof type === 'string') return type;
  return typeof status === 'string' ? status : 'values';
}
