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

/** What a speaker must know of an utterance that it speaks. */
export interface Speaking {
  /** Whether a listener may have heard of it already, so that it must not begin again. */
  readonly committed: boolean;
  /** An attempt begins, by this voice. */
  begin(voice: Voice): void;
}

/** Voices and patience of a speaker. */
export interface SpeakerConfig<Utterance extends Speaking> extends SynthesizeConfig {
  readonly voice: Voice;
  readonly fallback?: Voice | undefined;
  readonly retry: Required<RetryConfig>;
  readonly scheduler?: SchedulerLike | undefined;
  /** An attempt has failed and another will be made: what is held of it is void, from now on. */
  readonly discard: (utterance: Utterance) => void;
  /** Completes when a voice that plays by itself may begin. */
  readonly turn: (utterance: Utterance) => Observable<never>;
}

/** Speaks utterances by one voice, and once that has failed for good by the other. */
export interface Speaker<Utterance extends Speaking> {
  /** The voice that the next attempt is made with. */
  voice(): Voice;
  /** What is to be said for an utterance, said. */
  speak(text: string, utterance: Utterance): Observable<VoiceEvent>;
}

/**
 * Speech that survives failures: tried again, then given to the fallback voice, both only while none of it has been
 * heard. Once a voice has been given up the fallback stays. When both fail the error carries both.
 */
export function createSpeaker<Utterance extends Speaking>(
  config: SpeakerConfig<Utterance>,
): Speaker<Utterance> {
  const { fallback, scheduler = asyncScheduler, speak: options, discard, turn } = config;
  const turnstiles = new Map(
    [config.voice, ...(fallback ? [fallback] : [])].map((voice) => [
      voice,
      limitConcurrency(voice.maxConcurrency ?? Infinity),
    ]),
  );
  let current = config.voice;

  const final = (error: unknown, utterance: Utterance) =>
    utterance.committed || isAbort(error) || options?.signal?.aborted === true;

  const begin = (voice: Voice, text: string, utterance: Utterance) => {
    utterance.begin(voice);
    return synthesize(voice, text, config);
  };
  const inTurn = (voice: Voice, text: string, utterance: Utterance) => {
    const attempt = defer(() => begin(voice, text, utterance));
    const alone = voice.format === null ? concat(turn(utterance), attempt) : attempt;
    return turnstiles.get(voice)?.(alone) ?? alone;
  };
  const attempts = (text: string, utterance: Utterance): Observable<VoiceEvent> => {
    const attempt = defer(() =>
      current.format !== null && current.maxConcurrency === undefined
        ? begin(current, text, utterance)
        : inTurn(current, text, utterance),
    );
    if (config.retry.count === 0) return attempt;
    return attempt.pipe(
      retry({
        count: config.retry.count,
        delay: (error: unknown, tries) => {
          if (final(error, utterance) || !mayHeal(error)) return throwError(() => error as Error);
          discard(utterance);
          return timer(retryDelay(tries - 1, error, config.retry), scheduler);
        },
      }),
    );
  };

  return {
    voice: () => current,
    speak: (text, utterance) => {
      if (!fallback) return attempts(text, utterance);
      return defer(() => {
        const before = current;
        return attempts(text, utterance).pipe(
          catchError((first: unknown) => {
            if (before === fallback || final(first, utterance)) {
              return throwError(() => first as Error);
            }
            current = fallback;
            discard(utterance);
            return attempts(text, utterance).pipe(
              catchError((second: unknown) =>
                throwError(
                  () =>
                    new SpeechError(`${before.provider} and ${fallback.provider} have failed`, {
                      utterance: text,
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
