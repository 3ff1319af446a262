import type { Observable } from 'rxjs';
import { fallbackToComplete } from '../operators/fallbackToComplete.js';
import type { ChatModel, ChatOptions, CompleteOptions } from '../src/chatModel.js';
import { mayHeal } from '../src/mayHeal.js';
import type { Prompt } from '../src/message.js';

/**
 * A streamed reply that the regular API finishes when streaming fails, unless told not to: the way every service here
 * asks.
 */
export function replyOf(
  model: ChatModel,
  prompt: Prompt,
  options: ChatOptions,
  fallback: boolean,
): Observable<string> {
  const stream = model(prompt, options);
  if (!fallback) return stream;
  return stream.pipe(
    fallbackToComplete((partial) => model.complete(prompt, { ...forWhole(options), continueFrom: partial }), {
      expects: 'continuation',
      // The reason of an aborted signal may be anything.
      when: (error) => options.signal?.aborted !== true && mayHeal(error),
    }),
  );
}

/** Options of a stream for a request that is answered in one piece: how long a first token may take says nothing. */
export function forWhole(options: ChatOptions): CompleteOptions {
  const whole: { -readonly [name in keyof ChatOptions]: ChatOptions[name] } = { ...options };
  delete whole.firstTokenTimeout;
  delete whole.idleTimeout;
  return whole;
}
