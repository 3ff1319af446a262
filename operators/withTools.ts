import type { StandardSchemaV1 } from '@standard-schema/spec';
import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  filter,
  forkJoin,
  from,
  isObservable,
  last,
  map,
  of,
  takeUntil,
  tap,
  throwError,
  toArray,
  type Observable,
} from 'rxjs';
import type {
  ChatEvent,
  ChatModel,
  ChatOptions,
  CompleteOptions,
  ToolDefinition,
  Usage,
} from '../src/chatModel.js';
import { MalformedReplyError, ToolError } from '../src/errors.js';
import { validateAgainst } from '../src/jsonSchema.js';
import { toMessages, type Message, type Prompt } from '../src/message.js';
import { rejectOnAbort } from '../src/rejectOnAbort.js';
import { toolCallTurn, toolResultTurn, type ToolCall, type ToolResult } from '../src/toolTurn.js';

/** What a tool is told besides its arguments. */
export interface ToolContext {
  /** The provider's name for this call. */
  readonly id: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** A function that the model may ask to have called, and the function. */
export interface Tool extends ToolDefinition {
  /**
   * Answers a call with anything that JSON can hold: a value, a Promise of one, or an Observable, of which the last
   * value counts. The arguments have been validated; a Standard Schema's defaults and transforms are applied.
   */
  readonly execute: (args: never, context: ToolContext) => unknown;
}

/** How tools are run. */
export interface WithToolsConfig {
  /** Requests to the model that one reply may take, the first included. A whole number of 1 or more. Default: 8. */
  readonly maxSteps?: number | undefined;
  /**
   * What becomes of an unknown tool, wrong arguments or a failed tool: `'error'` fails the reply with a `ToolError`,
   * `'report'` tells the model, which may try again or apologise. Default: `'error'`.
   */
  readonly onError?: 'error' | 'report' | undefined;
}

/**
 * A tool whose arguments have the type of its schema.
 *
 * ```ts
 * const weather = tool({
 *   name: 'weather',
 *   description: 'The weather in a city.',
 *   parameters: z.object({ city: z.string() }),
 *   execute: ({ city }) => fetch(`https://example.com/weather/${city}`).then((reply) => reply.json()),
 * });
 * ```
 */
export function tool<Args>(
  definition: Omit<Tool, 'parameters' | 'execute'> & {
    /** A Standard Schema of the arguments. */
    readonly parameters: StandardSchemaV1<unknown, Args>;
    /** Does it; gets arguments that fit the schema. */
    readonly execute: (args: Args, context: ToolContext) => unknown;
  },
): Tool {
  return definition;
}

/**
 * A model that answers with the help of tools: when the model asks for calls, they are run side by side, the results
 * are sent back, and the reply goes on, as one stream.
 *
 * ```
 * request 1   Let me see. ⟨weather: Oslo⟩ |
 * weather                                  ----4 °C|
 * request 2                                         It is 4 °C. finish|
 * events      Let me see. ⟨weather: Oslo⟩ ----------It is 4 °C. finish|
 * ```
 *
 * Everything a model can do it can do too: it is cold, unsubscribing aborts the request or the tools that are running
 * (their `signal`), an outer `signal` does the same, and the valve and timeouts hold for each request. `events` shows
 * every tool call; it finishes once, with the usage of all requests added up. After `maxSteps` requests the last
 * one's calls are not run, and the reason to finish is `'tool-calls'`.
 *
 * `complete` runs the same steps. With `continueFrom` it asks the model alone, because what is missing is text.
 *
 * ```ts
 * const weather = tool({
 *   name: 'weather',
 *   description: 'The weather in a city, now',
 *   parameters: z.object({ city: z.string() }),
 *   execute: ({ city }, { signal }) => fetch(`${station}/${city}`, { signal }).then((reply) => reply.json()),
 * });
 * const assistant = withTools(openai({ model: 'gpt-5-mini' }), [weather], { maxSteps: 4 });
 * assistant('Do I need a coat in Oslo?').pipe(bufferSentences(), toSpeech(voice)).subscribe(play);
 * ```
 *
 * Errors: the model's own, and `ToolError` (its `cause` is what the tool threw, or what is wrong with the arguments).
 */
export function withTools(model: ChatModel, tools: readonly Tool[], config: WithToolsConfig = {}): ChatModel {
  const { maxSteps = 8, onError = 'error' } = config;
  if (!(Number.isInteger(maxSteps) && maxSteps >= 1))
    throw new TypeError(`maxSteps must be a whole number of 1 or more, was ${maxSteps}`);
  if (!['error', 'report'].includes(onError))
    throw new TypeError(`onError must be 'error' or 'report', was ${JSON.stringify(onError)}`);
  const list: unknown = tools;
  if (!Array.isArray(list))
    throw new TypeError(`tools must be a list of { name, parameters, execute }, was ${typeof list}`);
  const byName = new Map(tools.map((each) => [each.name, each]));
  for (const each of tools)
    if (typeof (each.execute as unknown) !== 'function' || typeof (each.name as unknown) !== 'string')
      throw new TypeError(
        `tools must be a list of { name, parameters, execute }, had ${JSON.stringify(each)}`,
      );
  if (byName.size < tools.length) throw new TypeError('tools must have different names');
  const definitions = tools.map(({ name, description, parameters }) => ({
    name,
    parameters,
    ...(description !== undefined && { description }),
  }));

  const request = (messages: readonly Message[], options: ChatOptions): Observable<ChatEvent> =>
    model.events(messages, definitions.length === 0 ? options : { ...options, tools: definitions });

  const step = (
    messages: readonly Message[],
    options: ChatOptions,
    number: number,
    before: Usage | undefined,
    first: Observable<ChatEvent>,
  ): Observable<ChatEvent> =>
    defer(() => {
      let text = '';
      const calls: ToolCall[] = [];
      let finish: (ChatEvent & { readonly type: 'finish' }) | undefined;
      const reply = first.pipe(
        tap((event) => {
          if (event.type === 'text') text += event.text;
          else if (event.type === 'tool-call') {
            const { id, name, arguments: args, signature } = event;
            calls.push({ id, name, arguments: args, ...(signature !== undefined && { signature }) });
          } else if (event.type === 'finish') finish = event;
        }),
        filter((event) => event.type !== 'finish'),
      );
      const rest = defer(() => {
        if (!finish) return EMPTY;
        const usage = sum(before, finish.usage);
        if (calls.length === 0 || number === maxSteps) return of(usage ? { ...finish, usage } : finish);
        return run(calls, options.signal).pipe(
          concatMap((results) => {
            const turns = [...messages, toolCallTurn(text, calls), toolResultTurn(results)];
            return step(turns, options, number + 1, usage, request(turns, options));
          }),
        );
      });
      return concat(reply, rest);
    });

  const run = (calls: readonly ToolCall[], signal: AbortSignal | undefined): Observable<ToolResult[]> => {
    const results = forkJoin(calls.map(answer));
    return signal ? results.pipe(takeUntil(rejectOnAbort(signal))) : results;
  };

  const answer = (call: ToolCall): Observable<ToolResult> => {
    const { id, name } = call;
    return execute(call).pipe(
      map((result) => ({ id, name, result })),
      catchError((error: unknown) => {
        const failure = toToolError(name, error);
        if (onError === 'error') return throwError(() => failure);
        return of({ id, name, result: failure.message, isError: true });
      }),
    );
  };

  const execute = (call: ToolCall): Observable<unknown> => {
    const known = byName.get(call.name);
    if (!known) {
      const names = [...byName.keys()].join(', ');
      return throwError(
        () =>
          new ToolError(`there is no tool ${call.name}; there are: ${names}`, {
            tool: call.name,
            retryable: true,
          }),
      );
    }
    return validateAgainst(known.parameters, call.arguments).pipe(
      catchError((error: unknown) => throwError(() => wrongArguments(call.name, error))),
      concatMap((args) =>
        withSignal((signal) => {
          const result = known.execute(args as never, { id: call.id, signal });
          if (isObservable(result)) return result.pipe(last(null, undefined));
          return isPromiseLike(result) ? from(result) : of(result);
        }),
      ),
    );
  };

  const events = (prompt: Prompt, options: ChatOptions = {}): Observable<ChatEvent> => {
    checkTools(options);
    const messages = toMessages(prompt);
    // asked for here, because what the model cannot do it says at call time
    return step(messages, options, 1, undefined, request(messages, options));
  };
  const text = (prompt: Prompt, options?: ChatOptions): Observable<string> =>
    events(prompt, options).pipe(
      filter((event) => event.type === 'text'),
      map((event) => event.text),
    );
  const complete = (prompt: Prompt, options: CompleteOptions = {}): Observable<string> => {
    checkTools(options);
    const { continueFrom, ...rest } = options;
    if (continueFrom !== undefined && continueFrom !== '') return model.complete(prompt, options);
    return text(prompt, rest).pipe(
      toArray(),
      map((tokens) => tokens.join('')),
    );
  };
  return Object.defineProperties(text, {
    name: { value: model.provider },
    events: { value: events, enumerable: true },
    complete: { value: complete, enumerable: true },
    provider: { value: model.provider, enumerable: true },
    model: { value: model.model, enumerable: true },
  }) as ChatModel;
}

function checkTools(options: ChatOptions): void {
  if (options.tools !== undefined)
    throw new TypeError('tools must be given to withTools, not to a call: here is nobody to run them');
}

/** What `make` makes, with a signal that is aborted when the result is no longer wanted. */
function withSignal<T>(make: (signal: AbortSignal) => Observable<T>): Observable<T> {
  return defer(() => {
    const controller = new AbortController();
    return make(controller.signal).pipe(tap({ unsubscribe: () => controller.abort() }));
  });
}

function toToolError(name: string, error: unknown): ToolError {
  if (error instanceof ToolError) return error;
  const why = error instanceof Error ? error.message : String(error);
  const retryable =
    typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
  return new ToolError(`the tool ${name} failed: ${why}`, { tool: name, cause: error, retryable });
}

function wrongArguments(name: string, error: unknown): ToolError {
  const path = error instanceof MalformedReplyError ? (error.path ?? '') : '';
  const why = error instanceof Error ? error.message : String(error);
  return new ToolError(`wrong arguments for the tool ${name}: ${why}`, {
    tool: name,
    path,
    cause: error,
    // the model wrote them, and may write better ones
    retryable: true,
  });
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function sum(before: Usage | undefined, now: Usage | undefined): Usage | undefined {
  if (!before || !now) return before ?? now;
  return {
    inputTokens: before.inputTokens + now.inputTokens,
    outputTokens: before.outputTokens + now.outputTokens,
  };
}
