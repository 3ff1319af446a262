import { ignoreElements, merge, tap, type Observable } from 'rxjs';
import type { SpeechEvent } from 'rx-aloud';
import type { Display } from './display.js';

/** Marks each utterance while it is synthesized. */
export function markSynthesis(display: Display) {
  return (speech: Observable<SpeechEvent>): Observable<never> =>
    speech.pipe(
      tap((event) => {
        if (event.type === 'utterance-start') display.speaking(event.index, event.text);
        if (event.type === 'utterance-end')
          display.spoken(event.index, event.text, seconds(event.duration ?? 0));
      }),
      ignoreElements(),
    );
}

/** Marks each utterance while it is heard: `heard$` is the player's position in milliseconds. */
export function markPlayback(display: Display, heard$: Observable<number>) {
  return (speech: Observable<SpeechEvent>): Observable<never> => {
    const waiting: { index: number; text: string; from: number; to: number }[] = [];
    let speaking = -1;
    let synthesized = 0;
    return merge(
      speech.pipe(
        tap((event) => {
          if (event.type !== 'utterance-end') return;
          const { index, text, duration = 0 } = event;
          waiting.push({ index, text, from: synthesized, to: (synthesized += duration) });
        }),
      ),
      heard$.pipe(
        tap((heard) => {
          for (let head = waiting[0]; head !== undefined && heard > head.from; head = waiting[0]) {
            if (speaking < head.index) display.speaking((speaking = head.index), head.text);
            if (heard < head.to) return;
            display.spoken(head.index, head.text, seconds(head.to - head.from));
            waiting.shift();
          }
        }),
      ),
    ).pipe(ignoreElements());
  };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
