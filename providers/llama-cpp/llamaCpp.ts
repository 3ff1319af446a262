import { basename } from 'node:path';
import type { ChatModel } from '../../src/chatModel.js';
import { defineChatModel, type ReplyPart } from '../../src/defineChatModel.js';
import { ProviderError } from '../../src/errors.js';
import { toJsonSchema } from '../../src/jsonSchema.js';
import { messageOf } from '../../src/providerFailure.js';
import { createEngine } from './engine.js';
import { firstAbort } from './firstAbort.js';
import { generate } from './generate.js';
import type { NodeLlamaCpp } from './nodeLlamaCpp.js';
import { partFlow } from './partFlow.js';

const provider = 'llama-cpp';

/** Which model file, and how it is run. */
export interface LlamaCppConfig {
  /** The GGUF file. Needed, here or as `model`. */
  readonly modelPath?: string | undefined;
  /** The same, by the name that every provider knows. */
  readonly model?: string | undefined;
  /** Tokens of conversation and reply together. A whole number of 1 or more. Default: the engine's choice. */
  readonly contextSize?: number | undefined;
  /**
   * Threads to reckon with, at most as many as there are physical cores. A whole number of 1 or more. Default: one
   * less than the physical cores, because all threads wait for one that has to share its core.
   */
  readonly maxThreads?: number | undefined;
  /** `false`, `'auto'`, `'cuda'`, `'vulkan'` or `'metal'`; anything but `false` needs that build. Default: false. */
  readonly gpu?: false | 'auto' | 'cuda' | 'vulkan' | 'metal' | undefined;
  /** A chat wrapper of `node-llama-cpp` for a file without a template of its own. Default: the file's template. */
  readonly chatWrapper?: object | undefined;
  /** How the package is loaded. Default: `import('node-llama-cpp')`. */
  readonly load?: (() => Promise<unknown>) | undefined;
  /** Aborts every request of this model. */
  readonly signal?: AbortSignal | undefined;
}

/** A chat model that holds a file in memory. */
export interface LlamaCppModel extends ChatModel {
  /**
   * Ends what is running, waits until the engine stands still, and frees it. The next request loads the file again.
   */
  dispose(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A GGUF file, run by llama.cpp inside this process: no server, no key, no network.
 *
 * The file is loaded by the first subscription and kept for the next ones until `dispose`; requests take turns. A model
 * with a chat template answers in a chat session; one without goes on with the text of the messages. While the valve
 * is closed the engine computes nothing. A `schema` becomes a grammar, so the reply cannot be anything else. `tools`
 * and `reasoning` are not supported; thoughts that the chat template marks come as `reasoning` events.
 * `continueFrom` is prefilled, so the continuation is exact.
 *
 * A plain `npm install node-llama-cpp` downloads 725 MB of CUDA and Vulkan builds. For the CPU alone, 85 MB (in place
 * of `linux-x64`: `mac-arm64-metal`, `mac-x64`, `win-x64` …):
 *
 * ```sh
 * npm install --omit=optional --ignore-scripts node-llama-cpp @node-llama-cpp/linux-x64
 * ```
 *
 * @example
 * ```ts
 * const stories = llamaCpp({ modelPath: './models/stories.gguf' });
 * stories('Once upon a time', { maxTokens: 100 }).subscribe((token) => process.stdout.write(token));
 * ```
 *
 * A missing package or file is a `ProviderError` of the Observable, not retryable.
 */
export function llamaCpp(config: LlamaCppConfig): LlamaCppModel {
  const {
    model: path,
    modelPath = path,
    contextSize,
    maxThreads,
    gpu = false,
    chatWrapper,
    load = importPackage,
  } = config;
  if (typeof modelPath !== 'string' || modelPath === '')
    throw new TypeError(`modelPath must be the path of a GGUF file, was ${JSON.stringify(modelPath)}`);
  for (const [name, value] of Object.entries({ contextSize, maxThreads }))
    if (value !== undefined && !(Number.isInteger(value) && value >= 1))
      throw new TypeError(`${name} must be a whole number of 1 or more, was ${value}`);
  const engine = createEngine({
    modelPath,
    contextSize,
    maxThreads,
    gpu,
    load: () => load().then((found) => found as NodeLlamaCpp, notInstalled),
  });

  const model = defineChatModel({
    provider,
    model: basename(modelPath),
    unsupported: ['tools', 'reasoning'],
    check: (_, options) => {
      if (options.schema !== undefined) toJsonSchema(options.schema);
    },
    continuation: 'prefill',
    signal: config.signal,
    failure,
    async *stream({ messages, options, signal }) {
      const turn = await engine.turn(signal);
      const flow = partFlow();
      const stop = firstAbort([signal, turn.disposed, flow.left]);
      // a step that waits for a reader would wait for ever once there is none
      stop.signal.addEventListener('abort', flow.open);
      turn.gate = flow.gate;
      const running = generate(turn, messages, options, {
        chatWrapper,
        signal: stop.signal,
        tell: flow.add,
      }).then((finish) => {
        if (turn.disposed.aborted) flow.fail(turn.disposed.reason);
        else flow.end(finish);
      }, flow.fail);
      try {
        yield* flow.parts();
      } finally {
        flow.leave();
        await running;
        stop.forget();
        turn.gate = (step) => step();
        turn.release();
      }
    },
    async complete({ messages, options, signal }) {
      const turn = await engine.turn(signal);
      const stop = firstAbort([signal, turn.disposed]);
      try {
        let text = '';
        const tell = (part: ReplyPart) => {
          if (part.type === 'text') text += part.text;
        };
        await generate(turn, messages, options, { chatWrapper, signal: stop.signal, tell });
        turn.disposed.throwIfAborted();
        return text;
      } finally {
        stop.forget();
        turn.release();
      }
    },
  });
  const dispose = () => engine.dispose();
  return Object.defineProperties(model, {
    dispose: { value: dispose },
    [Symbol.asyncDispose]: { value: dispose },
  }) as LlamaCppModel;
}

/** By a name that bundlers cannot follow: nobody needs the package who does not use it. */
function importPackage(): Promise<unknown> {
  const name = 'node-llama-cpp';
  return import(name);
}

function notInstalled(cause: unknown): never {
  const message = `llama-cpp: the package node-llama-cpp is not installed, or cannot be loaded: ${messageOf(cause)}`;
  throw new ProviderError(message, { provider, cause });
}

function failure(error: unknown): unknown {
  if (error instanceof ProviderError) return error;
  return new ProviderError(`llama-cpp: ${messageOf(error)}`, { provider, cause: error });
}
