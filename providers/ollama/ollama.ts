import {
  Ollama,
  type ChatRequest,
  type Message as OllamaMessage,
  type Tool,
  type ToolCall as OllamaToolCall,
} from 'ollama/browser';
import type { ChatModel, ChatOptions, FinishReason, ToolDefinition } from '../../src/chatModel.js';
import { defineChatModel, type ReplyPart } from '../../src/defineChatModel.js';
import { environment } from '../../src/environment.js';
import { MalformedReplyError, ProviderError, TruncatedReplyError } from '../../src/errors.js';
import { toJsonSchema } from '../../src/jsonSchema.js';
import type { Message } from '../../src/message.js';
import { httpFailure } from '../../src/providerFailure.js';
import { readLines } from '../../src/readLines.js';
import { openLater, replyParts } from '../../src/replyParts.js';
import { secretsOfHeaders, secretsOfUrl } from '../../src/secrets.js';
import { toolCallsOf, toolResultsOf, toolResultText } from '../../src/toolTurn.js';

const provider = 'ollama';

/** Where an Ollama server is, and what to ask it for. */
export interface OllamaConfig {
  /** Default: the environment's `OLLAMA_DEFAULT_MODEL`, else `llama2`. */
  readonly model?: string | undefined;
  /** Default: the environment's `OLLAMA_URL`, else `http://localhost:11434`. May carry `user:password@`. */
  readonly baseURL?: string | undefined;
  /** For a server behind a proxy that wants a key, sent as a bearer token. Default: none. */
  readonly apiKey?: string | undefined;
  /** An `Ollama` instance of your own, with its host, headers and fetch; `baseURL` and `apiKey` are then left alone. */
  readonly client?: Ollama | undefined;
  /** Aborts every request of this model. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A model served by Ollama.
 *
 * The `ollama` package makes the requests; the answer's lines are read here, because its own reader skips a line
 * that it cannot parse without a word, and because only so the valve reaches the socket. `continueFrom` is asked by
 * assistant prefill, which Ollama's templates go on from.
 *
 * All options of a call are honoured. `reasoning` becomes `think`; a `schema` becomes `format`.
 *
 * @example
 * ```ts
 * const llama = ollama({ model: 'llama3.2' });
 * llama('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 *
 * @throws nothing by itself: a server that cannot be reached is a `ConnectionError` of the Observable.
 */
export function ollama(config: OllamaConfig = {}): ChatModel {
  const model = config.model ?? environment('OLLAMA_DEFAULT_MODEL') ?? 'llama2';
  const baseURL = () => config.baseURL ?? environment('OLLAMA_URL') ?? 'http://localhost:11434';
  const request = (messages: readonly Message[], options: ChatOptions): ChatRequest => ({
    model,
    messages: messages.flatMap(toOllama),
    options: sampling(options),
    ...(options.reasoning === undefined ? {} : { think: options.reasoning }),
    ...(options.schema === undefined ? {} : { format: toJsonSchema(options.schema) }),
    ...(options.tools === undefined ? {} : { tools: options.tools.map(toTool) }),
  });

  return defineChatModel({
    provider,
    model,
    continuation: 'prefill',
    signal: config.signal,
    secrets: () => [
      config.apiKey,
      environment('OLLAMA_API_KEY'),
      ...secretsOfUrl(config.client === undefined ? baseURL() : inside(config.client).config.host),
      ...secretsOfHeaders(config.client === undefined ? undefined : inside(config.client).config.headers),
    ],
    stream: ({ messages, options, signal }) =>
      openLater(async () => {
        const { client, response } = listenIn(config.client ?? connect(baseURL(), config.apiKey), signal);
        await client.chat({ ...request(messages, options), stream: true });
        return parts(response().body);
      }),
    async complete({ messages, options, signal }) {
      const { client } = listenIn(config.client ?? connect(baseURL(), config.apiKey), signal);
      const reply: unknown = await client.chat({ ...request(messages, options), stream: false });
      const chunk = checked(reply);
      if (chunk.done === false) {
        const partial = chunk.message?.content ?? '';
        throw new TruncatedReplyError('ollama: the reply is not marked as done', { provider, partial });
      }
      return chunk.message?.content ?? '';
    },
  });
}

/** One line of an answer, as far as it is read here. */
interface Chunk {
  readonly message?: {
    readonly content?: string;
    readonly thinking?: string;
    readonly tool_calls?: readonly {
      readonly id?: string;
      readonly function: { readonly name: string; readonly arguments?: unknown };
    }[];
  };
  readonly done?: boolean;
  readonly done_reason?: string;
  readonly prompt_eval_count?: number;
  readonly eval_count?: number;
}

/** What of the client is read and replaced here; its types keep them to itself. */
interface Inside {
  readonly fetch: typeof fetch;
  readonly config: { readonly host?: string; readonly headers?: HeadersInit };
}

function inside(client: Ollama): Inside {
  return client as unknown as Inside;
}

function connect(baseURL: string, apiKey: string | undefined): Ollama {
  if (!URL.canParse(baseURL)) return new Ollama({ host: baseURL, ...bearer(apiKey) });
  // fetch refuses credentials in a URL; they mean the same as a header.
  const url = new URL(baseURL);
  const { username, password } = url;
  if (username === '' && password === '') return new Ollama({ host: baseURL, ...bearer(apiKey) });
  url.username = '';
  url.password = '';
  const basic = btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return new Ollama({ host: url.href, headers: { Authorization: `Basic ${basic}` } });
}

function bearer(apiKey: string | undefined): { headers?: HeadersInit } {
  return apiKey === undefined ? {} : { headers: { Authorization: `Bearer ${apiKey}` } };
}

/**
 * The client for one request: with a signal, which its own interface does not take, and with its response at hand.
 * A failed one is told here, because the client keeps neither its headers nor quiet on the console.
 */
function listenIn(client: Ollama, signal: AbortSignal): { client: Ollama; response: () => Response } {
  let last: Response | undefined;
  const { fetch: send } = inside(client);
  const fetchWithSignal: typeof fetch = async (input, init) => {
    last = await send(input, { ...init, signal });
    if (!last.ok) throw await refused(last);
    return last;
  };
  const own = Object.create(client, {
    fetch: { value: fetchWithSignal },
    ongoingStreamedRequests: { value: [] },
  }) as Ollama;
  return {
    client: own,
    response: () => {
      if (last === undefined) throw new ProviderError('ollama: the client has made no request', { provider });
      return last;
    },
  };
}

async function refused(response: Response): Promise<ProviderError> {
  const body = await response.text();
  const { status, statusText, headers } = response;
  let message = body === '' ? statusText : body.slice(0, 500);
  try {
    const { error } = JSON.parse(body) as { readonly error?: unknown };
    if (typeof error === 'string') message = error;
  } catch {
    // A proxy's page: the text itself is the message.
  }
  return httpFailure({ provider, status, message, headers });
}

function parts(body: Response['body']): AsyncIterable<readonly ReplyPart[]> {
  let calls = 0;
  return replyParts(readLines(body), (line, unterminated, found) => {
    if (line === '' || line.trim() === '') return false;
    const chunk = parse(line, unterminated);
    if (chunk === undefined) return false;
    const { message } = chunk;
    if (message !== undefined) {
      if (message.thinking) found.push({ type: 'reasoning', text: message.thinking });
      if (message.content) found.push({ type: 'text', text: message.content });
      for (const { id = `call-${calls}`, function: call } of message.tool_calls ?? []) {
        calls += 1;
        found.push({ type: 'tool-call', id, name: call.name, arguments: call.arguments ?? {} });
      }
    }
    if (chunk.done !== true) return false;
    found.push(finish(chunk, calls > 0));
    return true;
  });
}

function parse(line: string, unterminated: boolean): Chunk | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    // Half a line at the end of the stream is a reply cut short, which its missing marker tells.
    if (unterminated) return undefined;
    throw new MalformedReplyError(`ollama: a line is not JSON: ${line.slice(0, 100)}`, { provider, cause });
  }
  return checked(value);
}

function checked(value: unknown): Chunk {
  if (typeof value !== 'object' || value === null) {
    throw new MalformedReplyError('ollama: a line is not an object', { provider });
  }
  if ('error' in value) {
    // It began to answer and broke down: the server's fault, not the request's.
    throw new ProviderError(`ollama: ${String(value.error)}`, { provider, retryable: true });
  }
  return value;
}

function finish(chunk: Chunk, called: boolean): ReplyPart {
  const { prompt_eval_count: inputTokens, eval_count: outputTokens } = chunk;
  const reason = called ? 'tool-calls' : (reasons[chunk.done_reason ?? 'stop'] ?? 'other');
  return outputTokens === undefined
    ? { type: 'finish', reason }
    : { type: 'finish', reason, usage: { inputTokens: inputTokens ?? 0, outputTokens } };
}

const reasons: Readonly<Record<string, FinishReason>> = { stop: 'stop', length: 'length' };

function toOllama(message: Message): OllamaMessage[] {
  const results = toolResultsOf(message);
  if (results.length > 0) {
    return results.map((result) => ({
      role: 'tool',
      tool_name: result.name,
      content: toolResultText(result),
    }));
  }
  const { role, content } = message;
  const calls = toolCallsOf(message).map((call): OllamaToolCall => ({
    function: { name: call.name, arguments: call.arguments as OllamaToolCall['function']['arguments'] },
  }));
  return [calls.length === 0 ? { role, content } : { role, content, tool_calls: calls }];
}

function toTool({ name, description, parameters }: ToolDefinition): Tool {
  const described = description === undefined ? {} : { description };
  return { type: 'function', function: { name, ...described, parameters: toJsonSchema(parameters) } };
}

function sampling(options: ChatOptions): NonNullable<ChatRequest['options']> {
  const { temperature, maxTokens, topP, stop, seed } = options;
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { num_predict: maxTokens }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(stop === undefined ? {} : { stop: [stop].flat() }),
    ...(seed === undefined ? {} : { seed }),
  };
}
