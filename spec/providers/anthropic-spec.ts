import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { anthropic } from '../../providers/anthropic/index.js';
import type { CompleteOptions } from '../../src/chatModel.js';
import type { Prompt } from '../../src/message.js';
import { toolCallTurn, toolResultTurn } from '../../src/toolTurn.js';
import { wireServer } from '../support/wireServer.js';
import { chatConformance, collect, type ChatWire } from './chatConformance.js';

const event = (value: { readonly type: string }) =>
  `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const delta = (part: object, index = 0) => event({ type: 'content_block_delta', ...{ index, delta: part } });

const wire: ChatWire = {
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

chatConformance(wire);

describe('anthropic', () => {
  const asked = async (model: string, prompt: Prompt, options: CompleteOptions, whole = false) => {
    const server = await wireServer(() => ({
      body: whole ? [wire.whole('so it is')] : [wire.begin!, wire.text('Hi'), wire.finish('stop')],
    }));
    try {
      const claude = anthropic({ model, apiKey: 'none', baseURL: server.url });
      await collect(whole ? claude.complete(prompt, options) : claude(prompt, options));
      return server.requests[0]!.json;
    } finally {
      await server.close();
    }
  };

  it('has a documented default model and reply limit', async () => {
    expect(anthropic().model).toBe('claude-haiku-5-5');
    expect(await asked('claude-haiku-5-5', 'Hi', {})).toMatchObject({ max_tokens: 4096 });
  });

  it.each([
    ['claude-3-5-haiku-20241022', 'prefill'],
    ['claude-sonnet-4-20250514', 'prefill'],
    ['claude-haiku-4-5-20251001', 'prefill'],
    ['claude-opus-4-5', 'prefill'],
    ['claude-opus-4-6', 'instruction'],
    ['claude-sonnet-5', 'instruction'],
    ['claude-haiku-5-5', 'instruction'],
  ])('%s goes on by %s', async (model, how) => {
    const json = await asked(model, 'Why?', { continueFrom: 'It is so' }, true);
    const last = (json['messages'] as { role: string; content: string }[]).at(-1)!;
    expect(last.role).toBe(how === 'prefill' ? 'assistant' : 'user');
    if (how === 'prefill') expect(last.content).toBe('It is');
  });

  it('thinks by budget or by effort, as the model does', async () => {
    expect(await asked('claude-haiku-4-5', 'Hi', { reasoning: 'low', maxTokens: 100 })).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 1024 },
      max_tokens: 1124,
    });
    expect(await asked('claude-sonnet-5', 'Hi', { reasoning: 'high', maxTokens: 100 })).toMatchObject({
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'high' },
      max_tokens: 16_484,
    });
    expect(await asked('claude-sonnet-5', 'Hi', { reasoning: true })).not.toHaveProperty('output_config');
    expect(await asked('claude-sonnet-5', 'Hi', { reasoning: false })).toMatchObject({
      thinking: { type: 'disabled' },
    });
    expect(await asked('claude-sonnet-5', 'Hi', {})).not.toHaveProperty('thinking');
  });

  it('sends tool results as blocks, and does not think while it answers them', async () => {
    const calls = [{ id: 'a', name: 'clock', arguments: { zone: 'UTC' } }];
    const results = [{ id: 'a', name: 'clock', result: { at: 'noon' }, isError: true }];
    const turns = [toolCallTurn('One moment.', calls), toolResultTurn(results)];
    const json = await asked('claude-sonnet-5', turns, { reasoning: 'low' });
    expect(json).not.toHaveProperty('thinking');
    expect(json['messages']).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'One moment.' },
          { type: 'tool_use', id: 'a', name: 'clock', input: { zone: 'UTC' } },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'a', content: '{"at":"noon"}', is_error: true }],
      },
    ]);
  });

  it('leaves out empty turns, which the protocol refuses', async () => {
    const json = await asked(
      'm',
      [
        { role: 'assistant', content: '' },
        { role: 'user', content: 'Hi' },
      ],
      {},
    );
    expect(json['messages']).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  it('refuses temperatures that it does not have', () => {
    expect(() => anthropic()('Hi', { temperature: 1.5 })).toThrow(/temperature.*1\.5/);
    expect(() => anthropic()('Hi', { temperature: 0.5, reasoning: true })).toThrow(/temperature.*reasoning/);
  });

  it.each([
    ['rate_limit_error', 'RateLimitError', true],
    ['authentication_error', 'AuthenticationError', false],
    ['invalid_request_error', 'ProviderError', false],
    ['api_error', 'ProviderError', true],
    ['something_new', 'ProviderError', true],
  ])('an error event of type %s is a %s', async (type, name, retryable) => {
    const body = [event({ type: 'error', ...{ error: { type, message: 'oh' } } })];
    const server = await wireServer(() => ({ body }));
    const claude = anthropic({ apiKey: 'none', baseURL: server.url });
    expect((await collect(claude('Hi'))).error).toMatchObject({ name, retryable, message: 'anthropic: oh' });
    await server.close();
  });

  it("uses a client of one's own", async () => {
    const server = await wireServer(() => ({ body: [wire.begin!, wire.text('Hi'), wire.finish('stop')] }));
    const client = new Anthropic({ authToken: 'my-own-token', baseURL: server.url });
    expect((await collect(anthropic({ client })('Hi'))).values).toEqual(['Hi']);
    expect(server.requests[0]!.headers.authorization).toBe('Bearer my-own-token');
    await server.close();
  });
});
