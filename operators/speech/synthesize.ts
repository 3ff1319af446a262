import {
  asyncScheduler,
  catchError,
  concat,
  connect,
  defer,
  EMPTY,
  filter,
  from,
  ignoreElements,
  merge,
  throwError,
  timeout,
  TimeoutError,
  type MonoTypeOperatorFunction,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { durationOf } from '../../src/audioFormat.js';
import { SpeechError } from '../../src/errors.js';
import { estimateWords } from '../../src/estimateWords.js';
import type { SpeakOptions, Voice, VoiceEvent } from '../../src/voice.js';

/** Limits of one synthesis. */
export interface SynthesizeConfig {
  readonly speak?: SpeakOptions | undefined;
  readonly firstAudioTimeout?: number | undefined;
  readonly idleTimeout?: number | undefined;
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * One synthesis, as a listener can rely on it: it fails when its audio is late or missing, empty audio is left out,
 * and where the voice has told no words they are estimated at the end.
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
    let words = 0;
    let speech = voice(text, speak).pipe(
      filter((event) => {
        if (event.type === 'audio') {
          if (format === null || event.data.length === 0) return false;
          bytes += event.data.length;
        } else {
          if (event.text === '') return false;
          words++;
        }
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
    const end = defer(() => {
      if (format === null) return EMPTY;
      if (bytes === 0) return throwError(() => failure('no audio'));
      const duration = durationOf(bytes, format);
      return words > 0 || duration === undefined ? EMPTY : from(estimateWords(text, duration));
    });
    return concat(speech, end);
  });
}
