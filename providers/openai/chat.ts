import OpenAI from 'openai';
import type { ChatModel, ChatOptions, FinishReason, ToolDefinition, Usage } from '../../src/chatModel.js';
import { defineChatModel, type ReplyPart } from '../../src/defineChatModel.js';
import { environment, optionOr } from '../../src/environment.js';
import {
  AuthenticationError,
  MalformedReplyError,
  ProviderError,
  RateLimitError,
  TruncatedReplyError,
} from '../../src/errors.js';
import { toJsonSchema } from '../../src/jsonSchema.js';
import type { Message } from '../../src/message.js';
import { replyObject } from '../../src/replyObject.js';
import { readServerSentEvents } from '../../src/readServerSentEvents.js';
import { openLater, replyParts } from '../../src/replyParts.js';
import { secretsOfUrl } from '../../src/secrets.js';
import { secretsOfClient } from '../../src/secretsOfClient.js';
import { toolCallsOf, toolResultsOf, toolResultText } from '../../src/toolTurn.js';
import { strictSchema } from './strictSchema.js';

const provider = 'openai';

/** What is used of an `OpenAI` instance, of whichever major version. */
export interface OpenAIClient {
  readonly chat: {
    readonly completions: {
      create(body: object, options: object): { asResponse(): Promise<Response> };
    };
  };
}

/** Which model, and where. */
export interface OpenAIConfig {
  /** Default: `gpt-5.4-mini`. */
  readonly model?: string | undefined;
  /** Any server that speaks the protocol, such as `http://localhost:8080/v1`. Default: the SDK's, OpenAI itself. */
  readonly baseURL?: string | undefined;
  /** Default: the environment's `OPENAI_API_KEY`. A server that wants none gets any text but an empty one. */
  readonly apiKey?: string | undefined;
  /**
   * An `OpenAI` instance of your own (`openai` 6 or 7, Azure included), with its keys and URLs; `baseURL` and `apiKey`
   * are then left alone. Its retries are off all the same. In a browser it is the only way: the SDK wants
   * `dangerouslyAllowBrowser` said by you.
   */
  readonly client?: OpenAIClient | undefined;
  /** Aborts every request of this model. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A model behind OpenAI's chat completions, or behind any server that speaks that protocol.
 *
 * The SDK authenticates, finds the URL and tells errors apart; the stream it opens is read here, which costs half of
 * what its own decoder does and lets the valve reach the socket. Success needs a `finish_reason`.
 *
 * All options of a call are honoured, by models that know them: what one refuses comes back as the server's 400.
 * `maxTokens` is `max_completion_tokens` for the reasoning models that insist on it; `reasoning` is
 * `reasoning_effort` (`true`: medium, `false`: none); a `schema` is a `json_schema` response format, strict where its
 * rules allow. A refusal streams as text and finishes with `content-filter`. `continueFrom` asks the model to go on.
 *
 * @example
 * ```ts
 * const gpt = openai({ model: 'gpt-5.4-mini' });
 * const local = openai({ model: 'qwen3', baseURL: 'http://localhost:8080/v1', apiKey: 'none' });
 * ```
 *
 * A missing key is an `AuthenticationError` of the Observable.
 */
export function openai(config: OpenAIConfig = {}): ChatModel {
  const model = config.model ?? 'gpt-5.4-mini';
  const apiKey = () => optionOr('OPENAI_API_KEY', config.apiKey);
  const connect = (): OpenAIClient => {
    if (config.client !== undefined) return config.client;
    const key = apiKey();
    if (key === undefined) {
      throw new AuthenticationError('openai: no API key: set OPENAI_API_KEY or pass apiKey', { provider });
    }
    const { baseURL } = config;
    return new OpenAI({ apiKey: key, maxRetries: 0, ...(baseURL === undefined ? {} : { baseURL }) });
  };
  const send = (messages: readonly Message[], options: ChatOptions, signal: AbortSignal, how: object) =>
    connect()
      .chat.completions.create(
        { model, messages: messages.flatMap(toOpenAI), ...how, ...sampling(model, options) },
        { signal, maxRetries: 0 },
      )
      .asResponse();

  return defineChatModel({
    provider,
    model,
    continuation: 'instruction',
    signal: config.signal,
    secrets: () => [
      apiKey(),
      ...secretsOfUrl(config.baseURL ?? environment('OPENAI_BASE_URL')),
      ...secretsOfClient(config.client),
    ],
    stream: ({ messages, options, signal }) =>
      openLater(async () => {
        const how = { stream: true, stream_options: { include_usage: true } };
        return parts((await send(messages, options, signal, how)).body);
      }),
    async complete({ messages, options, signal }) {
      const response = await send(messages, options, signal, {});
      const chunk = checked(replyObject(provider, await response.text()));
      const message = chunk.choices?.[0]?.message;
      if (message === undefined)
        throw new MalformedReplyError('openai: the reply has no message', { provider });
      const text = message.content ?? message.refusal ?? '';
      if (chunk.choices?.[0]?.finish_reason === null) {
        throw new TruncatedReplyError('openai: the reply has no finish reason', { provider, partial: text });
      }
      return text;
    },
  });
}

/** A chunk of a stream, or a whole reply, as far as it is read here. */
interface Chunk {
  readonly choices?: readonly {
    readonly delta?: Delta | null;
    readonly message?: { readonly content?: string | null; readonly refusal?: string | null };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
  readonly error?: unknown;
}

interface Delta {
  readonly content?: string | null;
  readonly refusal?: string | null;
  /** Where DeepSeek, vLLM and llama.cpp put it. */
  readonly reasoning_content?: string | null;
  /** Where OpenRouter puts it. */
  readonly reasoning?: string | null;
  readonly tool_calls?: readonly {
    readonly index?: number;
    readonly id?: string;
    readonly function?: { readonly name?: string; readonly arguments?: string };
  }[];
}

function parts(body: Response['body']): AsyncIterable<readonly ReplyPart[]> {
  const calls = new Map<number, { id: string; name: string; json: string }>();
  let refused = false;
  let reason: FinishReason | undefined;
  let usage: Usage | undefined;
  return replyParts(readServerSentEvents(body), (data, unterminated, found) => {
    if (data === '[DONE]') return true;
    const chunk = parse(data, unterminated);
    if (chunk === undefined) return false;
    if (chunk.usage) {
      const { prompt_tokens: inputTokens = 0, completion_tokens: outputTokens = 0 } = chunk.usage;
      usage = { inputTokens, outputTokens };
      if (reason !== undefined) found.push({ type: 'finish', reason, usage });
    }
    const choice = chunk.choices?.[0];
    if (choice === undefined) return false;
    const { delta } = choice;
    if (delta) {
      const reasoning = delta.reasoning_content ?? delta.reasoning;
      if (reasoning) found.push({ type: 'reasoning', text: reasoning });
      if (delta.content) found.push({ type: 'text', text: delta.content });
      if (delta.refusal) {
        refused = true;
        found.push({ type: 'text', text: delta.refusal });
      }
      for (const [at, fragment] of (delta.tool_calls ?? []).entries()) {
        const index = fragment.index ?? at;
        const call = calls.get(index) ?? { id: '', name: '', json: '' };
        calls.set(index, call);
        if (fragment.id) call.id = fragment.id;
        call.name += fragment.function?.name ?? '';
        call.json += fragment.function?.arguments ?? '';
        found.push({ type: 'progress' });
      }
    }
    if (choice.finish_reason) {
      reason = refused ? 'content-filter' : (reasons[choice.finish_reason] ?? 'other');
      // Servers that say stop after tool calls mean the calls.
      if (calls.size > 0 && reason === 'stop') reason = 'tool-calls';
      for (const [index, call] of [...calls].sort(([a], [b]) => a - b)) {
        const parsed = toolArguments(call.json, reason === 'length');
        if (parsed === undefined) continue;
        found.push({
          type: 'tool-call',
          id: call.id || `call-${index}`,
          name: call.name,
          arguments: parsed.value,
        });
      }
      calls.clear();
      found.push(usage === undefined ? { type: 'finish', reason } : { type: 'finish', reason, usage });
    }
    return false;
  });
}

const reasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content-filter',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
};

function toolArguments(json: string, cutShort: boolean): { readonly value: unknown } | undefined {
  try {
    return { value: json === '' ? {} : (JSON.parse(json) as unknown) };
  } catch (cause) {
    // A call that the token limit cut in half is no call; the finish reason says why.
    if (cutShort) return undefined;
    const message = `openai: a tool call's arguments are not JSON: ${json.slice(0, 100)}`;
    throw new MalformedReplyError(message, { provider, cause });
  }
}

function parse(data: string, unterminated: boolean): Chunk | undefined {
  try {
    return checked(JSON.parse(data) as unknown);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Half an event at the end of the stream is a reply cut short, which its missing reason tells.
    if (unterminated) return undefined;
    const message = `openai: an event is not JSON: ${data.slice(0, 100)}`;
    throw new MalformedReplyError(message, { provider, cause: error });
  }
}

function checked(value: unknown): Chunk {
  if (typeof value !== 'object' || value === null) {
    throw new MalformedReplyError('openai: an event is not an object', { provider });
  }
  const chunk: Chunk = value;
  if (chunk.error) throw errorInside(chunk.error);
  return chunk;
}

/** An error that comes as an event, after a 200. */
function errorInside(error: unknown): ProviderError {
  const { message, type, code } = (
    typeof error === 'object' && error !== null ? error : { message: error }
  ) as {
    readonly message?: unknown;
    readonly type?: unknown;
    readonly code?: unknown;
  };
  const text = `openai: ${typeof message === 'string' ? message : JSON.stringify(error)}`;
  const kind = `${String(type)} ${String(code)}`;
  if (kind.includes('rate_limit')) return new RateLimitError(text, { provider });
  if (/authentication|invalid_api_key/.test(kind)) return new AuthenticationError(text, { provider });
  // It began to answer and broke down: the server's fault, unless it says otherwise.
  return new ProviderError(text, { provider, retryable: !/invalid_request|context_length/.test(kind) });
}

function toOpenAI(message: Message): object[] {
  const results = toolResultsOf(message);
  if (results.length > 0) {
    return results.map((result) => ({
      role: 'tool',
      tool_call_id: result.id,
      content: toolResultText(result),
    }));
  }
  const { role, content } = message;
  const calls = toolCallsOf(message).map((call) => ({
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  return [calls.length === 0 ? { role, content } : { role, content, tool_calls: calls }];
}

function toTool({ name, description, parameters }: ToolDefinition): object {
  return { type: 'function', function: { name, description, parameters: toJsonSchema(parameters) } };
}

/** Models that count their reasoning as completion and refuse `max_tokens`. */
const reasoningModel = /(^|[/:])(o\d|gpt-([5-9]|\d\d))/;

function sampling(model: string, options: ChatOptions): object {
  const { temperature, maxTokens, topP, stop, seed, schema, tools, reasoning } = options;
  const limit = reasoningModel.test(model) ? 'max_completion_tokens' : 'max_tokens';
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { [limit]: maxTokens }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(stop === undefined ? {} : { stop: [stop].flat() }),
    ...(seed === undefined ? {} : { seed }),
    ...(reasoning === undefined ? {} : { reasoning_effort: effort(reasoning) }),
    ...(tools === undefined || tools.length === 0 ? {} : { tools: tools.map(toTool) }),
    ...(schema === undefined ? {} : { response_format: responseFormat(toJsonSchema(schema)) }),
  };
}

function effort(reasoning: boolean | string): string {
  if (reasoning === true) return 'medium';
  return reasoning === false ? 'none' : reasoning;
}

function responseFormat(schema: Readonly<Record<string, unknown>>): object {
  const strict = strictSchema(schema);
  const format = { name: 'reply', schema: strict ?? schema, strict: strict !== undefined };
  return { type: 'json_schema', json_schema: format };
}
