import {
  asyncScheduler,
  Observable,
  takeUntil,
  tap,
  type OperatorFunction,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';
import { trackHeard, type Heard } from '../src/heard.js';
import type { SpeechEvent } from '../src/speechEvent.js';

/** Where the listener is. */
export interface HeardTextConfig {
  /**
   * What a player says: milliseconds of audio played since the beginning, such as `playAloud` emits. Default: a
   * listener who hears everything in real time from its arrival on, each utterance after the one before.
   */
  readonly position?: Observable<number> | undefined;
  /** Where that listener's time comes from. Default: the wall clock. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Tells what a listener has really heard of a speech: the text so far, each time it grows, and how precisely that is
 * known. To the word where the voice gives word times (`estimated` where those were reckoned), else to the utterance.
 * A word counts when it has been heard to its end.
 *
 * Completes, or fails as the speech did, when all that was emitted has been heard.
 *
 * ```
 * speech     (<aww>)---------|     < "Hi you." a 8 ms of audio, w "Hi" 0..3, w "you" 4..8
 * heardText  ---h----y-------|     { text: 'Hi', … }, { text: 'Hi you.', … }
 * ```
 *
 * ```ts
 * speech.pipe(
 *   connect((speech) => speech.pipe(heardText({ position: speech.pipe(playAloud()) }))),
 *   takeUntil(bargeIn),
 *   last(),
 * ).subscribe(({ text, precision }) => console.log(`heard until ${precision}: ${text}`));
 * ```
 */
export function heardText(config: HeardTextConfig = {}): OperatorFunction<SpeechEvent, Heard> {
  const { position, scheduler = asyncScheduler } = config;
  return (source) =>
    new Observable<Heard>((subscriber) => {
      const tracker = trackHeard();
      const gone = new Observable<void>((leave) => subscriber.add(() => leave.next()));
      let said = '';
      let finish: (() => void) | undefined;
      const sayAt = (now: number) => {
        const heard = tracker.at(now);
        if (heard.text !== said) {
          said = heard.text;
          subscriber.next(heard);
        }
        if (tracker.heardAll) finish?.();
      };
      const listen = position === undefined ? inRealTime : followPlayer;
      const look = listen();

      source.pipe(tap(receive), takeUntil(gone)).subscribe({
        error: (error: unknown) => sourceEnded(() => subscriber.error(error)),
        complete: () => sourceEnded(() => subscriber.complete()),
      });

      function receive(event: SpeechEvent) {
        look();
        tracker.add(event);
        look();
      }
      function sourceEnded(then: () => void) {
        finish = then;
        look();
      }

      function followPlayer() {
        let now = 0;
        position?.pipe(takeUntil(gone)).subscribe({
          next(reported) {
            now = reported;
            sayAt(now);
          },
          error: (error: unknown) => subscriber.error(error),
          // A player that is done has played what it will ever play.
          complete: () => (finish ?? (() => subscriber.complete()))(),
        });
        return () => sayAt(now);
      }

      function inRealTime() {
        let now = 0;
        let last = scheduler.now();
        let waking: Subscription | undefined;
        let wakesAt = NaN;
        const listenOn = () => {
          const time = scheduler.now();
          now = Math.max(now, Math.min(tracker.reachable, now + Math.max(0, time - last)));
          last = time;
          sayAt(now);
          const next = Math.min(tracker.next ?? Infinity, finish === undefined ? Infinity : tracker.length);
          if (subscriber.closed || next === wakesAt) return;
          waking?.unsubscribe();
          wakesAt = NaN;
          if (next === Infinity || next > tracker.reachable) return;
          wakesAt = next;
          waking = scheduler.schedule(
            () => {
              wakesAt = NaN;
              listenOn();
            },
            Math.ceil(next - now),
          );
          subscriber.add(waking);
        };
        return listenOn;
      }
    });
}
