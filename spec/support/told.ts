import { asyncScheduler, timer, type Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import type { SpeechEvent } from '../../src/index.js';
import { marbles } from './marbles.js';

/** An event in two or three characters: `<0`, `0a` (its first byte), `>0`, `!0`, `0"word"`. */
export const brief = (event: SpeechEvent): string => {
  if (event.type === 'utterance-start') return `<${event.index}`;
  if (event.type === 'utterance-end') return `>${event.index}`;
  if (event.type === 'utterance-error') return `!${event.index}`;
  if (event.type === 'word') return `${event.index}"${event.text}"`;
  return `${event.index}${String.fromCharCode(event.data[0] ?? 0)}`;
};

/** What to look at, and until when. */
export interface ToldConfig {
  /** Frame at which the subscription is closed. */
  readonly unsubscribeAt?: number;
  /** Whether words are told too. Default: false. */
  readonly words?: boolean;
}

/** Notes something at the current frame. */
export type Note = (what: string) => void;

/**
 * Speech events in virtual time, told in one line: `2:<0 0a 5:0b 6:>0 |`: at frame 2 the start of utterance 0 and its
 * audio `a` (its first byte), and so on; `!0` is an utterance's error, `0"word"` a word, `#` the error (with its name), `|` the end.
 */
export function told(
  build: (helpers: RunHelpers, note: Note) => Observable<SpeechEvent>,
  { unsubscribeAt, words = false }: ToldConfig = {},
): string {
  const log: string[] = [];
  marbles((helpers) => {
    let last: number | undefined;
    const note = (what: string) => {
      const frame = asyncScheduler.now();
      log.push(frame === last ? what : `${frame}:${what}`);
      last = frame;
    };
    const subscription = build(helpers, note).subscribe({
      next: (event) => {
        if (words || event.type !== 'word') note(brief(event));
      },
      error: (error: unknown) => note(error instanceof Error ? `#${error.name}` : '#'),
      complete: () => note('|'),
    });
    if (unsubscribeAt !== undefined) timer(unsubscribeAt).subscribe(() => subscription.unsubscribe());
    helpers.flush();
    subscription.unsubscribe();
  });
  return log.join(' ');
}
