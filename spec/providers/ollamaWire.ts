import { ollama } from '../../providers/ollama/index.js';
import type { ChatWire } from './chatConformance.js';

const line = (value: object) => `${JSON.stringify(value)}\n`;

/** Ollama's chat as bytes. */
export const ollamaWire: ChatWire = {
  name: 'ollama',
  create: (config) => ollama({ model: 'model-1', ...config }),
  streamHeaders: { 'content-type': 'application/x-ndjson' },
  text: (content) => line({ message: { role: 'assistant', content }, done: false }),
  reasoning: (thinking) => line({ message: { role: 'assistant', content: '', thinking }, done: false }),
  toolCalls: (calls) =>
    calls
      .map((call) => ({ function: { name: call.name, arguments: call.arguments } }))
      .map((call) => line({ message: { role: 'assistant', content: '', tool_calls: [call] }, done: false }))
      .join(''),
  finish: (reason, usage) =>
    line({
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: {
        stop: 'stop',
        length: 'length',
        'tool-calls': 'stop',
        other: 'unload',
        'content-filter': '',
      }[reason],
      prompt_eval_count: usage?.inputTokens,
      eval_count: usage?.outputTokens,
    }),
  reasons: ['stop', 'length', 'tool-calls', 'other'],
  whole: (content) => line({ message: { role: 'assistant', content }, done: true, done_reason: 'stop' }),
  malformed: '{"message": oops}\n',
  keepAlive: '\n',
  errorInside: {
    bytes: line({ error: 'the runner has died' }),
    error: { name: 'ProviderError', retryable: true },
  },
  refusal: (message) => JSON.stringify({ error: message }),
  readRequest: ({ json }) => {
    const sent = json as {
      model?: string;
      messages: { role: string; content: string }[];
      options?: Record<string, unknown>;
      format?: unknown;
      tools?: { function: { name: string; parameters: unknown } }[];
    };
    const { model, messages, options = {}, format, tools } = sent;
    return {
      model,
      messages,
      temperature: options['temperature'],
      maxTokens: options['num_predict'],
      topP: options['top_p'],
      stop: options['stop'],
      seed: options['seed'],
      ...(format === undefined ? {} : { schema: format }),
      ...(tools === undefined ? {} : { tools: tools.map((tool) => tool.function) }),
    };
  },
  continuation: 'prefill',
};
