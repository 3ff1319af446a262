import {
  asyncScheduler,
  catchError,
  connect,
  filter,
  ignoreElements,
  merge,
  throwError,
  timeout,
  TimeoutError,
  type MonoTypeOperatorFunction,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { SpeechError } from '../../src/errors.js';
import type { SpeakOptions, Voice, VoiceEvent } from '../../src/voice.js';

/** Limits of one synthesis. */
export interface SynthesizeConfig {
  readonly speak?: SpeakOptions | undefined;
  readonly firstAudioTimeout?: number | undefined;
  readonly idleTimeout?: number | undefined;
  readonly scheduler?: SchedulerLike | undefined;
}

/** Whether an event says anything: a word, or audio of a voice that has some. */
export function isHeard(event: VoiceEvent, voice: Voice | undefined): boolean {
  return event.type === 'word' ? event.text !== '' : event.data.length > 0 && voice?.format !== null;
}

/**
 * One synthesis, which fails when its audio is late. Without limits it is the voice's own: nothing is added to what
 * there may be thousands of at a time. A voice that plays by itself (its format is `null`) has no audio to wait for:
 * there any event counts.
 */
export function synthesize(voice: Voice, text: string, config: SynthesizeConfig): Observable<VoiceEvent> {
  const { firstAudioTimeout, idleTimeout, scheduler = asyncScheduler } = config;
  let speech = voice(text, config.speak);
  if (idleTimeout !== undefined || firstAudioTimeout !== undefined) {
    speech = speech.pipe(filter((event) => isHeard(event, voice)));
  }
  if (idleTimeout !== undefined) {
    speech = speech.pipe(
      timeout({ first: firstAudioTimeout ?? idleTimeout, each: idleTimeout, scheduler }),
      fails(voice, text, `nothing came for ${idleTimeout} ms`),
    );
  }
  if (firstAudioTimeout !== undefined) {
    const heard = (event: VoiceEvent) => event.type === 'audio' || voice.format === null;
    speech = speech.pipe(
      connect((events) =>
        merge(
          events,
          events.pipe(filter(heard), timeout({ first: firstAudioTimeout, scheduler }), ignoreElements()),
        ),
      ),
      fails(voice, text, `no audio within ${firstAudioTimeout} ms`),
    );
  }
  return speech;
}

/** Tells a timeout in words. */
function fails({ provider }: Voice, utterance: string, late: string): MonoTypeOperatorFunction<VoiceEvent> {
  return catchError((error: unknown) =>
    throwError(() =>
      error instanceof TimeoutError
        ? new SpeechError(`${provider}: ${late}`, { utterance, provider, cause: error })
        : (error as Error),
    ),
  );
}
