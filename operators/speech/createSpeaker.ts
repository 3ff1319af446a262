import { asyncScheduler, concat, defer, of, timer, type Observable, type SchedulerLike } from 'rxjs';
import { SpeechError } from '../../src/errors.js';
import type { Filled } from '../../src/filled.js';
import { isAbort, mayHeal } from '../../src/mayHeal.js';
import { retryDelay, type RetryConfig } from '../../src/retryDelay.js';
import type { Voice, VoiceEvent } from '../../src/voice.js';
import { limitConcurrency } from './limitConcurrency.js';
import { synthesize, type SynthesizeConfig } from './synthesize.js';

/** What a speaker must know of an utterance that it speaks, and notes on it. */
export interface Speaking {
  /** What the voice is to say. */
  readonly spoken: string;
  /** Whether a listener may have heard of it already, so that it must not begin again. */
  readonly committed: boolean;
  /** The voice of the last attempt. */
  readonly voice: Voice | undefined;
  /** How often that voice has been asked again. */
  tries: number;
  /** The last failure of a voice that has a fallback. */
  failure: { readonly error: unknown } | undefined;
  /** An attempt begins, by this voice. */
  begin(voice: Voice): void;
}

/** Voices and patience of a speaker. */
export interface SpeakerConfig<Utterance extends Speaking> extends SynthesizeConfig {
  readonly voice: Voice;
  readonly fallback?: Voice | undefined;
  readonly retry: Filled<RetryConfig>;
  readonly scheduler?: SchedulerLike | undefined;
  /** Completes when a voice that plays by itself may begin. */
  readonly turn: (utterance: Utterance) => Observable<never>;
}

/** Speaks utterances by one voice, and once that has failed for good by the other. */
export interface Speaker<Utterance extends Speaking> {
  /** The voice that the next attempt is made with. */
  voice(): Voice;
  /** An attempt at an utterance, to be subscribed at once. */
  attempt(utterance: Utterance): Observable<VoiceEvent>;
  /** What follows an attempt that has failed: after `again` another, or nothing but `error`. */
  recover(utterance: Utterance, error: unknown): Recovery;
}

/** Either there is another attempt, or that was it. */
export type Recovery =
  | { readonly again: Observable<unknown>; readonly error?: never }
  | { readonly again?: never; readonly error: unknown };

/**
 * Speech that survives failures: tried again, then given to the fallback voice, both only while none of it has been
 * heard. Once a voice has been given up the fallback stays. When both fail the error carries both.
 */
export function createSpeaker<Utterance extends Speaking>(
  config: SpeakerConfig<Utterance>,
): Speaker<Utterance> {
  const { fallback, retry, scheduler = asyncScheduler, speak: options, turn } = config;
  const turnstiles = new Map(
    [config.voice, ...(fallback ? [fallback] : [])].map((voice) => [
      voice,
      limitConcurrency(voice.maxConcurrency ?? Infinity),
    ]),
  );
  let current = config.voice;

  const begin = (voice: Voice, utterance: Utterance) => {
    utterance.begin(voice);
    return synthesize(voice, utterance.spoken, config);
  };
  const inTurn = (voice: Voice, utterance: Utterance) => {
    const attempt = defer(() => begin(voice, utterance));
    const alone = voice.format === null ? concat(turn(utterance), attempt) : attempt;
    return turnstiles.get(voice)?.(alone) ?? alone;
  };

  return {
    voice: () => current,
    attempt: (utterance) =>
      current.format !== null && current.maxConcurrency === undefined
        ? begin(current, utterance)
        : inTurn(current, utterance),
    recover(utterance, error) {
      if (isAbort(error) || options?.signal?.aborted === true) return { error };
      const { committed, voice } = utterance;
      if (voice !== fallback) utterance.failure = { error };
      if (!committed && utterance.tries < retry.count && mayHeal(error)) {
        return { again: timer(retryDelay(utterance.tries++, error, retry), scheduler) };
      }
      if (!committed && fallback && voice !== fallback) {
        current = fallback;
        return { again: of(0) };
      }
      const { failure } = utterance;
      return { error: voice === fallback && failure ? bothFailed(utterance, failure.error, error) : error };
    },
  };

  function bothFailed({ spoken }: Utterance, first: unknown, second: unknown): SpeechError {
    return new SpeechError(`${config.voice.provider} and ${fallback?.provider} have failed`, {
      utterance: spoken,
      cause: new AggregateError([first, second]),
      retryable: mayHeal(second),
    });
  }
}
