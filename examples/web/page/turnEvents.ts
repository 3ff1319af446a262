import { Observable } from 'rxjs';
import type { SpeechEvent } from 'rx-aloud';
import { turnEventTypes, type TurnEvent } from '../wire.js';

/** Whether the server is there. */
export interface Connection {
  readonly type: 'connection';
  readonly state: 'open' | 'lost';
}

/** How long a lost connection may stay lost, in milliseconds. */
const patience = 8000;

/**
 * A reply as the server tells it. A lost connection is opened again by the browser itself, which says what it has
 * already; the server goes on behind that. Fails when there is nobody, or nothing to go on with.
 */
export function turnEvents(id: string): Observable<TurnEvent | Connection> {
  return new Observable((out) => {
    const source = new EventSource(`/turns/${id}`);
    let givingUp: ReturnType<typeof setTimeout> | undefined;
    const lost = new Error('The connection is lost, and the rest of this reply with it.');

    for (const type of turnEventTypes) {
      source.addEventListener(type, ({ data }: MessageEvent<string>) => out.next(read(JSON.parse(data))));
    }
    source.addEventListener('end', () => out.complete());
    source.addEventListener('failure', () => out.error(lost));
    source.onopen = () => {
      clearTimeout(givingUp);
      givingUp = undefined;
      out.next({ type: 'connection', state: 'open' });
    };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) {
        out.error(lost);
        return;
      }
      givingUp ??= setTimeout(() => out.error(lost), patience);
      out.next({ type: 'connection', state: 'lost' });
    };
    return () => {
      clearTimeout(givingUp);
      source.close();
    };
  });
}

/** Bytes travel as base64. */
function read(value: unknown): TurnEvent {
  const event = value as TurnEvent;
  if (event.type !== 'audio') return event;
  const { data } = value as { data: string };
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  return { ...event, data: bytes } satisfies SpeechEvent;
}
