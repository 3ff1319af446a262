import {
  asyncScheduler,
  catchError,
  connect,
  filter,
  ignoreElements,
  merge,
  tap,
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

/**
 * One synthesis, as a listener can rely on it: it fails when its audio is late or missing, and what is empty is left
 * out. To be subscribed once; there may be thousands at a time, so it is made of as little as possible.
 *
 * A voice that plays by itself (its format is `null`) has no audio to miss: there any event counts.
 */
export function synthesize(voice: Voice, text: string, config: SynthesizeConfig): Observable<VoiceEvent> {
  const { firstAudioTimeout, idleTimeout, scheduler = asyncScheduler } = config;
  const { format } = voice;
  let bytes = 0;
  let speech = voice(text, config.speak).pipe(
    filter((event) => {
      if (event.type === 'word') return event.text !== '';
      if (format === null || event.data.length === 0) return false;
      bytes += event.data.length;
      return true;
    }),
  );
  if (idleTimeout !== undefined) {
    speech = speech.pipe(
      timeout({ first: firstAudioTimeout ?? idleTimeout, each: idleTimeout, scheduler }),
      fails(voice, text, `nothing came for ${idleTimeout} ms`),
    );
  }
  if (firstAudioTimeout !== undefined) {
    const heard = (event: VoiceEvent) => event.type === 'audio' || format === null;
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
  if (format === null) return speech;
  return speech.pipe(
    tap({
      complete: () => {
        if (bytes === 0) throw failure(voice, text, 'no audio');
      },
    }),
  );
}

/** Tells a timeout in words. */
function fails(voice: Voice, text: string, message: string): MonoTypeOperatorFunction<VoiceEvent> {
  return catchError((error: unknown) =>
    throwError(() =>
      error instanceof TimeoutError ? failure(voice, text, message, error) : (error as Error),
    ),
  );
}

function failure({ provider }: Voice, utterance: string, message: string, cause?: unknown): SpeechError {
  return new SpeechError(`${provider}: ${message}`, {
    utterance,
    provider,
    ...(cause === undefined ? {} : { cause }),
  });
}
