import { anthropic } from '../../providers/anthropic/index.js';
import type { ChatWire } from './chatConformance.js';

/** An event as the protocol writes it. */
export const event = (value: { readonly type: string }) =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const delta = (part: object, index = 0) => event({ type: 'content_block_delta', ...{ index, delta: part } });

/** Anthropic's messages as bytes. */
export const anthropicWire: ChatWire = {
  name: 'anthropic',
  create: (config) => anthropic({ model: 'model-1', ...config }),
  keyVariable: 'ANTHROPIC_API_KEY',
  streamHeaders: { 'content-type': 'text/event-stream' },
  begin:
    event({
      type: 'message_start',
      ...{ message: { id: 'm', usage: { input_tokens: 11, output_tokens: 1 } } },
    }) + event({ type: 'content_block_start', ...{ index: 0, content_block: { type: 'text', text: '' } } }),
  text: (text) => delta({ type: 'text_delta', text }),
  reasoning: (thinking) => delta({ type: 'thinking_delta', thinking }),
  toolCalls: (calls) =>
    calls
      .map(({ id, name, arguments: input }, at) => {
        const index = at + 1;
        const json = JSON.stringify(input);
        const pieces = json === '{}' ? [''] : (json.match(/[^]{1,4}/g) ?? []);
        return [
          event({
            type: 'content_block_start',
            ...{ index, content_block: { type: 'tool_use', id, name, input: {} } },
          }),
          ...pieces.map((partial_json) => delta({ type: 'input_json_delta', partial_json }, index)),
          event({ type: 'content_block_stop', ...{ index } }),
        ].join('');
      })
      .join(''),
  finish: (reason, usage) => {
    const stop_reason = {
      stop: 'end_turn',
      length: 'max_tokens',
      'content-filter': 'refusal',
      'tool-calls': 'tool_use',
      other: 'pause_turn',
    }[reason];
    const cost = usage === undefined ? {} : { usage: { output_tokens: usage.outputTokens } };
    return (
      event({ type: 'message_delta', ...{ delta: { stop_reason } }, ...cost }) +
      event({ type: 'message_stop' })
    );
  },
  reasons: ['stop', 'length', 'content-filter', 'tool-calls', 'other'],
  whole: (text) => JSON.stringify({ content: [{ type: 'text', text }], stop_reason: 'end_turn' }),
  keepAlive: event({ type: 'ping' }),
  malformed: 'event: content_block_delta\ndata: {"type": oops}\n\n',
  errorInside: {
    bytes: event({ type: 'error', ...{ error: { type: 'overloaded_error', message: 'Overloaded' } } }),
    error: { name: 'OverloadedError', retryable: true },
  },
  refusal: (message) => JSON.stringify({ type: 'error', error: { type: 'some_error', message } }),
  readRequest: ({ json }) => {
    const sent = json as {
      model?: string;
      system?: string;
      messages: { role: string; content: string }[];
      temperature?: number;
      max_tokens?: number;
      top_p?: number;
      stop_sequences?: string[];
      output_config?: { format?: { schema: unknown } };
      tools?: { name: string; input_schema: unknown }[];
    };
    return {
      model: sent.model,
      messages: [
        ...(sent.system === undefined ? [] : [{ role: 'system', content: sent.system }]),
        ...sent.messages,
      ],
      temperature: sent.temperature,
      maxTokens: sent.max_tokens,
      topP: sent.top_p,
      stop: sent.stop_sequences,
      ...(sent.output_config?.format === undefined ? {} : { schema: sent.output_config.format.schema }),
      ...(sent.tools === undefined
        ? {}
        : { tools: sent.tools.map((tool) => ({ name: tool.name, parameters: tool.input_schema })) }),
    };
  },
  unsupported: { seed: 7 },
  continuation: 'instruction',
};
