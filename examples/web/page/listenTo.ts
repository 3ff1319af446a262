import {
  auditTime,
  catchError,
  concatMap,
  connect,
  distinctUntilChanged,
  EMPTY,
  endWith,
  filter,
  from,
  ignoreElements,
  interval,
  map,
  merge,
  takeUntil,
  type Observable,
} from 'rxjs';
import type { Heard, SpeechEvent } from 'rx-aloud';
import { heardText } from 'rx-aloud/operators';
import type { TurnEvent } from '../wire.js';
import type { Player, Sounding } from './player.js';
import { tellPlayed } from './server.js';
import { turnEvents, type Connection } from './turnEvents.js';

/** What happens while a reply is heard: what the server tells, and what the loudspeaker does. */
export type Listening =
  | TurnEvent
  | Connection
  /** Audio is on its way to the loudspeaker. */
  | ({ readonly type: 'plays'; readonly index: number } & Sounding)
  /** So many milliseconds of audio have left the loudspeaker. */
  | { readonly type: 'position'; readonly position: number }
  | ({ readonly type: 'heard' } & Heard);

type Audio = Extract<SpeechEvent, { type: 'audio' }>;

/** Plays a reply as it comes, and tells the server how far the listener is, so that it makes no more than is needed. */
export function listenTo(id: string, player: Player): Observable<Listening> {
  return turnEvents(id).pipe(
    connect((events) => {
      const ended = events.pipe(ignoreElements(), endWith(0));
      const position = interval(40).pipe(
        map(() => player.position),
        distinctUntilChanged(),
        takeUntil(ended),
      );
      // Said again from time to time, in case it was lost: the reply ends only when it is known to have been heard.
      const again = interval(1500).pipe(takeUntil(ended));
      return merge(
        events,
        events.pipe(
          filter((event): event is Audio => event.type === 'audio'),
          map(({ index, data, format }) => ({ type: 'plays' as const, index, ...player.play(data, format) })),
        ),
        position.pipe(map((position) => ({ type: 'position' as const, position }))),
        events.pipe(
          filter(isSpeech),
          heardText({ position }),
          map((heard) => ({ type: 'heard' as const, ...heard })),
        ),
        merge(position.pipe(auditTime(200)), again).pipe(
          concatMap(() => from(tellPlayed(id, player.position)).pipe(catchError(() => EMPTY))),
          ignoreElements(),
        ),
      );
    }),
  );
}

/** Whether it is one of those that `toSpeech` emits. */
export function isSpeech(event: { readonly type: string }): event is SpeechEvent {
  return event.type === 'audio' || event.type === 'word' || event.type.startsWith('utterance-');
}
