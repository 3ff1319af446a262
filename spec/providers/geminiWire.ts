import { gemini } from '../../providers/gemini/index.js';
import { googleGenAI } from '../../providers/google-genai/index.js';
import type { FinishReason, Usage } from '../../src/chatModel.js';
import type { ChatWire } from './chatConformance.js';

interface Sent {
  readonly contents: readonly {
    readonly role: string;
    readonly parts: readonly { readonly text?: string }[];
  }[];
  readonly systemInstruction?: { readonly parts: readonly { readonly text?: string }[] };
  readonly generationConfig?: Readonly<Record<string, unknown>>;
  readonly tools?: readonly {
    readonly functionDeclarations: readonly {
      readonly name: unknown;
      readonly parametersJsonSchema: unknown;
    }[];
  }[];
}

/** An event as Google's servers write it: with these two escaped, as their JSON always has them. */
export const event = (chunk: object): string =>
  `data: ${JSON.stringify(chunk).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n\n`;
export const parts = (...list: object[]): object => ({
  candidates: [{ content: { role: 'model', parts: list } }],
});

const reasons: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'content-filter': 'SAFETY',
  'tool-calls': 'STOP',
  other: 'OTHER',
};
const counts = (usage: Usage | undefined) =>
  usage && {
    usageMetadata: {
      promptTokenCount: usage.inputTokens,
      candidatesTokenCount: usage.outputTokens - 2,
      thoughtsTokenCount: 2,
    },
  };
const text = (list: readonly { readonly text?: string }[]) => list.map((part) => part.text ?? '').join('');

/** Gemini's protocol, which both of Google's SDKs speak. */
export const geminiWire: Omit<ChatWire, 'name' | 'create'> = {
  streamHeaders: { 'content-type': 'text/event-stream' },
  text: (piece) => event(parts({ text: piece })),
  reasoning: (piece) => event(parts({ text: piece, thought: true })),
  toolCalls: ([first, ...others]) =>
    event(parts({ functionCall: { id: first!.id, name: first!.name, args: first!.arguments } })) +
    event(parts(...others.map((call) => ({ functionCall: { name: call.name, args: call.arguments } })))),
  finish: (reason, usage) =>
    event({
      candidates: [{ content: { role: 'model', parts: [{ text: '' }] }, finishReason: reasons[reason] }],
      ...counts(usage),
    }),
  reasons: ['stop', 'length', 'content-filter', 'tool-calls', 'other'],
  whole: (reply) =>
    JSON.stringify({
      candidates: [
        {
          content: { role: 'model', parts: [{ text: 'Hm.', thought: true }, { text: reply }] },
          finishReason: 'STOP',
        },
      ],
    }),
  malformed: 'data: {"candidates": oops}\n\n',
  errorInside: {
    bytes: event({ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }),
    error: { name: 'OverloadedError', status: 503, retryable: true },
  },
  refusal: (message, status) => JSON.stringify({ error: { code: status, message, status: 'REFUSED' } }),
  readRequest: ({ path, json }) => {
    const { contents, systemInstruction, generationConfig = {}, tools } = json as unknown as Sent;
    const system = systemInstruction ? [{ role: 'system', content: text(systemInstruction.parts) }] : [];
    const spoken = contents.map(({ role, parts: list }) => ({
      role: role === 'model' ? 'assistant' : role,
      content: text(list),
    }));
    return {
      model: /\/v1beta\/models\/([^:]+):/.exec(path)?.[1],
      messages: [...system, ...spoken],
      temperature: generationConfig['temperature'],
      maxTokens: generationConfig['maxOutputTokens'],
      topP: generationConfig['topP'],
      stop: generationConfig['stopSequences'],
      seed: generationConfig['seed'],
      ...(generationConfig['responseJsonSchema'] !== undefined && {
        schema: generationConfig['responseJsonSchema'],
      }),
      ...(tools && {
        tools: tools.flatMap(({ functionDeclarations }) =>
          functionDeclarations.map(({ name, parametersJsonSchema }) => ({
            name,
            parameters: parametersJsonSchema,
          })),
        ),
      }),
    };
  },
  continuation: 'instruction',
};

/** As `@google/genai` speaks it. */
export const googleGenAIWire: ChatWire = {
  ...geminiWire,
  name: 'google-genai',
  keyVariable: 'GOOGLE_AI_STUDIO_KEY',
  create: (config) => googleGenAI({ model: 'model-1', ...config }),
  keepAlive: ': still here\n\n',
};

/** As `@google/generative-ai` speaks it. */
export const generativeAIWire: ChatWire = {
  ...geminiWire,
  name: 'gemini',
  keyVariable: 'GOOGLE_AI_STUDIO_KEY',
  create: (config) => gemini({ model: 'model-1', ...config }),
  backpressure: false,
  retryAfterHeader: false,
  strictReader: true,
};
