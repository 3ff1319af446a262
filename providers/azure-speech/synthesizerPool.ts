import { Connection, type SpeechSynthesizer } from 'microsoft-cognitiveservices-speech-sdk';
import { Observable } from 'rxjs';
import { onConnect } from './onConnect.js';

/** A synthesizer and its connection. One utterance at a time: the SDK would queue a second. */
export interface Line {
  readonly synthesizer: SpeechSynthesizer;
  readonly connection: Connection;
}

/** Lines that wait for an utterance, their connections open. */
export interface SynthesizerPool {
  /** A line that waits, else a new one. What creating one throws is thrown here. */
  take(): Line;
  /** Gives a line back whose utterance has ended well. */
  give(line: Line): void;
  /** Closes a line for good; safe to call again. */
  close(line: Line): void;
  /** Opens a connection ahead of the next utterance, unless one waits already. An unsubscribe gives it up. */
  warm(): Observable<never>;
}

/**
 * Keeps the lines of a voice. A line that has spoken waits `keepAlive` ms for the next utterance, so that it needs no
 * handshake; a line whose utterance was cut off is closed, because the SDK cannot stop a synthesis.
 */
export function createSynthesizerPool(make: () => SpeechSynthesizer, keepAlive: number): SynthesizerPool {
  const waiting = new Map<Line, ReturnType<typeof setTimeout>>();
  const closed = new WeakSet<Line>();
  // The SDK leaves a connection open that was only warmed up; one that has sent something it closes.
  const unused = new WeakSet<Line>();

  // What gives up a connection that is being opened: the SDK's own close would wait for it.
  const opening = new WeakMap<Line, () => void>();

  const create = (): Line => {
    const synthesizer = make();
    const line = { synthesizer, connection: Connection.fromSynthesizer(synthesizer) };
    onConnect(synthesizer, (giveUp) => {
      if (closed.has(line)) giveUp();
      else opening.set(line, giveUp);
    });
    line.connection.connected = () => opening.delete(line);
    return line;
  };
  const close = (line: Line) => {
    clearTimeout(waiting.get(line));
    waiting.delete(line);
    if (closed.has(line)) return;
    closed.add(line);
    opening.get(line)?.();
    const hangUp = () => line.synthesizer.close(ignore, ignore);
    if (unused.has(line)) line.connection.sendMessageAsync('speech.config', '{}', hangUp, hangUp);
    else hangUp();
  };
  const give = (line: Line) => {
    if (closed.has(line)) return;
    line.connection.disconnected = () => close(line);
    // Sockets that wait hold the process, and the service hangs up on them anyway: not for long.
    waiting.set(
      line,
      setTimeout(() => close(line), keepAlive),
    );
  };

  return {
    take() {
      // The last one given: the others may leave.
      const line = [...waiting.keys()].at(-1);
      if (!line) return create();
      clearTimeout(waiting.get(line));
      waiting.delete(line);
      unused.delete(line);
      return line;
    },
    give,
    close,
    warm: () =>
      new Observable((subscriber) => {
        if (waiting.size > 0) {
          subscriber.complete();
          return undefined;
        }
        const line = create();
        unused.add(line);
        line.connection.openConnection(
          () => {
            give(line);
            subscriber.complete();
          },
          (error) => {
            closed.add(line);
            subscriber.error(new Error(error));
          },
        );
        return () => {
          if (waiting.has(line)) return;
          unused.delete(line);
          close(line);
        };
      }),
  };
}

function ignore(): void {
  // Nobody waits for the end of a connection.
}
