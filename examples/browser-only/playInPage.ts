import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { SpeechEvent } from 'rx-aloud';
import { createPlayer } from '../web/page/player.js';

/**
 * Plays what there is to play, passes everything through, and completes when all has been heard. A browser's own voice
 * plays by itself: there is no audio, and nothing to wait for.
 */
export function playInPage(): MonoTypeOperatorFunction<SpeechEvent> {
  return (speech) =>
    new Observable((out) => {
      // Made on subscribe, which is in answer to a gesture: else the browser would hold the sound back.
      const context = new AudioContext();
      const player = createPlayer(context, context.destination);
      let duration = 0;
      void context.resume();
      out.add(() => {
        player.stop();
        void context.close();
      });
      out.add(
        speech.subscribe({
          next(event) {
            if (event.type === 'audio') duration += player.play(event.data, event.format).duration;
            out.next(event);
          },
          error: (error: unknown) => out.error(error),
          complete() {
            const heard = setInterval(() => {
              if (player.position >= duration - 1) out.complete();
            }, 20);
            out.add(() => clearInterval(heard));
          },
        }),
      );
    });
}
