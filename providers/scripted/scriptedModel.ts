import { asyncScheduler, defer, filter, finalize, map, takeUntil, tap, type SchedulerLike } from 'rxjs';
import type { Observable } from 'rxjs';
import type { ChatEvent, ChatModel, ChatOptions, CompleteOptions, Usage } from '../../src/chatModel.js';
import { ConnectionError } from '../../src/errors.js';
import { failOnStall } from '../../src/failOnStall.js';
import type { Prompt } from '../../src/message.js';
import { toMessages } from '../../src/message.js';
import { rejectOnAbort } from '../../src/rejectOnAbort.js';
import { checked } from './checked.js';
import { marbleScript } from './marbleScript.js';
import { playScript, type ScriptStep } from './playScript.js';
import { splitTokens } from './splitWords.js';

/** A token and when it comes: `at` milliseconds from the request, or `after` milliseconds from the token before. */
export type ScriptedToken =
  | string
  | ((
      | ChatEvent
      | {
          /** What is said. */
          readonly text: string;
        }
    ) & {
      /** Milliseconds after the token before. */
      readonly after?: number;
      /** Milliseconds after the request. */
      readonly at?: number;
    });

/** A request that a scripted model has got, for specs that look at what a pipeline asks for. */
export interface ScriptedModelRequest {
  /** How it was asked. */
  readonly method: 'stream' | 'complete';
  /** What it was asked. */
  readonly prompt: Prompt;
  /** With which options. */
  readonly options: CompleteOptions;
}

/** How a request to a scripted model or voice ended. */
export type ScriptedEnd = 'complete' | 'error' | 'unsubscribe';

/** What a scripted model says, and when. */
export interface ScriptedModelConfig {
  /**
   * The reply, or a function of the request that says it, cut into tokens of a word or less. One of `text`, `tokens`
   * and `marbles` is needed.
   */
  readonly text?: (string | ((request: ScriptedModelRequest) => string)) | undefined;
  /** The reply token by token, or a function of the request; with times of their own where given. May be endless. */
  readonly tokens?:
    (Iterable<ScriptedToken> | ((request: ScriptedModelRequest) => Iterable<ScriptedToken>)) | undefined;
  /** The reply as a marble string, a millisecond a character: `'--a--b|'`. It says all times itself. */
  readonly marbles?: string | undefined;
  /** What the characters of `marbles` stand for. Default: themselves. */
  readonly values?: Readonly<Record<string, string | ChatEvent>> | undefined;
  /** Tokens a second. Over 0; `Infinity` sends all at once. Default: 50. */
  readonly tokensPerSecond?: number | undefined;
  /** Milliseconds from the request to the first token. 0 or more. Default: 0. */
  readonly firstTokenAfter?: number | undefined;
  /**
   * The stream fails after this many tokens, together with the last of them. A whole number of 0 or more. Default:
   * never, or after the last token if `error` is given. `complete` never fails: the fault is in the stream.
   */
  readonly failAfter?: number | undefined;
  /** What it fails with. Default: a `ConnectionError`. */
  readonly error?: unknown;
  /** Why the reply ends. Default: `stop`. */
  readonly finishReason?: Extract<ChatEvent, { type: 'finish' }>['reason'] | undefined;
  /** The usage told at the end. Default: words of the prompt and tokens of the reply. */
  readonly usage?: Usage | undefined;
  /** The model's name. Default: `scripted`. */
  readonly model?: string | undefined;
  /** Where time passes. Default: `asyncScheduler`, which is virtual inside `TestScheduler.run`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** Called at every request. */
  readonly onRequest?: ((request: ScriptedModelRequest) => void) | undefined;
  /** Called when a request is over. */
  readonly onEnd?: ((request: ScriptedModelRequest, how: ScriptedEnd) => void) | undefined;
}

const toEvent = (token: ScriptedToken): ChatEvent => {
  if (typeof token === 'string') return { type: 'text', text: token };
  if (!('type' in token)) return { type: 'text', text: token.text };
  const event: ChatEvent & { after?: number; at?: number } = { ...token };
  delete event.after;
  delete event.at;
  return event;
};

/**
 * A chat model that says what it is told, when it is told: the offline default, and the double for specs. It uses
 * neither promises nor timers of its own, so the same script runs live and in virtual time.
 *
 * ```
 * scriptedModel({ text: 'Hello you', tokensPerSecond: 500, firstTokenAfter: 3 })
 * ---a-(b|)     a: 'Hello', b: ' you'
 * scriptedModel({ marbles: '---a-(b|)', values: { a: 'Hello', b: ' you' } })
 * ---a-(b|)
 * ```
 *
 * ```ts
 * const model = scriptedModel({ text: 'The sky is blue.', tokensPerSecond: 20, failAfter: 2 });
 * model('Why?').subscribe({ next: (token) => console.log(token), error: (error) => console.log(error.name) });
 * ```
 *
 * A function answers each request otherwise:
 *
 * ```ts
 * const parrot = scriptedModel({ text: ({ prompt }) => (typeof prompt === 'string' ? prompt : 'What?') });
 * parrot('Hello.').subscribe((token) => console.log(token));
 * ```
 *
 * Of the chat options it honours `signal`, `firstTokenTimeout`, `idleTimeout` and `valve`; what shapes a real
 * reply (`temperature` and so on) is accepted and changes nothing. `complete` gives the script's text in one piece
 * when its last token would have come. With `continueFrom`, only the rest and only its time; a script that doesn't
 * begin with `continueFrom` is taken for the rest itself.
 *
 * @throws TypeError when not exactly one of `text`, `tokens` and `marbles` is given, or a number is out of range.
 */
export function scriptedModel(config: ScriptedModelConfig): ChatModel {
  const {
    text,
    tokens,
    marbles,
    values,
    error,
    finishReason = 'stop',
    scheduler = asyncScheduler,
    model = 'scripted',
  } = config;
  if ([text, tokens, marbles].filter((script) => script !== undefined).length !== 1) {
    throw new TypeError('scriptedModel: give exactly one of text, tokens and marbles');
  }
  if (text !== undefined && typeof text !== 'string' && typeof (text as unknown) !== 'function') {
    throw new TypeError(`scriptedModel: text must be a text or a function, got ${typeof text}`);
  }
  const tokensPerSecond = checked(
    'scriptedModel: tokensPerSecond',
    config.tokensPerSecond ?? 50,
    'a number over 0',
    (value) => value > 0,
  );
  const firstTokenAfter = checked(
    'scriptedModel: firstTokenAfter',
    config.firstTokenAfter ?? 0,
    'milliseconds from 0',
    (value) => value >= 0 && value < Infinity,
  );
  const failAfter =
    config.failAfter === undefined
      ? undefined
      : checked(
          'scriptedModel: failAfter',
          config.failAfter,
          'a whole number of tokens from 0',
          (value) => value >= 0 && Number.isInteger(value),
        );
  const provider = 'scripted';
  const failure =
    error ?? new ConnectionError('scripted: the connection broke, as the script says', { provider });
  const gap = 1000 / tokensPerSecond;
  const fixed =
    typeof tokens === 'function' ? [] : (tokens ?? splitTokens(typeof text === 'string' ? text : ''));
  const scriptFor = (request: ScriptedModelRequest): Iterable<ScriptedToken> => {
    if (typeof tokens === 'function') return tokens(request);
    return typeof text === 'function' ? splitTokens(text(request)) : fixed;
  };
  const marbleSteps =
    marbles === undefined
      ? undefined
      : marbleScript<ChatEvent>(marbles, (character) => toEvent(values?.[character] ?? character), failure);

  function* timedTokens(script: Iterable<ScriptedToken>): Generator<{ at: number; event: ChatEvent }> {
    if (marbleSteps) {
      for (const { at, notification } of marbleSteps) {
        if (notification.kind === 'N') yield { at, event: notification.value };
      }
      return;
    }
    // Reckoned from the last explicit time, not added up: no error piles up over a long reply.
    let base = firstTokenAfter;
    let since = 0;
    let at = base;
    for (const token of script) {
      if (typeof token !== 'string' && (token.at ?? token.after) !== undefined) {
        base = Math.max(at, token.at ?? (since === 0 ? base : at) + (token.after ?? 0));
        since = 0;
      }
      at = base + since * gap;
      since++;
      yield { at, event: toEvent(token) };
    }
  }

  function* stream(script: Iterable<ScriptedToken>, inputTokens: number): Generator<ScriptStep<ChatEvent>> {
    const finish = (outputTokens: number): ObservableFinish => ({
      type: 'finish',
      reason: finishReason,
      usage: config.usage ?? { inputTokens, outputTokens },
    });
    let count = 0;
    let finished = false;
    if (marbleSteps) {
      for (const step of marbleSteps) {
        if (step.notification.kind === 'N') {
          count++;
          finished ||= step.notification.value.type === 'finish';
        }
        if (step.notification.kind === 'C' && !finished) {
          yield { at: step.at, notification: { kind: 'N', value: finish(count) } };
        }
        yield step;
      }
      return;
    }
    const fail = (at: number): ScriptStep<ChatEvent> => ({ at, notification: { kind: 'E', error: failure } });
    if (failAfter === 0) {
      yield fail(firstTokenAfter);
      return;
    }
    let last = firstTokenAfter;
    for (const { at, event } of timedTokens(script)) {
      last = at;
      count++;
      finished ||= event.type === 'finish';
      yield { at, notification: { kind: 'N', value: event } };
      if (count === failAfter) {
        yield fail(at);
        return;
      }
    }
    if (error !== undefined && failAfter === undefined) {
      yield fail(last);
      return;
    }
    if (!finished) yield { at: last, notification: { kind: 'N', value: finish(count) } };
    yield { at: last, notification: { kind: 'C' } };
  }

  function* whole(script: Iterable<ScriptedToken>, continueFrom: string): Generator<ScriptStep<ChatEvent>> {
    const all = [...timedTokens(script)].flatMap(({ at, event }) =>
      event.type === 'text' ? [{ at, text: event.text }] : [],
    );
    const reply = all.map((token) => token.text).join('');
    const known = reply.startsWith(continueFrom) ? continueFrom.length : 0;
    const start = all[0]?.at ?? firstTokenAfter;
    let length = 0;
    const rest = all.filter((token) => (length += token.text.length) > known);
    const at = rest.length === 0 ? start : start + (all.at(-1)?.at ?? 0) - (rest[0]?.at ?? 0);
    yield { at, notification: { kind: 'N', value: { type: 'text', text: reply.slice(known) } } };
    yield { at, notification: { kind: 'C' } };
  }

  const request = (
    method: ScriptedModelRequest['method'],
    prompt: Prompt,
    options: CompleteOptions,
  ): Observable<ChatEvent> => {
    const guard = failOnStall({ ...options, provider, scheduler });
    const reply = defer(() => {
      const made = { method, prompt, options };
      let how: ScriptedEnd = 'unsubscribe';
      config.onRequest?.(made);
      const script = scriptFor(made);
      const steps =
        method === 'stream' ? stream(script, promptWords(prompt)) : whole(script, options.continueFrom ?? '');
      return playScript(steps, scheduler, options.valve).pipe(
        tap({ complete: () => (how = 'complete'), error: () => (how = 'error') }),
        finalize(() => config.onEnd?.(made, how)),
        guard,
      );
    });
    return options.signal ? reply.pipe(takeUntil(rejectOnAbort(options.signal))) : reply;
  };
  const textOf = (events: Observable<ChatEvent>) =>
    events.pipe(
      filter((event) => event.type === 'text'),
      map((event) => event.text),
    );

  return Object.assign(
    (prompt: Prompt, options: ChatOptions = {}) => textOf(request('stream', prompt, options)),
    {
      events: (prompt: Prompt, options: ChatOptions = {}) => request('stream', prompt, options),
      complete: (prompt: Prompt, options: CompleteOptions = {}) =>
        textOf(request('complete', prompt, options)),
      provider,
      model,
    },
  );
}

type ObservableFinish = Extract<ChatEvent, { type: 'finish' }>;

const promptWords = (prompt: Prompt): number =>
  toMessages(prompt).reduce((sum, { content }) => sum + splitTokens(content).length, 0);
