import { TestScheduler } from 'rxjs/testing';
import type { ScriptStep } from './playScript.js';

/** RxJS's own marble syntax, a millisecond a character also outside of `TestScheduler.run`. */
class LiveMarbles extends TestScheduler {
  static override frameTimeFactor = 1;
}

/**
 * Reads a marble string: a character is a millisecond, `-` a silent one, `(ab)` a group at once, ` 50ms ` a pause,
 * `|` complete, `#` the error. Other characters stand for their entry in `values`.
 */
export function marbleScript<T>(
  marbles: string,
  value: (character: string) => T,
  error: unknown,
): readonly ScriptStep<T>[] {
  return LiveMarbles.parseMarbles(marbles, undefined, error, false, true).map(({ frame, notification }) => ({
    at: frame,
    notification:
      notification.kind === 'N'
        ? { kind: 'N', value: value(notification.value as string) }
        : notification.kind === 'E'
          ? { kind: 'E', error }
          : { kind: 'C' },
  }));
}
