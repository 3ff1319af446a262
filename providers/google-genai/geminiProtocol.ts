import type { ChatOptions, FinishReason, Usage } from '../../src/chatModel.js';
import type { ReplyPart } from '../../src/defineChatModel.js';
import { MalformedReplyError, ProviderError, TruncatedReplyError } from '../../src/errors.js';
import { toJsonSchema } from '../../src/jsonSchema.js';
import type { Message } from '../../src/message.js';
import { httpFailure } from '../../src/providerFailure.js';
import { toolCallsOf, toolResultsOf, type ToolCall, type ToolResult } from '../../src/toolTurn.js';

/** A chunk of a streamed reply, or a whole one, as far as it is read here. */
interface Chunk {
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly Part[] };
    readonly finishReason?: string;
  }[];
  readonly promptFeedback?: { readonly blockReason?: string };
  readonly usageMetadata?: {
    readonly promptTokenCount?: number;
    readonly candidatesTokenCount?: number;
    readonly thoughtsTokenCount?: number;
  };
  readonly error?: unknown;
}

interface Part {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly functionCall?: { readonly id?: string; readonly name?: string; readonly args?: unknown };
}

/** Where a server is, in the two pieces that Google's SDKs want: an API version at the end of the URL is one of them. */
export function splitVersion(baseURL: string | undefined): {
  readonly baseUrl?: string;
  readonly apiVersion: string;
} {
  // the beta is where thinking, seeds and JSON schemas are, whatever an SDK's own default is
  if (baseURL === undefined) return { apiVersion: 'v1beta' };
  const [, baseUrl = baseURL, apiVersion = 'v1beta'] = /^(.*?)(?:\/(v\d\w*))?\/*$/.exec(baseURL) ?? [];
  return { baseUrl, apiVersion };
}

/** The conversation as the protocol has it: system messages apart, tool calls and results as parts. */
export function toContents(messages: readonly Message[]): {
  readonly contents: { readonly role: string; readonly parts: object[] }[];
  readonly systemInstruction?: { readonly role: 'system'; readonly parts: object[] };
} {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const contents = messages
    .filter(({ role }) => role !== 'system')
    .map((message) => ({ role: message.role === 'assistant' ? 'model' : 'user', parts: toParts(message) }));
  return {
    contents,
    ...(system.length > 0 && {
      systemInstruction: { role: 'system' as const, parts: [{ text: system.join('\n\n') }] },
    }),
  };
}

function toParts(message: Message): object[] {
  const parts = [
    ...toolCallsOf(message).map(({ id, name, arguments: args, signature }) => ({
      functionCall: { ...theirs(id), name, args },
      ...(signature !== undefined && { thoughtSignature: signature }),
    })),
    ...toolResultsOf(message).map((result) => ({
      functionResponse: { ...theirs(result.id), name: result.name, response: toResponse(result) },
    })),
  ];
  // a turn without a part is refused
  return message.content === '' && parts.length > 0 ? parts : [{ text: message.content }, ...parts];
}

/** The protocol wants an object. */
function toResponse({ result, isError = false }: ToolResult): object {
  if (isError) return { error: result };
  return typeof result === 'object' && result !== null && !Array.isArray(result)
    ? result
    : { output: result ?? null };
}

/** The settings both SDKs hand on as they are. */
export function generationConfig(model: string, options: ChatOptions): object {
  const { temperature, maxTokens, topP, stop, seed, schema, reasoning } = options;
  return {
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(topP !== undefined && { topP }),
    ...(stop !== undefined && { stopSequences: [stop].flat() }),
    ...(seed !== undefined && { seed }),
    ...(schema !== undefined && {
      responseMimeType: 'application/json',
      responseJsonSchema: toJsonSchema(schema),
    }),
    ...(reasoning !== undefined && { thinkingConfig: thinking(model, reasoning) }),
  };
}

/** Gemini 2 counts its thinking in tokens, later models in levels. */
function thinking(model: string, reasoning: NonNullable<ChatOptions['reasoning']>): object {
  const counts = model.includes('gemini-2');
  if (reasoning === true) return { includeThoughts: true };
  if (reasoning === false) return counts ? { thinkingBudget: 0 } : { thinkingLevel: 'MINIMAL' };
  const budget = { low: 1024, medium: 8192, high: 24_576 }[reasoning];
  return counts
    ? { includeThoughts: true, thinkingBudget: budget }
    : { includeThoughts: true, thinkingLevel: reasoning.toUpperCase() };
}

/** Tools as the protocol has them, or none. */
export function toTools({ tools = [] }: ChatOptions): object[] | undefined {
  if (tools.length === 0) return undefined;
  const functionDeclarations = tools.map(({ name, description, parameters }) => ({
    name,
    ...(description !== undefined && { description }),
    parametersJsonSchema: toJsonSchema(parameters),
  }));
  return [{ functionDeclarations }];
}

/** Reads chunks in order: what each brings, and the finish as often as it is told. */
export function chunkReader(provider: string): (value: unknown) => readonly ReplyPart[] {
  let calls = 0;
  let usage: Usage | undefined;
  return (value) => {
    const chunk = checked(provider, value);
    usage = usageOf(chunk) ?? usage;
    const parts: ReplyPart[] = [];
    for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
      if (part.functionCall) {
        calls++;
        parts.push({ type: 'tool-call', ...toCall(part, calls) });
      } else if (part.text)
        parts.push({ type: part.thought === true ? 'reasoning' : 'text', text: part.text });
    }
    const reason = reasonOf(chunk, calls);
    if (reason) parts.push({ type: 'finish', reason, ...(usage && { usage }) });
    return parts;
  };
}

/** The text of a whole reply. */
export function wholeText(provider: string, value: unknown): string {
  const chunk = checked(provider, value);
  const text = (chunk.candidates?.[0]?.content?.parts ?? [])
    .filter((part) => part.thought !== true)
    .map((part) => part.text ?? '')
    .join('');
  if (reasonOf(chunk, 0)) return text;
  throw new TruncatedReplyError(`${provider}: the reply has no finish reason`, { provider, partial: text });
}

/** What a protocol error says: its message, and its RetryInfo in milliseconds. */
export function readRefusal(body: unknown): {
  readonly message: string | undefined;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
} {
  // some servers send a list with the error in it
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const error = field(first, 'error');
  const [message, code] = [field(error, 'message'), field(error, 'code')];
  return {
    message: typeof message === 'string' ? message : undefined,
    status: typeof code === 'number' ? code : undefined,
    retryAfter: retryInfo(field(error, 'details')),
  };
}

/** Milliseconds of the RetryInfo in an error's details, which says `"3.5s"`. */
export function retryInfo(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  for (const detail of details as unknown[]) {
    const delay = field(detail, 'retryDelay');
    if (typeof delay === 'string' && /^\d+(\.\d+)?s$/.test(delay)) return parseFloat(delay) * 1000;
  }
  return undefined;
}

function checked(provider: string, value: unknown): Chunk {
  if (typeof value !== 'object' || value === null)
    throw new MalformedReplyError(`${provider}: a chunk of the reply is not an object`, { provider });
  const chunk: Chunk = value;
  if (chunk.error === undefined) return chunk;
  const { message = JSON.stringify(chunk.error), status, retryAfter } = readRefusal(value);
  if (status !== undefined && status >= 400) throw httpFailure({ provider, status, message, retryAfter });
  // it began to answer and broke down: the server's fault, not the request's
  throw new ProviderError(`${provider}: ${message}`, { provider, retryable: true });
}

const REASONS: Readonly<Record<string, FinishReason>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  FUNCTION_CALL: 'tool-calls',
};

function reasonOf({ candidates, promptFeedback }: Chunk, calls: number): FinishReason | undefined {
  const said = candidates?.[0]?.finishReason;
  if (said === undefined || said === '') return promptFeedback?.blockReason ? 'content-filter' : undefined;
  const reason = REASONS[said] ?? 'other';
  // Google's own servers have no reason of its own for calls
  return reason === 'stop' && calls > 0 ? 'tool-calls' : reason;
}

function usageOf({ usageMetadata: counts }: Chunk): Usage | undefined {
  if (!counts) return undefined;
  const { promptTokenCount = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = counts;
  return { inputTokens: promptTokenCount, outputTokens: candidatesTokenCount + thoughtsTokenCount };
}

/** Calls that the server gave no id get one of ours, which is not sent back. */
const OURS = 'rx-aloud-call-';

function toCall({ functionCall = {}, thoughtSignature }: Part, number: number): ToolCall {
  const { id, name = '', args = {} } = functionCall;
  return {
    id: id ?? `${OURS}${number}`,
    name,
    arguments: args,
    ...(thoughtSignature !== undefined && { signature: thoughtSignature }),
  };
}

function theirs(id: string): object {
  return id.startsWith(OURS) ? {} : { id };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
