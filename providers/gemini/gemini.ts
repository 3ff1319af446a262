import {
  GoogleGenerativeAI,
  GoogleGenerativeAIError,
  GoogleGenerativeAIFetchError,
  type GenerateContentRequest,
  type GenerativeModel,
} from '@google/generative-ai';
import type { ChatModel, ChatOptions } from '../../src/chatModel.js';
import { defineChatModel, type ReplyPart } from '../../src/defineChatModel.js';
import { environment, optionOr } from '../../src/environment.js';
import { AuthenticationError, ConnectionError, MalformedReplyError } from '../../src/errors.js';
import type { Message } from '../../src/message.js';
import { httpFailure } from '../../src/providerFailure.js';
import { secretsOfUrl } from '../../src/secrets.js';
import {
  chunkReader,
  generationConfig,
  retryInfo,
  splitVersion,
  toContents,
  toTools,
  wholeText,
} from '../google-genai/geminiProtocol.js';

const provider = 'gemini';

/** Which Gemini model, and where. */
export interface GeminiConfig {
  /** Default: `gemini-2.5-flash`. */
  readonly model?: string | undefined;
  /**
   * Where the API is, with or without its version; `v1beta` where none is said. Default: the environment's
   * `GOOGLE_GEMINI_BASE_URL`, as Google's newer SDK has it, else Google's own.
   */
  readonly baseURL?: string | undefined;
  /** Default: the environment's `GOOGLE_AI_STUDIO_KEY`. */
  readonly apiKey?: string | undefined;
  /** A `GoogleGenerativeAI` instance of your own; `apiKey` is then left alone. */
  readonly client?: GoogleGenerativeAI | undefined;
  /** Aborts every request of this model. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A Gemini model through `@google/generative-ai`, the SDK that Google no longer maintains. `googleGenAI` does the same
 * with its successor, and better; this one is for those who have the older package.
 *
 * It streams for real, but the package sets limits that cannot be lifted from outside, because it reads by itself and
 * takes no fetch of one's own:
 * - it reads the whole body as fast as it comes, so a closed `valve` stops the handing on, not the server;
 * - its errors have no headers: `retryAfter` is known only where the server sends a `RetryInfo` in the body;
 * - a reply without its last line end is a `TruncatedReplyError`, and a break discards what was read but not handed on.
 *
 * All options of a call are honoured. `reasoning` is the thinking level (a token budget for Gemini 2), and asks for
 * the thoughts; a `schema` is `responseJsonSchema`. A prompt that is blocked finishes with `content-filter`.
 * `continueFrom` asks the model to go on.
 *
 * @example
 * ```ts
 * const flash = gemini({ model: 'gemini-2.5-flash' });
 * flash('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 *
 * A missing key is an `AuthenticationError` of the Observable.
 */
export function gemini(config: GeminiConfig = {}): ChatModel {
  const model = config.model ?? 'gemini-2.5-flash';
  const apiKey = () => optionOr('GOOGLE_AI_STUDIO_KEY', config.apiKey);
  const baseURL = () => config.baseURL ?? environment('GOOGLE_GEMINI_BASE_URL');
  const connect = (): GenerativeModel => {
    const key = apiKey();
    if (config.client === undefined && key === undefined) {
      throw new AuthenticationError('gemini: no API key: set GOOGLE_AI_STUDIO_KEY or pass apiKey', {
        provider,
      });
    }
    const client = config.client ?? new GoogleGenerativeAI(key ?? '');
    return client.getGenerativeModel({ model }, splitVersion(baseURL()));
  };
  const request = (messages: readonly Message[], options: ChatOptions) => {
    const tools = toTools(options);
    const body = {
      ...toContents(messages),
      generationConfig: generationConfig(model, options),
      ...(tools && { tools }),
    };
    // the package's types are older than the protocol; it sends what it is given
    return body as unknown as GenerateContentRequest;
  };

  return defineChatModel({
    provider,
    model,
    continuation: 'instruction',
    signal: config.signal,
    secrets: () => [apiKey(), config.client?.apiKey, ...secretsOfUrl(baseURL())],
    failure,
    stream: ({ messages, options, signal }) =>
      chunkParts(async () => {
        const reply = await connect().generateContentStream(request(messages, options), { signal });
        // a broken stream is told by both, and nobody listens here
        reply.response.then(undefined, () => undefined);
        return reply.stream;
      }),
    async complete({ messages, options, signal }) {
      const { response } = await connect().generateContent(request(messages, options), { signal });
      return wholeText(provider, response);
    },
  });
}

/** The package's chunks as parts; by hand, because a generator around its generator costs a tenth of the whole. */
function chunkParts(open: () => Promise<AsyncGenerator>): AsyncIterable<readonly ReplyPart[]> {
  const read = chunkReader(provider);
  const part = ({ done, value }: IteratorResult<unknown, unknown>): IteratorResult<readonly ReplyPart[]> =>
    done === true ? END : { done: false, value: read(value) };
  const broken = (error: unknown): IteratorResult<readonly ReplyPart[]> => {
    // the stream has closed in the middle of an event: its missing marker tells that it is cut short
    if (isError(error, 'Failed to parse stream')) return END;
    throw error;
  };
  return {
    [Symbol.asyncIterator]() {
      let chunks: AsyncGenerator | undefined;
      return {
        async next() {
          // only the first time; a later turn must not wait once more for what is there
          chunks = await open();
          this.next = () => (chunks ? chunks.next().then(part, broken) : Promise.resolve(END));
          return this.next();
        },
        async return() {
          await chunks?.return(undefined);
          return END;
        },
      };
    },
  };
}

const END: IteratorResult<never> = { done: true, value: undefined };

/** The package says what went wrong in words only. */
function failure(error: unknown): unknown {
  if (error instanceof GoogleGenerativeAIFetchError && error.status !== undefined) {
    const { status, message, errorDetails } = error;
    return httpFailure({ provider, status, message, retryAfter: retryInfo(errorDetails), cause: error });
  }
  const options = { provider, cause: error };
  if (isError(error, 'Error parsing JSON response'))
    return new MalformedReplyError(`gemini: an event is not JSON`, options);
  if (isError(error, 'Error reading from the stream') || isError(error, 'Error fetching from'))
    return new ConnectionError(`gemini: ${error.message}`, options);
  return error;
}

function isError(error: unknown, saying: string): error is GoogleGenerativeAIError {
  return error instanceof GoogleGenerativeAIError && error.message.includes(saying);
}
