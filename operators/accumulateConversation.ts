import { defer, tap, type MonoTypeOperatorFunction } from 'rxjs';
import type { Conversation } from '../src/conversation.js';
import { trackHeard } from '../src/heard.js';
import type { Role } from '../src/message.js';
import { shown } from '../src/shown.js';
import type { SpeechEvent } from '../src/speechEvent.js';

/** How {@link accumulateConversation} writes down what passes. */
export interface AccumulateConversationConfig {
  /** Whose message it is. Default: `assistant`. */
  readonly role?: Role | undefined;
  /** Kept with the message; `interrupted: true` is added where it was cut off. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Milliseconds of audio that the listener has heard by now, since the beginning; asked when the speech is cut off.
   * Default: whatever has passed counts as heard, which is true below a player that lets events pass as it plays.
   */
  readonly position?: (() => number) | undefined;
}

/**
 * Passes everything through and adds it to a conversation as one message. On tokens it is what was *generated*, on
 * speech events what was *heard*: a model is usually done before its voice, so only the second survives a barge-in
 * truthfully. Heard is every utterance that has ended, and of the one being spoken the words that have passed.
 *
 * ```
 * source                        --Hel-lo|           source        --Hel-lo---
 * accumulateConversation(c)     --Hel-lo|           unsubscribe   ---------!
 * c.messages                    --------m           c.messages    ---------m   interrupted: true
 * ```
 *
 * The message is added before the complete is forwarded; on error or unsubscribe what there was, with
 * `metadata.interrupted`. Blank text adds nothing. Place it below retry and fallback, so that it sees one reply.
 *
 * ```ts
 * model(conversation.messages)
 *   .pipe(bufferSentences(), toSpeech(voice), accumulateConversation(conversation))
 *   .subscribe(play);
 * ```
 *
 * @throws TypeError when an option is out of range.
 */
export function accumulateConversation<T extends string | SpeechEvent>(
  conversation: Conversation,
  config: AccumulateConversationConfig = {},
): MonoTypeOperatorFunction<T> {
  const { role = 'assistant', metadata, position } = config;
  if (typeof (conversation as Partial<Conversation> | undefined)?.add !== 'function') {
    throw new TypeError(
      `accumulateConversation: conversation must be a Conversation, got ${typeof conversation}`,
    );
  }
  if (!['system', 'user', 'assistant'].includes(role)) {
    throw new TypeError(`accumulateConversation: role must be 'system', 'user' or 'assistant', got ${role}`);
  }
  if (typeof metadata === 'string' || (metadata !== undefined && Object(metadata) !== metadata)) {
    throw new TypeError(`accumulateConversation: metadata must be an object, got ${typeof metadata}`);
  }
  if (position !== undefined && typeof position !== 'function') {
    throw new TypeError(`accumulateConversation: position must be a function, got ${shown(position)}`);
  }
  return (source) =>
    defer(() => {
      let generated = '';
      const speech = trackHeard();
      const record = (interrupted: boolean) => {
        const until = (interrupted ? position?.() : undefined) ?? Infinity;
        const heard = speech.at(Math.min(until, Number.MAX_VALUE)).text;
        const text = generated + heard;
        if (text.trim() === '') return;
        conversation.add(role, text, interrupted ? { ...metadata, interrupted: true } : metadata);
      };
      return source.pipe(
        tap<T>({
          next: (value) => {
            if (typeof value === 'string') generated += value;
            else speech.add(value);
          },
          complete: () => record(false),
          error: () => record(true),
          unsubscribe: () => record(true),
        }),
      );
    });
}
