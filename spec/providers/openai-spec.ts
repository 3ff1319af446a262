import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openai } from '../../providers/openai/index.js';
import type { ChatOptions } from '../../src/chatModel.js';
import { wireServer } from '../support/wireServer.js';
import { chatConformance, collect } from './chatConformance.js';
import { openaiWire } from './openaiWire.js';

chatConformance(openaiWire);

describe('openai', () => {
  const asked = async (model: string, options: ChatOptions) => {
    const server = await wireServer(() => ({ body: [openaiWire.text('Hi'), openaiWire.finish('stop')] }));
    try {
      await collect(openai({ model, apiKey: 'none', baseURL: `${server.url}/v1` })('Hi', options));
      return server.requests[0]!.json;
    } finally {
      await server.close();
    }
  };

  it('has a documented default model', () => {
    expect(openai().model).toBe('gpt-5.4-mini');
  });

  it.each([
    ['gpt-4o', 'max_tokens'],
    ['llama-3.1-8b', 'max_tokens'],
    ['o3-mini', 'max_completion_tokens'],
    ['gpt-5.4-mini', 'max_completion_tokens'],
    ['openai/o4-mini', 'max_completion_tokens'],
    ['ft:gpt-5:mine', 'max_completion_tokens'],
  ])('limits %s by %s', async (model, name) => {
    const json = await asked(model, { maxTokens: 9 });
    expect([json['max_tokens'], json['max_completion_tokens']]).toEqual(
      name === 'max_tokens' ? [9, undefined] : [undefined, 9],
    );
  });

  it('reasons as it is told to', async () => {
    expect(await asked('o3', {})).not.toHaveProperty('reasoning_effort');
    expect(await asked('o3', { reasoning: true })).toMatchObject({ reasoning_effort: 'medium' });
    expect(await asked('o3', { reasoning: false })).toMatchObject({ reasoning_effort: 'none' });
    expect(await asked('o3', { reasoning: 'low' })).toMatchObject({ reasoning_effort: 'low' });
  });

  it('asks for strict structured output where the schema keeps its rules', async () => {
    const strict = z.object({ answer: z.string(), list: z.array(z.object({ n: z.number() })) });
    const loose = z.object({ answer: z.string().optional() });
    const nested = { type: 'object', properties: { a: loose.toJSONSchema() }, required: ['a'] };
    const strictness = async (schema: NonNullable<ChatOptions['schema']>) => {
      const json = await asked('gpt-4o', { schema });
      return (json['response_format'] as { json_schema: { strict: boolean } }).json_schema.strict;
    };
    expect([await strictness(strict), await strictness(loose), await strictness(nested)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('says a refusal, and that it was one', async () => {
    const delta = { choices: [{ index: 0, delta: { refusal: 'I would rather not.' }, finish_reason: null }] };
    const body = [`data: ${JSON.stringify(delta)}\n\n`, openaiWire.finish('stop')];
    const server = await wireServer(() => ({ body }));
    const model = openai({ model: 'm', apiKey: 'none', baseURL: `${server.url}/v1` });
    expect((await collect(model.events('Hi'))).values).toEqual([
      { type: 'text', text: 'I would rather not.' },
      { type: 'finish', reason: 'content-filter' },
    ]);
    await server.close();
  });

  it('drops a tool call that the token limit cut in half, and refuses one that is broken', async () => {
    const call = { index: 0, id: 'a', function: { name: 'clock', arguments: '{"zone":' } };
    const delta = { choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: null }] };
    const reply = (reason: 'length' | 'tool-calls') => ({
      body: [`data: ${JSON.stringify(delta)}\n\n`, openaiWire.finish(reason)],
    });
    const server = await wireServer((_, index) => reply(index === 0 ? 'length' : 'tool-calls'));
    const model = openai({ model: 'm', apiKey: 'none', baseURL: `${server.url}/v1` });
    expect((await collect(model.events('Hi'))).values).toEqual([{ type: 'finish', reason: 'length' }]);
    expect((await collect(model.events('Hi'))).error).toMatchObject({ name: 'MalformedReplyError' });
    await server.close();
  });

  it.each([
    [{ type: 'rate_limit_exceeded', message: 'slow' }, 'RateLimitError', true],
    [{ code: 'invalid_api_key', message: 'who' }, 'AuthenticationError', false],
    [{ type: 'invalid_request_error', message: 'what' }, 'ProviderError', false],
    ['out of memory', 'ProviderError', true],
  ])('an error event %j is a %s', async (error, name, retryable) => {
    const server = await wireServer(() => ({ body: [`data: ${JSON.stringify({ error })}\n\n`] }));
    const model = openai({ model: 'm', apiKey: 'none', baseURL: `${server.url}/v1` });
    expect((await collect(model('Hi'))).error).toMatchObject({ name, retryable });
    await server.close();
  });
});
