import Anthropic from '@anthropic-ai/sdk';
import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema';
import type {
  ChatModel,
  ChatOptions,
  CompleteOptions,
  FinishReason,
  ToolDefinition,
} from '../../src/chatModel.js';
import { defineChatModel, type ReplyPart } from '../../src/defineChatModel.js';
import { environment, optionOr } from '../../src/environment.js';
import {
  AuthenticationError,
  MalformedReplyError,
  OverloadedError,
  ProviderError,
  RateLimitError,
  TruncatedReplyError,
} from '../../src/errors.js';
import { toJsonSchema } from '../../src/jsonSchema.js';
import type { Message } from '../../src/message.js';
import { readServerSentEvents } from '../../src/readServerSentEvents.js';
import { replyObject } from '../../src/replyObject.js';
import { openLater, replyParts } from '../../src/replyParts.js';
import { secretsOfUrl } from '../../src/secrets.js';
import { secretsOfClient } from '../../src/secretsOfClient.js';
import { toolCallsOf, toolResultsOf, toolResultText } from '../../src/toolTurn.js';

const provider = 'anthropic';
/** The protocol wants a limit; this one every model accepts, and it is more than anybody wants to hear. */
const defaultMaxTokens = 4096;

/** What is used of an `Anthropic` instance. */
export interface AnthropicClient {
  readonly messages: { create(body: object, options: object): { asResponse(): Promise<Response> } };
}

/** Which model, and where. */
export interface AnthropicConfig {
  /** Default: `claude-haiku-5-5`. */
  readonly model?: string | undefined;
  /** Default: the SDK's, Anthropic itself. */
  readonly baseURL?: string | undefined;
  /** Default: the environment's `ANTHROPIC_API_KEY`. */
  readonly apiKey?: string | undefined;
  /**
   * An `Anthropic` instance of your own, with its credentials and URLs; `baseURL` and `apiKey` are then left alone.
   * Its retries are off all the same. In a browser it is the only way: the SDK wants `dangerouslyAllowBrowser` said
   * by you.
   */
  readonly client?: AnthropicClient | undefined;
  /** Aborts every request of this model. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A Claude model.
 *
 * The SDK authenticates, finds the URL and tells errors apart; the stream it opens is read here, which costs half of
 * what its own decoder does and lets the valve reach the socket. Success needs `message_stop`.
 *
 * `maxTokens` is 4096 unless given. System messages, wherever they stand, become the request's `system`. A `schema` is
 * `output_config.format`. `reasoning` is adaptive thinking with that effort, or for models before 4.6 a budget of
 * 1,024, 4,096 or 16,384 tokens that is added to `maxTokens`; a turn that answers tool calls does not think, because
 * the signed thoughts before the call are not kept. `continueFrom` is asked by assistant prefill where the model
 * knows it (before 4.6), else by instruction.
 *
 * A `seed` is a `TypeError`, and so is a `temperature` above 1, or one together with `reasoning`.
 *
 * @example
 * ```ts
 * const claude = anthropic({ model: 'claude-sonnet-5-5' });
 * claude('Why is the sky blue?', { maxTokens: 300 }).subscribe((token) => process.stdout.write(token));
 * ```
 *
 * A missing key is an `AuthenticationError` of the Observable.
 */
export function anthropic(config: AnthropicConfig = {}): ChatModel {
  const model = config.model ?? 'claude-haiku-5-5';
  const apiKey = () => optionOr('ANTHROPIC_API_KEY', config.apiKey);
  const connect = (): AnthropicClient => {
    if (config.client !== undefined) return config.client;
    const key = apiKey();
    if (key === undefined) {
      throw new AuthenticationError('anthropic: no API key: set ANTHROPIC_API_KEY or pass apiKey', {
        provider,
      });
    }
    const { baseURL } = config;
    // Said here, because the SDK refuses long replies that are not streamed unless somebody has.
    const timeout = 600_000;
    return new Anthropic({
      apiKey: key,
      maxRetries: 0,
      timeout,
      ...(baseURL === undefined ? {} : { baseURL }),
    });
  };
  const send = (messages: readonly Message[], options: ChatOptions, signal: AbortSignal, how: object) => {
    const system = messages
      .filter(({ role }) => role === 'system')
      .map(({ content }) => content)
      .join('\n\n');
    const body = {
      model,
      ...(system === '' ? {} : { system }),
      messages: messages.flatMap(toAnthropic),
      ...sampling(model, messages, options),
      ...how,
    };
    return connect().messages.create(body, { signal, maxRetries: 0 }).asResponse();
  };

  return defineChatModel({
    provider,
    model,
    unsupported: ['seed'],
    check: (_, options) => checkRanges(options),
    continuation: (options) => howToContinue(model, options),
    signal: config.signal,
    secrets: () => [
      apiKey(),
      environment('ANTHROPIC_AUTH_TOKEN'),
      ...secretsOfUrl(config.baseURL ?? environment('ANTHROPIC_BASE_URL')),
      ...secretsOfClient(config.client),
    ],
    stream: ({ messages, options, signal }) =>
      openLater(async () => parts((await send(messages, options, signal, { stream: true })).body)),
    async complete({ messages, options, signal }) {
      const response = await send(messages, options, signal, {});
      const reply = replyObject(provider, await response.text()) as WholeReply;
      if (reply.error) throw errorInside(reply.error);
      if (reply.content === undefined) {
        throw new MalformedReplyError('anthropic: the reply has no content', { provider });
      }
      const text = reply.content.map((block) => (block.type === 'text' ? (block.text ?? '') : '')).join('');
      if (reply.stop_reason === null) {
        throw new TruncatedReplyError('anthropic: the reply has no stop reason', { provider, partial: text });
      }
      return text;
    },
  });
}

interface WholeReply {
  readonly content?: readonly { readonly type: string; readonly text?: string }[];
  readonly stop_reason?: string | null;
  readonly error?: unknown;
}

/** An event of a stream, as far as it is read here. */
interface StreamEvent {
  readonly type: string;
  readonly index?: number;
  readonly message?: { readonly usage?: Counts };
  readonly content_block?: { readonly type: string; readonly id?: string; readonly name?: string };
  readonly delta?: {
    readonly type?: string;
    readonly text?: string;
    readonly thinking?: string;
    readonly partial_json?: string;
    readonly stop_reason?: string | null;
  };
  readonly usage?: Counts;
  readonly error?: unknown;
}

interface Counts {
  readonly input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly output_tokens?: number | null;
}

function parts(body: Response['body']): AsyncIterable<readonly ReplyPart[]> {
  const calls = new Map<number, { readonly id: string; readonly name: string; json: string }>();
  let brokenCall: MalformedReplyError | undefined;
  let reason: FinishReason = 'other';
  let inputTokens = 0;
  let outputTokens: number | undefined;
  const count = (usage: Counts | undefined) => {
    if (!usage) return;
    const { input_tokens: fresh, cache_creation_input_tokens: stored, cache_read_input_tokens: read } = usage;
    const sum = (fresh ?? 0) + (stored ?? 0) + (read ?? 0);
    if (sum > 0) inputTokens = sum;
    outputTokens = usage.output_tokens ?? outputTokens;
  };

  return replyParts(readServerSentEvents(body), (data, unterminated, found) => {
    const event = parse(data, unterminated);
    if (event === undefined) return false;
    const { delta, index = 0 } = event;
    switch (event.type) {
      case 'content_block_delta':
        if (delta?.text) found.push({ type: 'text', text: delta.text });
        else if (delta?.thinking) found.push({ type: 'reasoning', text: delta.thinking });
        else if (delta?.partial_json !== undefined) {
          const call = calls.get(index);
          if (call !== undefined) call.json += delta.partial_json;
          found.push({ type: 'progress' });
        }
        break;
      case 'content_block_start': {
        const block = event.content_block;
        if (block?.type === 'tool_use') {
          calls.set(index, { id: block.id ?? `call-${index}`, name: block.name ?? '', json: '' });
        }
        break;
      }
      case 'content_block_stop': {
        const call = calls.get(index);
        if (call === undefined) break;
        calls.delete(index);
        try {
          const value: unknown = call.json === '' ? {} : JSON.parse(call.json);
          found.push({ type: 'tool-call', id: call.id, name: call.name, arguments: value });
        } catch (cause) {
          const message = `anthropic: a tool call's arguments are not JSON: ${call.json.slice(0, 100)}`;
          brokenCall = new MalformedReplyError(message, { provider, cause });
        }
        break;
      }
      case 'message_start':
        count(event.message?.usage);
        break;
      case 'message_delta':
        count(event.usage);
        if (delta?.stop_reason) reason = reasons[delta.stop_reason] ?? 'other';
        break;
      case 'message_stop':
        // A call that the token limit cut in half is no call; the finish reason says why.
        if (brokenCall !== undefined && reason !== 'length') throw brokenCall;
        found.push(
          outputTokens === undefined
            ? { type: 'finish', reason }
            : { type: 'finish', reason, usage: { inputTokens, outputTokens } },
        );
        return true;
      case 'error':
        throw errorInside(event.error);
    }
    return false;
  });
}

const reasons: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
};

function parse(data: string, unterminated: boolean): StreamEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    // Half an event at the end of the stream is a reply cut short, which its missing marker tells.
    if (unterminated) return undefined;
    const message = `anthropic: an event is not JSON: ${data.slice(0, 100)}`;
    throw new MalformedReplyError(message, { provider, cause });
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) {
    throw new MalformedReplyError('anthropic: an event has no type', { provider });
  }
  return value as StreamEvent;
}

/** An error that comes as an event, after a 200. */
function errorInside(error: unknown): ProviderError {
  const { type, message } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly type?: unknown;
    readonly message?: unknown;
  };
  const text = `anthropic: ${typeof message === 'string' ? message : JSON.stringify(error)}`;
  switch (type) {
    case 'overloaded_error':
      return new OverloadedError(text, { provider });
    case 'rate_limit_error':
      return new RateLimitError(text, { provider });
    case 'authentication_error':
    case 'permission_error':
      return new AuthenticationError(text, { provider });
    case 'invalid_request_error':
    case 'not_found_error':
    case 'request_too_large':
    case 'billing_error':
      return new ProviderError(text, { provider, retryable: false });
    default:
      // It began to answer and broke down: the server's fault.
      return new ProviderError(text, { provider, retryable: true });
  }
}

function toAnthropic(message: Message): object[] {
  const { role, content } = message;
  if (role === 'system') return [];
  const results = toolResultsOf(message);
  if (results.length > 0) {
    const blocks = results.map((result) => ({
      type: 'tool_result',
      tool_use_id: result.id,
      content: toolResultText(result),
      ...(result.isError === true ? { is_error: true } : {}),
    }));
    return [{ role, content: blocks }];
  }
  const calls = toolCallsOf(message).map((call) => ({
    type: 'tool_use',
    id: call.id,
    name: call.name,
    input: call.arguments,
  }));
  if (calls.length > 0) {
    return [{ role, content: [...(content === '' ? [] : [{ type: 'text', text: content }]), ...calls] }];
  }
  // The protocol refuses empty texts; an interrupted reply may be one.
  return content === '' ? [] : [{ role, content }];
}

function toTool({ name, description, parameters }: ToolDefinition): object {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: toJsonSchema(parameters),
  };
}

/** Models before 4.6: they continue an assistant message, and think by budget. */
const olderModel = /claude-(2|3|instant|(haiku|sonnet|opus)-4(-[0-5])?(-\d{8})?(@|$|-latest|-v))/;
const budgets = { low: 1024, medium: 4096, high: 16_384 };

function howToContinue(model: string, { reasoning, schema }: CompleteOptions): 'prefill' | 'instruction' {
  const thinks = reasoning !== undefined && reasoning !== false;
  return olderModel.test(model) && !thinks && schema === undefined ? 'prefill' : 'instruction';
}

function checkRanges({ temperature, reasoning }: ChatOptions): void {
  if (temperature !== undefined && temperature > 1) {
    throw new TypeError(`anthropic: temperature must be from 0 to 1, got ${temperature}`);
  }
  if (temperature !== undefined && reasoning !== undefined && reasoning !== false) {
    throw new TypeError(
      `anthropic: temperature (${temperature}) cannot be given together with reasoning (${String(reasoning)})`,
    );
  }
}

function sampling(model: string, messages: readonly Message[], options: ChatOptions): object {
  const { temperature, maxTokens = defaultMaxTokens, topP, stop, schema, tools, reasoning } = options;
  const last = messages.at(-1);
  const answersCalls = last !== undefined && toolResultsOf(last).length > 0;
  const thinks = reasoning !== undefined && reasoning !== false && !answersCalls;
  const level = reasoning === true ? 'medium' : reasoning;
  const budget = thinks && level !== undefined && level !== false ? budgets[level] : 0;
  const byBudget = olderModel.test(model);
  const format =
    schema === undefined
      ? {}
      : { format: { type: 'json_schema', schema: transformJSONSchema(copy(schema)) } };
  const effort = thinks && !byBudget && reasoning !== true ? { effort: reasoning } : {};
  const output = { ...format, ...effort };
  return {
    max_tokens: maxTokens + budget,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(stop === undefined ? {} : { stop_sequences: [stop].flat() }),
    ...(thinks
      ? {
          thinking: byBudget
            ? { type: 'enabled', budget_tokens: budget }
            : { type: 'adaptive', display: 'summarized' },
        }
      : reasoning === false
        ? { thinking: { type: 'disabled' } }
        : {}),
    ...(tools === undefined || tools.length === 0 ? {} : { tools: tools.map(toTool) }),
    ...(Object.keys(output).length === 0 ? {} : { output_config: output }),
  };
}

/** The SDK takes a schema apart while it rewrites it. */
function copy(schema: NonNullable<ChatOptions['schema']>): Parameters<typeof transformJSONSchema>[0] {
  return structuredClone(toJsonSchema(schema));
}
