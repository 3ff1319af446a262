/**
 * Milliseconds to wait, as HTTP response headers say it: `retry-after-ms`, or `Retry-After` in seconds or as a date.
 * `undefined` where they say nothing that can be read. A date that has passed is 0.
 */
export function retryAfterOf(headers: unknown, now: number = Date.now()): number | undefined {
  const milliseconds = Number(header(headers, 'retry-after-ms') ?? NaN);
  if (milliseconds >= 0) return milliseconds;
  const value = header(headers, 'retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  const seconds = Number(value);
  if (!Number.isNaN(seconds)) return seconds >= 0 ? seconds * 1000 : undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function header(headers: unknown, name: string): string | undefined {
  if (headers === null || typeof headers !== 'object') return undefined;
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  for (const [key, value] of Object.entries(headers as Record<string, unknown>)) {
    if (key.toLowerCase() === name && typeof value === 'string') return value;
  }
  return undefined;
}
