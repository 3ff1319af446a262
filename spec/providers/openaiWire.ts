import { openai } from '../../providers/openai/index.js';
import type { ChatWire } from './chatConformance.js';

const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (part: object) => event({ id: 'c', choices: [{ index: 0, delta: part, finish_reason: null }] });

/** OpenAI's chat completions as bytes. */
export const openaiWire: ChatWire = {
  name: 'openai',
  create: ({ baseURL, ...config }) => openai({ model: 'model-1', baseURL: `${baseURL}/v1`, ...config }),
  keyVariable: 'OPENAI_API_KEY',
  streamHeaders: { 'content-type': 'text/event-stream' },
  begin: delta({ role: 'assistant', content: '' }),
  text: (content) => delta({ content }),
  reasoning: (text) => delta({ reasoning_content: text }),
  toolCalls: (calls) => {
    const heads = calls.map(({ id, name }, index) =>
      delta({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
    );
    // Fragments of every call in turn, as parallel calls may come.
    const rest = calls.map((call) => JSON.stringify(call.arguments));
    const fragments: string[] = [];
    for (let at = 0; rest.some((json) => at < json.length); at += 5) {
      rest.forEach((json, index) => {
        const piece = json.slice(at, at + 5);
        if (piece !== '') fragments.push(delta({ tool_calls: [{ index, function: { arguments: piece } }] }));
      });
    }
    return [...heads, ...fragments].join('');
  },
  finish: (reason, usage) => {
    const finish_reason = {
      stop: 'stop',
      length: 'length',
      'content-filter': 'content_filter',
      'tool-calls': 'tool_calls',
      other: 'something_new',
    }[reason];
    const cost =
      usage === undefined
        ? ''
        : event({
            choices: [],
            usage: { prompt_tokens: usage.inputTokens, completion_tokens: usage.outputTokens },
          });
    return `${event({ choices: [{ index: 0, delta: {}, finish_reason }] })}${cost}data: [DONE]\n\n`;
  },
  reasons: ['stop', 'length', 'content-filter', 'tool-calls', 'other'],
  whole: (content) =>
    JSON.stringify({ choices: [{ message: { role: 'assistant', content }, finish_reason: 'stop' }] }),
  keepAlive: ': ping\n\n',
  malformed: 'data: {"choices": oops}\n\n',
  errorInside: {
    bytes: event({ error: { message: 'The server had an error', type: 'server_error' } }),
    error: { name: 'ProviderError', retryable: true },
  },
  refusal: (message) => JSON.stringify({ error: { message, type: 'error', code: null } }),
  readRequest: ({ json }) => {
    const sent = json as {
      model?: string;
      messages: { role: string; content: string }[];
      temperature?: number;
      max_tokens?: number;
      top_p?: number;
      stop?: string[];
      seed?: number;
      response_format?: { json_schema: { schema: unknown } };
      tools?: { function: { name: string; parameters: unknown } }[];
    };
    return {
      model: sent.model,
      messages: sent.messages,
      temperature: sent.temperature,
      maxTokens: sent.max_tokens,
      topP: sent.top_p,
      stop: sent.stop,
      seed: sent.seed,
      ...(sent.response_format === undefined ? {} : { schema: sent.response_format.json_schema.schema }),
      ...(sent.tools === undefined ? {} : { tools: sent.tools.map((tool) => tool.function) }),
    };
  },
  continuation: 'instruction',
};
