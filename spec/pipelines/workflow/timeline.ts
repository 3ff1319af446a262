import { asyncScheduler, timer, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

/**
 * Everything that happens, in virtual time, as `milliseconds text`; then `|`, or `#` and the error's message. With
 * `until`, it is unsubscribed then.
 */
export function timeline(build: () => Observable<string>, until?: number): readonly string[] {
  const lines: string[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    const note = (text: string) => lines.push(`${asyncScheduler.now()} ${text}`);
    const running = build().subscribe({
      next: note,
      error: (error: unknown) => note(`# ${error instanceof Error ? error.message : String(error)}`),
      complete: () => note('|'),
    });
    if (until !== undefined) timer(until).subscribe(() => running.unsubscribe());
    flush();
  });
  return lines;
}
