import {
  asyncScheduler,
  catchError,
  connect,
  defer,
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
 * out.
 *
 * A voice that plays by itself (its format is `null`) has no audio to miss: there any event counts.
 */
export function synthesize(
  voice: Voice,
  text: string,
  { speak, firstAudioTimeout, idleTimeout, scheduler = asyncScheduler }: SynthesizeConfig,
): Observable<VoiceEvent> {
  const { format, provider } = voice;
  const failure = (message: string, cause?: unknown) =>
    new SpeechError(`${provider}: ${message}`, {
      utterance: text,
      provider,
      ...(cause === undefined ? {} : { cause }),
    });
  const fails = (message: string): MonoTypeOperatorFunction<VoiceEvent> =>
    catchError((error: unknown) =>
      throwError(() => (error instanceof TimeoutError ? failure(message, error) : (error as Error))),
    );
  const heard = (event: VoiceEvent) => event.type === 'audio' || format === null;

  return defer(() => {
    let bytes = 0;
    let speech = voice(text, speak).pipe(
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
        fails(`nothing came for ${idleTimeout} ms`),
      );
    }
    if (firstAudioTimeout !== undefined) {
      speech = speech.pipe(
        connect((events) =>
          merge(
            events,
            events.pipe(filter(heard), timeout({ first: firstAudioTimeout, scheduler }), ignoreElements()),
          ),
        ),
        fails(`no audio within ${firstAudioTimeout} ms`),
      );
    }
    return format === null
      ? speech
      : speech.pipe(
          tap({
            complete: () => {
              if (bytes === 0) throw failure('no audio');
            },
          }),
        );
  });
}
