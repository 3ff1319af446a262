import {
  asyncScheduler,
  interval,
  Observable,
  takeUntil,
  tap,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { bytesPerFrame, durationOf, type AudioFormat } from '../../src/audioFormat.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import type { Valve } from '../../src/valve.js';
import { uniformFormat } from '../uniformFormat.js';
import { findPlayer, type Player } from './player.js';
import { startPlayer, type StartedPlayer } from './startPlayer.js';

/** How `playAloud` plays. */
export interface PlayAloudConfig {
  /**
   * `ffplay`, `aplay`, `afplay` or `paplay` (looked for in the PATH), the path of one of them or of any program that
   * plays a WAV from its standard input, or a description of another. Default: the first of the four that is there.
   */
  readonly player?: string | Player | undefined;
  /**
   * Counts milliseconds: what has been heard is removed from it, and at the end what will never be. Give the same
   * valve to `toSpeech`, which adds what it emits, and its `maxAhead` is measured by this player.
   */
  readonly playback?: Valve | undefined;
  /** Where time comes from. Default: the wall clock. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** Milliseconds of sound that a player is given ahead of the clock: more than a busy event loop is ever late. */
const lead = 1000;
/** Milliseconds between two looks at the clock. */
const beat = 100;

/**
 * Plays a speech through the machine's loudspeaker and emits the position that has been heard, in milliseconds of
 * audio since the beginning, ten times a second and once at the end.
 *
 * The player is a program of the machine, started with the first audio. It gets sound only a second ahead of the
 * clock, and no more while it takes none: what it has not taken is never counted as heard. Unsubscribing kills it, so
 * that there is silence at once. When the speech fails, what came before is played first, then the error follows.
 *
 * ```
 * speech     -<-----a-------->|            a lasts 400 ms; one column is 100 ms
 * playAloud  -------0-1-2-3-(4|)           while it is heard: 100, 200, 300, 400
 * ```
 *
 * ```ts
 * withValve({ high: 4000, low: 2000 }, (playback) =>
 *   sentences.pipe(toSpeech(voice, { maxAhead: 4000, playback }), playAloud({ playback })),
 * ).subscribe((heard) => console.log(`${heard} ms heard`));
 * ```
 *
 * What arrives faster than it is heard waits in memory: `maxAhead` in `toSpeech` bounds it.
 *
 * Fails on subscribe with `PlayerError` when there is no such player (it names what is missing), later when the
 * player fails or ends too early; with `SpeechError` on audio that is not 16-bit PCM. Audio of another format than the
 * first (a fallback voice's, say) is converted to it.
 *
 * @throws TypeError when `player` is no name.
 */
export function playAloud(config: PlayAloudConfig = {}): OperatorFunction<SpeechEvent, number> {
  const { player, playback, scheduler = asyncScheduler } = config;
  const command: unknown = typeof player === 'object' ? player.command : player;
  if (player !== undefined && (typeof command !== 'string' || command === '')) {
    throw new TypeError(`playAloud: player must be a program's name, got ${JSON.stringify(player)}`);
  }

  return (source) =>
    new Observable<number>((subscriber) => {
      const found = findPlayer(player);
      const ahead = found.input === 'file' ? Infinity : lead;
      const waiting: (Piece | 'utterance-end')[] = [];
      let head = 0;
      let started: StartedPlayer | undefined;
      // All in milliseconds of audio: heard <= taken <= given <= arrived.
      let arrived = 0;
      let given = 0;
      let taken = 0;
      let heard = 0;
      let last = scheduler.now();
      let emitted = -1;
      let finish: (() => void) | undefined;

      const hear = (position: number) => {
        // Sums of the same durations differ in their last digits: what has all been heard must leave nothing behind.
        const residue = position === arrived ? 1e-6 : 0;
        if (position > heard) playback?.remove(position - heard + residue);
        heard = position;
      };
      // A loudspeaker plays one second a second, as long as it has something to play.
      const lookAtClock = () => {
        const now = scheduler.now();
        hear(Math.min(taken, heard + Math.max(0, now - last)));
        last = now;
      };
      const emit = () => {
        if (started === undefined || heard === emitted) return;
        emitted = heard;
        subscriber.next(heard);
      };

      const give = () => {
        for (let next = waiting[head]; next !== undefined && given - heard < ahead; next = waiting[++head]) {
          if (next === 'utterance-end') {
            started?.utteranceEnds();
            continue;
          }
          const { data, duration } = next;
          given += duration;
          started?.play(data, () => {
            lookAtClock();
            taken += duration;
          });
        }
        if (head === waiting.length || head > 1000) {
          waiting.splice(0, head);
          head = 0;
        }
        if (finish !== undefined && waiting.length === 0) started?.end();
      };
      const playerEnded = (error?: unknown) => {
        if (error !== undefined) {
          subscriber.error(error);
          return;
        }
        hear(arrived);
        emit();
        finish?.();
      };

      const receive = (event: SpeechEvent) => {
        if (event.type === 'utterance-end' || event.type === 'utterance-error') waiting.push('utterance-end');
        if (event.type === 'audio' && event.data.length > 0) {
          started ??= startPlayer(found, event.format, playerEnded);
          for (const piece of pieces(event.data, event.format)) {
            arrived += piece.duration;
            waiting.push(piece);
          }
        }
        give();
      };
      const sourceEnded = (then: () => void) => {
        finish = then;
        if (started === undefined) then();
        else give();
      };

      subscriber.add(() => {
        started?.kill();
        started = undefined;
        // What was still to be heard never will be.
        playback?.remove(Math.max(0, arrived - heard));
      });
      subscriber.add(
        interval(beat, scheduler).subscribe({
          next() {
            lookAtClock();
            emit();
            give();
          },
          error: (error: unknown) => subscriber.error(error),
        }),
      );
      const gone = new Observable<void>((leave) => subscriber.add(() => leave.next()));
      source.pipe(uniformFormat(), tap(receive), takeUntil(gone)).subscribe({
        error: (error: unknown) => sourceEnded(() => subscriber.error(error)),
        complete: () => sourceEnded(() => subscriber.complete()),
      });
    });
}

interface Piece {
  readonly data: Uint8Array;
  readonly duration: number;
}

/** Cuts a long event, so that the player's lead stays short. */
function* pieces(data: Uint8Array, format: AudioFormat): Generator<Piece> {
  const size = bytesPerFrame(format) * Math.max(1, Math.floor((format.sampleRate * beat) / 1000));
  for (let at = 0; at < data.length; at += size) {
    const piece = data.subarray(at, at + size);
    yield { data: piece, duration: durationOf(piece.length, format) ?? 0 };
  }
}
