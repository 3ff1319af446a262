import { GoogleGenAI } from '@google/genai';
import type { ChatModel, ChatOptions } from '../../src/chatModel.js';
import { defineChatModel, type ReplyPart } from '../../src/defineChatModel.js';
import { environment, optionOr } from '../../src/environment.js';
import { AuthenticationError, MalformedReplyError, ProviderError } from '../../src/errors.js';
import type { Message } from '../../src/message.js';
import { httpFailure } from '../../src/providerFailure.js';
import { readServerSentEvents } from '../../src/readServerSentEvents.js';
import { replyParts } from '../../src/replyParts.js';
import { secretsOfHeaders, secretsOfUrl } from '../../src/secrets.js';
import {
  chunkReader,
  generationConfig,
  readRefusal,
  splitVersion,
  toContents,
  toTools,
  wholeText,
} from './geminiProtocol.js';

const provider = 'google-genai';

/** What is used of a `GoogleGenAI` instance, of whichever major version. */
export interface GoogleGenAIClient {
  readonly models: {
    generateContent(request: object): Promise<unknown>;
    generateContentStream(request: object): Promise<unknown>;
  };
}

/** Which Gemini model, and where. */
export interface GoogleGenAIConfig {
  /** Default: `gemini-2.5-flash`. */
  readonly model?: string | undefined;
  /**
   * Where the API is, with or without its version; `v1beta` where none is said. Default: the environment's
   * `GOOGLE_GEMINI_BASE_URL`, else Google's own.
   */
  readonly baseURL?: string | undefined;
  /** Default: the environment's `GOOGLE_AI_STUDIO_KEY`. */
  readonly apiKey?: string | undefined;
  /**
   * A `GoogleGenAI` instance of your own (`@google/genai` from 2.23, or 3; Vertex AI included) with its keys, URLs and
   * fetch; `baseURL` and `apiKey` are then left alone. Its retries are off all the same.
   */
  readonly client?: GoogleGenAIClient | undefined;
  /** Aborts every request of this model. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A Gemini model through `@google/genai`, Google's maintained SDK.
 *
 * The SDK authenticates, finds the URL and writes the request; the stream it opens is read here, because its own
 * reader loses a reply whose last line end is missing, builds a `Response` for every chunk, and keeps the socket when
 * it is left. So the valve reaches the socket, too.
 *
 * All options of a call are honoured. `reasoning` is the thinking level (a token budget for Gemini 2), and asks for
 * the thoughts, which come as `reasoning` events; a `schema` is `responseJsonSchema`. A prompt that is blocked finishes
 * with `content-filter`. `continueFrom` asks the model to go on. An error's `retryAfter` is the server's `RetryInfo`,
 * else its `Retry-After`.
 *
 * @example
 * ```ts
 * const flash = googleGenAI({ model: 'gemini-2.5-flash' });
 * flash('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 *
 * A missing key is an `AuthenticationError` of the Observable.
 */
export function googleGenAI(config: GoogleGenAIConfig = {}): ChatModel {
  const model = config.model ?? 'gemini-2.5-flash';
  const apiKey = () => optionOr('GOOGLE_AI_STUDIO_KEY', config.apiKey);
  const baseURL = () => config.baseURL ?? environment('GOOGLE_GEMINI_BASE_URL');
  const connect = (): GoogleGenAIClient => {
    if (config.client !== undefined) return config.client;
    const key = apiKey();
    if (key === undefined) {
      throw new AuthenticationError('google-genai: no API key: set GOOGLE_AI_STUDIO_KEY or pass apiKey', {
        provider,
      });
    }
    const { baseUrl, apiVersion } = splitVersion(baseURL());
    return new GoogleGenAI({
      apiKey: key,
      apiVersion,
      ...(baseUrl !== undefined && { httpOptions: { baseUrl } }),
    });
  };
  const request = (
    messages: readonly Message[],
    options: ChatOptions,
    signal: AbortSignal,
    send: typeof fetch,
  ) => {
    const { contents, systemInstruction } = toContents(messages);
    const tools = toTools(options);
    return {
      model,
      contents,
      config: {
        ...generationConfig(model, options),
        ...(systemInstruction && { systemInstruction }),
        ...(tools && { tools }),
        abortSignal: signal,
        // one attempt is no retry; said only where the client may have been told otherwise
        httpOptions: { fetch: send, ...(config.client && { retryOptions: { attempts: 1 } }) },
      },
    };
  };

  return defineChatModel({
    provider,
    model,
    continuation: 'instruction',
    signal: config.signal,
    secrets: () => [apiKey(), ...secretsOfUrl(baseURL()), ...secretsOf(config.client)],
    async *stream({ messages, options, signal }) {
      const client = connect();
      const { send, response } = listener(client);
      await client.models.generateContentStream(request(messages, options, signal, send));
      yield* parts(response().body);
    },
    async complete({ messages, options, signal }) {
      const client = connect();
      const { send } = listener(client);
      return wholeText(
        provider,
        await client.models.generateContent(request(messages, options, signal, send)),
      );
    },
  });
}

/** A fetch for one request that keeps the response at hand, and tells a refusal while its headers are still there. */
function listener(client: GoogleGenAIClient): {
  readonly send: typeof fetch;
  readonly response: () => Response;
} {
  const own = inside(client).httpOptions?.fetch ?? fetch;
  let last: Response | undefined;
  return {
    async send(input, init) {
      last = await own(input, init);
      if (!last.ok) throw await refused(last);
      return last;
    },
    response() {
      if (last !== undefined) return last;
      const message = 'google-genai: the client has made no request; @google/genai must be 2.23 or later';
      throw new ProviderError(message, { provider });
    },
  };
}

async function refused(response: Response): Promise<ProviderError> {
  const { status, statusText, headers } = response;
  const body = await response.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // a proxy's page: the text itself is the message
  }
  const { message = body === '' ? statusText : body.slice(0, 500), retryAfter } = readRefusal(parsed);
  return httpFailure({ provider, status, message, headers, retryAfter });
}

function parts(body: Response['body']): AsyncIterable<readonly ReplyPart[]> {
  const read = chunkReader(provider);
  return replyParts(readServerSentEvents(body), (data, unterminated, found) => {
    const chunk = parse(data, unterminated);
    if (chunk !== undefined) found.push(...read(chunk));
    // every chunk may have a finish reason: only the end of the stream is the end
    return false;
  });
}

function parse(data: string, unterminated: boolean): unknown {
  try {
    return JSON.parse(data);
  } catch (cause) {
    // half an event at the end of the stream is a reply cut short, which its missing marker tells
    if (unterminated) return undefined;
    throw new MalformedReplyError(`google-genai: an event is not JSON: ${data.slice(0, 100)}`, {
      provider,
      cause,
    });
  }
}

/** What of the client is read here; its types keep it to itself. */
interface Inside {
  readonly apiKey?: string;
  readonly httpOptions?: {
    readonly baseUrl?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly fetch?: typeof fetch;
  };
}

function inside(client: GoogleGenAIClient): Inside {
  return client as unknown as Inside;
}

function secretsOf(client: GoogleGenAIClient | undefined): (string | undefined)[] {
  if (client === undefined) return [];
  const { apiKey, httpOptions } = inside(client);
  return [apiKey, ...secretsOfUrl(httpOptions?.baseUrl), ...secretsOfHeaders(httpOptions?.headers)];
}
