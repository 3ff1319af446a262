import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  retry,
  throwError,
  timer,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { SpeechError } from '../../src/errors.js';
import { isAbort, mayHeal } from '../../src/mayHeal.js';
import { retryDelay, type RetryConfig } from '../../src/retryDelay.js';
import type { Voice, VoiceEvent } from '../../src/voice.js';
import { limitConcurrency } from './limitConcurrency.js';
import { synthesize, type SynthesizeConfig } from './synthesize.js';

/** Voices and patience of a speaker. */
export interface SpeakerConfig extends SynthesizeConfig {
  readonly voice: Voice;
  readonly fallback?: Voice | undefined;
  readonly retry: Required<RetryConfig>;
  readonly scheduler?: SchedulerLike | undefined;
}

/** What a speaker must know of the utterance that it speaks. */
export interface Speaking {
  readonly text: string;
  /** Whether a listener may have heard of it already, so that it must not begin again. */
  readonly committed: () => boolean;
  /** An attempt begins, by this voice. */
  readonly begin: (voice: Voice) => void;
  /** An attempt has failed and another will be made: what is held of it is void, from now on. */
  readonly discard: () => void;
  /** Completes when a voice that plays by itself may begin. */
  readonly turn: () => Observable<never>;
}

/** Speaks utterances by one voice, and once that has failed for good by the other. */
export interface Speaker {
  /** The voice that the next attempt is made with. */
  voice(): Voice;
  speak(speaking: Speaking): Observable<VoiceEvent>;
}

/**
 * Speech that survives failures: tried again, then given to the fallback voice, both only while none of it has been
 * heard. Once a voice has been given up the fallback stays. When both fail the error carries both.
 */
export function createSpeaker(config: SpeakerConfig): Speaker {
  const { fallback, scheduler = asyncScheduler, speak: options } = config;
  const turnstiles = new Map(
    [config.voice, ...(fallback ? [fallback] : [])].map((voice) => [
      voice,
      limitConcurrency(voice.maxConcurrency ?? Infinity),
    ]),
  );
  let current = config.voice;

  const final = (error: unknown, committed: () => boolean) =>
    committed() || isAbort(error) || options?.signal?.aborted === true;

  const attempts = ({ text, committed, begin, discard, turn }: Speaking): Observable<VoiceEvent> =>
    defer(() => {
      const voice = current;
      const attempt = () => {
        begin(voice);
        return synthesize(voice, text, config);
      };
      if (voice.format !== null && voice.maxConcurrency === undefined) return attempt();
      const alone = voice.format === null ? concat(turn(), defer(attempt)) : defer(attempt);
      return turnstiles.get(voice)?.(alone) ?? alone;
    }).pipe(
      retry({
        count: config.retry.count,
        delay: (error: unknown, tries) => {
          if (final(error, committed) || !mayHeal(error)) return throwError(() => error as Error);
          discard();
          return timer(retryDelay(tries - 1, error, config.retry), scheduler);
        },
      }),
    );

  return {
    voice: () => current,
    speak: (speaking) => {
      if (!fallback) return attempts(speaking);
      return defer(() => {
        const before = current;
        return attempts(speaking).pipe(
          catchError((first: unknown) => {
            if (before === fallback || final(first, speaking.committed)) {
              return throwError(() => first as Error);
            }
            current = fallback;
            speaking.discard();
            return attempts(speaking).pipe(
              catchError((second: unknown) =>
                throwError(
                  () =>
                    new SpeechError(`${before.provider} and ${fallback.provider} have failed`, {
                      utterance: speaking.text,
                      cause: new AggregateError([first, second]),
                      retryable: mayHeal(second),
                    }),
                ),
              ),
            );
          }),
        );
      });
    },
  };
}
