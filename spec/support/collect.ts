import type { Observable } from 'rxjs';

/** Everything an Observable emits, once it has completed; rejects with its error. */
export function collect<T>(source: Observable<T>): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const values: T[] = [];
    source.subscribe({
      next: (value) => values.push(value),
      error: reject,
      complete: () => resolve(values),
    });
  });
}

/** What an Observable emits before it fails, and the error; rejects when it completes. */
export function collectFailure<T>(source: Observable<T>): Promise<{ values: T[]; error: unknown }> {
  return new Promise((resolve, reject) => {
    const values: T[] = [];
    source.subscribe({
      next: (value) => values.push(value),
      error: (error: unknown) => resolve({ values, error }),
      complete: () => reject(new Error(`completed after ${String(values)}, a failure was expected`)),
    });
  });
}
