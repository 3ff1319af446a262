import type { Observable } from 'rxjs';
import type { ChatEvent, ChatModel, ChatOptions, CompleteOptions } from './chatModel.js';
import { checkChatCall, givenOptions, type ChatOptionName } from './checkChatCall.js';
import { askToContinue, cutAtLastWord, followingText } from './continuation.js';
import { debug, type DebugLog } from './debug.js';
import { StalledReplyError, TruncatedReplyError } from './errors.js';
import { gatherText } from './gatherText.js';
import { toMessages, type Message, type Prompt } from './message.js';
import { providerFailure } from './providerFailure.js';
import { pull } from './pull.js';
import { replyClock } from './replyClock.js';
import { redactor } from './secrets.js';

/**
 * What a provider yields: events, and `progress` for a sign of life that is none (a fragment of a tool call).
 * `finish` is the terminal marker. It may be yielded again with more knowledge (usage often comes later): the last
 * one is emitted, when the iterable has ended.
 */
export type ReplyPart = ChatEvent | { readonly type: 'progress' };

/** One request, as a provider sees it. */
export interface ChatRequest {
  /** The conversation, `options.system` put in front of it. */
  readonly messages: readonly Message[];
  /** As they were given. */
  readonly options: ChatOptions;
  /** Aborted when nobody wants the reply any more. */
  readonly signal: AbortSignal;
}

/** A provider, told in a few functions. */
export interface ChatModelDefinition {
  /** Whose model it is; errors carry it. */
  readonly provider: string;
  /** Its name. */
  readonly model: string;
  /** Options that are a `TypeError` when given. */
  readonly unsupported?: readonly ChatOptionName[] | undefined;
  /** Throws a `TypeError` for what this provider cannot do; called with every call, before anything else happens. */
  readonly check?: ((prompt: Prompt, options: CompleteOptions) => void) | undefined;
  /** Keys and passwords to keep out of every error and log line; asked after a failure, and before logging. */
  readonly secrets?: (() => Iterable<string | undefined>) | undefined;
  /**
   * The streamed reply, each item all that one read has brought, in order. Called at subscribe time; nothing may
   * happen before. An iterable that ends without having yielded `finish` is a truncated reply.
   */
  readonly stream: (request: ChatRequest) => AsyncIterable<readonly ReplyPart[]>;
  /** The text of one non-streaming reply. */
  readonly complete: (request: ChatRequest) => Promise<string>;
  /** How the model is made to go on with a text that was cut off: by an assistant message at the end, or by asking. */
  readonly continuation:
    'prefill' | 'instruction' | ((options: CompleteOptions) => 'prefill' | 'instruction');
  /** What the provider's errors mean, where status and message don't tell; what it returns is mapped further. */
  readonly failure?: ((error: unknown) => unknown) | undefined;
  /** Aborts every request of this model. */
  readonly signal?: AbortSignal | undefined;
}

/** How long after the terminal marker the end of the stream is waited for, in ms. */
const closingTime = 1000;

/**
 * Makes a chat model of a provider's few functions. It adds what all have in common: checked options, coldness,
 * cancellation down to the provider's signal, the valve, the timeouts, success only after the terminal marker, typed
 * errors without secrets, `complete` with `continueFrom`, debug output.
 *
 * @example
 * ```ts
 * const echo = defineChatModel({
 *   provider: 'echo',
 *   model: 'echo-1',
 *   async *stream({ messages }) {
 *     yield [{ type: 'text', text: messages.at(-1)?.content ?? '' }, { type: 'finish', reason: 'stop' }];
 *   },
 *   complete: ({ messages }) => Promise.resolve(messages.at(-1)?.content ?? ''),
 *   continuation: 'instruction',
 * });
 * ```
 */
export function defineChatModel(definition: ChatModelDefinition): ChatModel {
  const { provider, model } = definition;
  const log = debug(`rx-aloud:${provider}`);
  const check = (prompt: Prompt, options: CompleteOptions, left: readonly ChatOptionName[] = []) => {
    checkChatCall(provider, prompt, options, [...(definition.unsupported ?? []), ...left]);
    definition.check?.(prompt, options);
  };
  const fail = (error: unknown): unknown => {
    const { clean } = redactor(definition.secrets?.() ?? []);
    return clean(providerFailure(provider, clean(definition.failure?.(error) ?? error)));
  };

  const reply = <T>(prompt: Prompt, options: ChatOptions, form: Form<T>): Observable<T> => {
    check(prompt, options, ['continueFrom']);
    const messages = withSystem(prompt, options.system);
    return pull<readonly ReplyPart[], T>(
      (signal) => definition.stream({ messages, options, signal }),
      (control) => {
        const note = notes(log, definition, messages, options);
        const state = replyState(provider);
        const clock = replyClock({
          firstTokenTimeout: options.firstTokenTimeout,
          idleTimeout: options.idleTimeout,
          expired: (what, limit) => {
            const message = `${provider}: ${what}: no ${what === 'firstTokenTimeout' ? 'text' : 'text or reasoning'} for ${limit} ms`;
            control.fail(new StalledReplyError(message, { provider }));
          },
        });
        let started = false;
        return {
          valve: options.valve,
          signals: [definition.signal, options.signal],
          asking() {
            if (!started) {
              started = true;
              note?.request();
              clock.start();
            } else if (state.finish !== undefined) clock.closing(closingTime);
            else if (state.brought === 'text') clock.text();
            else if (state.brought === 'progress') clock.progress();
          },
          valveIs: (open) => (open ? clock.resume() : clock.pause()),
          values(parts) {
            const values = state.take(parts, form);
            note?.read(state.brought, values.length);
            return values;
          },
          ended: () => {
            if (state.finish === undefined) {
              const truncated = state.truncated();
              note?.failed(truncated);
              throw truncated;
            }
            note?.finish(state.finish);
            return form.last(state.finish);
          },
          failed: (error) => {
            // The text is whole once the marker was there; what breaks after it takes nothing away.
            if (state.finish !== undefined) {
              note?.finish(state.finish);
              return form.last(state.finish);
            }
            const typed = fail(error);
            note?.failed(typed);
            throw typed;
          },
          over: () => {
            clock.stop();
            note?.over();
          },
        };
      },
    );
  };

  const events = (prompt: Prompt, options: ChatOptions = {}) => reply(prompt, options, asEvents);
  const text = (prompt: Prompt, options: ChatOptions = {}) => reply(prompt, options, asText);

  const complete = (prompt: Prompt, options: CompleteOptions = {}): Observable<string> => {
    check(prompt, options);
    const { continueFrom = '', ...rest } = options;
    const how =
      typeof definition.continuation === 'function'
        ? definition.continuation(options)
        : definition.continuation;
    const continuation = continueFrom === '' ? undefined : cutAtLastWord(continueFrom);
    const conversation = withSystem(prompt, options.system);
    const messages =
      continuation === undefined ? conversation : askToContinue(conversation, continuation, how);
    return pull<string, string>(
      async function* (signal) {
        const reply = await definition.complete({ messages, options: rest, signal });
        yield continuation === undefined ? reply : followingText(reply, continuation, how);
      },
      (control) => {
        const note = notes(log, definition, messages, options);
        const clock = replyClock({
          firstTokenTimeout: options.firstTokenTimeout,
          expired: (what, limit) =>
            control.fail(
              new StalledReplyError(`${provider}: ${what}: no reply for ${limit} ms`, { provider }),
            ),
        });
        let asked = false;
        return {
          valve: options.valve,
          signals: [definition.signal, options.signal],
          asking() {
            if (asked) return;
            asked = true;
            note?.request();
            clock.start();
          },
          valveIs: (open) => (open ? clock.resume() : clock.pause()),
          values: (reply) => {
            clock.stop();
            note?.read('text', 1);
            return [reply];
          },
          failed: (error) => {
            const typed = fail(error);
            note?.failed(typed);
            throw typed;
          },
          over: () => {
            clock.stop();
            note?.over();
          },
        };
      },
    );
  };

  // A function has a name of its own, and these are for reading only.
  return Object.defineProperties(text, {
    name: { value: provider },
    events: { value: events, enumerable: true },
    complete: { value: complete, enumerable: true },
    provider: { value: provider, enumerable: true },
    model: { value: model, enumerable: true },
  }) as ChatModel;
}

function withSystem(prompt: Prompt, system: string | undefined): readonly Message[] {
  const messages = toMessages(prompt);
  return system === undefined || system === ''
    ? messages
    : [{ role: 'system', content: system }, ...messages];
}

// Narrows nothing: the parts stay what they are.
const isList: (parts: unknown) => boolean = Array.isArray;

/** What a reply has brought so far. */
function replyState(provider: string) {
  const said = gatherText();
  return {
    finish: undefined as (ChatEvent & { readonly type: 'finish' }) | undefined,
    /** The strongest sign of life since the last look. */
    brought: 'nothing' as 'nothing' | 'progress' | 'text',
    /** Parts in the form that was asked for; the marker is kept back. */
    take<T>(parts: readonly ReplyPart[], form: Form<T>): readonly T[] {
      if (!isList(parts)) throw new TypeError('stream must yield lists of parts: [{ type, … }]');
      this.brought = 'nothing';
      const values: T[] = [];
      for (const part of parts) {
        if (part.type === 'text') {
          if (part.text === '') continue;
          said.add(part.text);
          this.brought = 'text';
          form.put(part, values);
        } else if (part.type === 'finish') {
          this.finish = part;
        } else {
          if (this.brought === 'nothing') this.brought = 'progress';
          if (part.type !== 'progress') form.put(part, values);
        }
      }
      return values;
    },
    truncated: () =>
      new TruncatedReplyError(`${provider}: the reply ended without its finish marker`, {
        provider,
        partial: said.toString(),
      }),
  };
}

/** What a subscription gets of a reply: its events, or only its text. */
interface Form<T> {
  readonly put: (event: ChatEvent, values: T[]) => void;
  readonly last: (finish: ChatEvent) => readonly T[];
}

const asEvents: Form<ChatEvent> = { put: (event, values) => values.push(event), last: (finish) => [finish] };
const asText: Form<string> = {
  put(event, values) {
    if (event.type === 'text') values.push(event.text);
  },
  last: () => [],
};

/** Lines for the debug log, or nothing when nobody reads it. */
function notes(
  log: DebugLog,
  { model, secrets }: ChatModelDefinition,
  messages: readonly Message[],
  options: CompleteOptions,
) {
  if (!log.enabled) return undefined;
  let begun = 0;
  let first: number | undefined;
  let tokens = 0;
  let settled = false;
  const since = () => Math.round(performance.now() - begun);
  return {
    request() {
      begun = performance.now();
      const { clean } = redactor(secrets?.() ?? []);
      const { temperature, maxTokens, topP, seed, reasoning, firstTokenTimeout, idleTimeout } = options;
      log(
        'request',
        clean({
          model,
          messages: messages.length,
          characters: messages.reduce((sum, { content }) => sum + content.length, 0),
          options: givenOptions(options),
          ...{ temperature, maxTokens, topP, seed, reasoning, firstTokenTimeout, idleTimeout },
        }),
      );
    },
    read(brought: string, count: number) {
      if (brought !== 'text') return;
      tokens += count;
      if (first !== undefined) return;
      first = since();
      log('first text', { ms: first });
    },
    finish(event: ChatEvent & { readonly type: 'finish' }) {
      settled = true;
      const ms = since();
      log('finish', { reason: event.reason, ...event.usage, events: tokens, firstTextMs: first, ms });
    },
    failed(error: unknown) {
      settled = true;
      const { name, message } = error instanceof Error ? error : { name: 'unknown', message: String(error) };
      log('error', { name, message, events: tokens, ms: since() });
    },
    over() {
      if (begun !== 0 && !settled) log('over', { events: tokens, ms: since() });
    },
  };
}
