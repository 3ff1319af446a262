import {
  asyncScheduler,
  concatMap,
  defer,
  map,
  switchMap,
  tap,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { accumulateConversation } from '../operators/accumulateConversation.js';
import { bufferSentences, type BufferSentencesConfig } from '../operators/bufferSentences.js';
import { toSpeech, type ToSpeechConfig } from '../operators/toSpeech.js';
import { durationOf } from '../src/audioFormat.js';
import type { ChatModel, ChatOptions } from '../src/chatModel.js';
import { Conversation } from '../src/conversation.js';
import { trackHeard, type HeardTracker } from '../src/heard.js';
import { logged } from '../src/logged.js';
import { shown } from '../src/shown.js';
import type { SpeechEvent } from '../src/speechEvent.js';
import type { Voice } from '../src/voice.js';
import { promptOf } from './promptOf.js';
import { replyOf } from './replyOf.js';

/** Who converses, and what a new utterance does to a reply that is still being spoken. */
export interface ConverseConfig {
  /** Who replies. */
  readonly model: ChatModel;
  /** Who speaks the replies. */
  readonly voice: Voice;
  /** Takes every utterance, and every reply as far as it was heard. Default: a new one for each subscription. */
  readonly conversation?: Conversation | undefined;
  /** `switch`: a new utterance cuts the reply off (barge-in). `queue`: it waits. Default: `switch`. */
  readonly interrupt?: 'switch' | 'queue' | undefined;
  /** For every request to the model. */
  readonly options?: ChatOptions | undefined;
  /** How replies are cut for the voice. `scheduler` is this config's. */
  readonly sentences?: Omit<BufferSentencesConfig, 'scheduler'> | undefined;
  /** How they are spoken. `maxAhead` is 4000 ms by default, so that a barge-in throws little away. */
  readonly speech?: Omit<ToSpeechConfig, 'scheduler'> | undefined;
  /**
   * Milliseconds of the current reply's audio that the listener has heard, as the player knows. Default: a listener
   * in real time on `scheduler`, who hears each audio as soon as what came before it is over.
   */
  readonly position?: (() => number) | undefined;
  /** Whether the regular API finishes a reply whose stream has failed. Default: true. */
  readonly fallback?: boolean | undefined;
  /** Where time passes. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * User utterances in, speech out: a spoken conversation with barge-in. Each utterance is added to the conversation and
 * answered with all of it; the reply is added as far as it was *heard*: to the word where the voice tells word times,
 * else to the utterance, and marked `interrupted` where it was cut off. Indices rise through the whole conversation.
 *
 * ```
 * utterances  -a---------b----
 * reply a      --0--1--2--3|        b cuts it off: the request, the voice and what was still to come
 * reply b                 --4|
 * converse    ---0--1--2----4-
 * ```
 *
 * A player must drop what it has not played when a new utterance comes. A reply that came whole, but was still being
 * played then, is shortened too. Fails when a reply fails; what was heard of it is in the conversation.
 *
 * ```ts
 * utterances$.pipe(converse({ model, voice: flite(), conversation: new Conversation() })).subscribe(play);
 * ```
 *
 * @throws TypeError when an option is out of range.
 */
export function converse(config: ConverseConfig): OperatorFunction<string, SpeechEvent> {
  const { model, voice, interrupt = 'switch', options = {}, fallback = true } = config;
  const { scheduler = asyncScheduler, position } = config;
  if ((interrupt as unknown) !== 'switch' && (interrupt as unknown) !== 'queue') {
    throw new TypeError(`converse: interrupt must be 'switch' or 'queue', got ${interrupt as string}`);
  }
  if (typeof model !== 'function') {
    throw new TypeError(`converse: model must be a chat model, got ${typeof model}`);
  }
  if (position !== undefined && typeof position !== 'function') {
    throw new TypeError(`converse: position must be a function, got ${shown(position)}`);
  }
  const sentences = bufferSentences({ ...config.sentences, scheduler });
  // Only audio of a known length can be reckoned.
  const pcm = (voice as Voice | undefined)?.format?.encoding === 'pcm_s16le';
  const speak = toSpeech(voice, {
    ...config.speech,
    maxAhead: config.speech?.maxAhead ?? (pcm ? 4000 : undefined),
    scheduler,
  });

  return (utterances) =>
    defer(() => {
      const { conversation = new Conversation() } = config;
      let index = 0;
      let playedUntil = -Infinity;
      let last: { readonly speech: HeardTracker; whole: boolean } | undefined;

      // Without lengths of audio a listener's position cannot be reckoned: what has passed counts as heard.
      const heard = (speech: HeardTracker) => {
        if (position) return Math.min(position(), Number.MAX_VALUE);
        if (!pcm) return Number.MAX_VALUE;
        return speech.length - Math.max(0, playedUntil - scheduler.now());
      };
      const cutOff = () => {
        if (last?.whole) {
          const { text } = last.speech.at(heard(last.speech));
          if (!last.speech.heardAll) conversation.truncateLast(text);
        }
        last = undefined;
      };
      const reply = (utterance: string) =>
        defer(() => {
          if (interrupt === 'switch') {
            cutOff();
            playedUntil = -Infinity;
          }
          conversation.add('user', utterance);
          const turn = { speech: trackHeard(), whole: false };
          const first = index;
          last = turn;
          return replyOf(model, promptOf(conversation), options, fallback).pipe(
            sentences,
            speak,
            tap((event) => {
              turn.speech.add(event);
              index = first + event.index + 1;
              if (event.type === 'audio') {
                const length = durationOf(event.data.byteLength, event.format) ?? 0;
                playedUntil = Math.max(playedUntil, scheduler.now()) + length;
              }
            }),
            accumulateConversation<SpeechEvent>(conversation, { position: () => heard(turn.speech) }),
            tap({ complete: () => (turn.whole = true) }),
            map((event) => ({ ...event, index: first + event.index })),
            logged('rx-aloud:converse', { model: model.model, voice: voice.provider }),
          );
        });
      return utterances.pipe(
        interrupt === 'switch' ? switchMap(reply) : concatMap(reply),
        // Who leaves hears no more, either.
        tap({ unsubscribe: cutOff }),
      );
    });
}
