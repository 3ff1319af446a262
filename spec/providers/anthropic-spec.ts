import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { anthropic } from '../../providers/anthropic/index.js';
import type { CompleteOptions } from '../../src/chatModel.js';
import type { Prompt } from '../../src/message.js';
import { toolCallTurn, toolResultTurn } from '../../src/toolTurn.js';
import { wireServer } from '../support/wireServer.js';
import { anthropicWire as wire, event } from './anthropicWire.js';
import { chatConformance, collect } from './chatConformance.js';

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
