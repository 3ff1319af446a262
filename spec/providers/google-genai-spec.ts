import { GoogleGenAI } from '@google/genai';
import { GoogleGenAI as GoogleGenAI3 } from 'google-genai-3';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { googleGenAI } from '../../providers/google-genai/index.js';
import { toolCallTurn, toolResultTurn, type ToolResult } from '../../src/index.js';
import { wireServer, type WireReply, type WireServer } from '../support/wireServer.js';
import { chatConformance, collect } from './chatConformance.js';
import { event, geminiWire, googleGenAIWire, parts } from './geminiWire.js';

chatConformance(googleGenAIWire);

describe('with @google/genai 3', () => {
  chatConformance({
    ...geminiWire,
    name: 'google-genai',
    create: ({ baseURL, apiKey = '', ...config }) =>
      googleGenAI({
        model: 'model-1',
        client: new GoogleGenAI3({ apiKey, apiVersion: 'v1beta', httpOptions: { baseUrl: baseURL } }),
        ...config,
      }),
    keepAlive: ': still here\n\n',
  });
});

describe('google-genai', () => {
  const servers: WireServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const serve = async (...replies: WireReply[]) => {
    const server = await wireServer((_, index) => replies[Math.min(index, replies.length - 1)]!);
    servers.push(server);
    return server;
  };
  const stop = geminiWire.finish('stop', { inputTokens: 3, outputTokens: 4 });
  const stream = (...body: string[]): WireReply => ({ body });
  const key = 'key-0123456789';
  const sent = async (options: object, model = 'gemini-2.5-flash') => {
    const server = await serve(stream(stop));
    await collect(googleGenAI({ model, apiKey: key, baseURL: server.url })('Hi', options));
    return server.requests[0]!.json['generationConfig'] as Record<string, unknown>;
  };

  it.each([
    ['', '/v1beta'],
    ['/', '/v1beta'],
    ['/v1', '/v1'],
    ['/v1beta/', '/v1beta'],
    ['/v1alpha', '/v1alpha'],
    ['/proxy/v1beta2', '/proxy/v1beta2'],
    ['/proxy', '/proxy/v1beta'],
  ])('takes a base URL that ends with %j', async (end, version) => {
    const server = await serve(stream(stop));
    await collect(googleGenAI({ model: 'm', apiKey: key, baseURL: server.url + end })('Hi'));
    expect(server.requests[0]!.path).toBe(`${version}/models/m:streamGenerateContent?alt=sse`);
  });

  it('thinks as hard as it is told, in the words of the model', async () => {
    expect(await sent({})).not.toHaveProperty('thinkingConfig');
    const told = async (reasoning: unknown, model?: string) =>
      (await sent({ reasoning }, model))['thinkingConfig'];
    expect(await told(true)).toEqual({ includeThoughts: true });
    expect(await told(false)).toEqual({ thinkingBudget: 0 });
    expect(await told('low')).toEqual({ includeThoughts: true, thinkingBudget: 1024 });
    expect(await told('high', 'gemini-3-pro')).toEqual({ includeThoughts: true, thinkingLevel: 'HIGH' });
    expect(await told(false, 'gemini-3-flash')).toEqual({ thinkingLevel: 'MINIMAL' });
  });

  it('waits as long as RetryInfo says, before Retry-After', async () => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.Help' },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3.5s' },
    ];
    const body = { error: { code: 429, message: 'Slow down.', status: 'RESOURCE_EXHAUSTED', details } };
    const answers = [body, [body]].map((answer) => ({
      status: 429,
      headers: { 'retry-after': '60' },
      body: [JSON.stringify(answer)],
    }));
    const server = await serve(...answers, stream(event(body)));
    const model = googleGenAI({ model: 'm', apiKey: key, baseURL: server.url });
    for (let n = 0; n < 3; n++)
      expect((await collect(model('Hi'))).error).toMatchObject({
        name: 'RateLimitError',
        retryAfter: 3500,
        message: expect.stringContaining('Slow down.') as string,
      });
  });

  it('finishes with content-filter when the prompt was blocked', async () => {
    const blocked = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 5 } };
    const server = await serve(stream(event(blocked)), { body: [JSON.stringify(blocked)] });
    const model = googleGenAI({ model: 'm', apiKey: key, baseURL: server.url });
    expect((await collect(model.events('Hi'))).values).toEqual([
      { type: 'finish', reason: 'content-filter', usage: { inputTokens: 5, outputTokens: 0 } },
    ]);
    expect((await collect(model.complete('Hi'))).values).toEqual(['']);
  });

  it('takes a whole reply without a finish reason for one that was cut short', async () => {
    const server = await serve({ body: [JSON.stringify(parts({ text: 'Half' }))] });
    const model = googleGenAI({ model: 'm', apiKey: key, baseURL: server.url });
    expect((await collect(model.complete('Hi'))).error).toMatchObject({
      name: 'TruncatedReplyError',
      partial: 'Half',
    });
  });

  it('reads on after a finish reason that comes with every chunk', async () => {
    const chunk = (text: string) =>
      event({ candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP' }] });
    const server = await serve(stream(chunk('a'), chunk('b'), stop));
    const { values } = await collect(
      googleGenAI({ model: 'm', apiKey: key, baseURL: server.url }).events('Hi'),
    );
    expect(values).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
      { type: 'finish', reason: 'stop', usage: { inputTokens: 3, outputTokens: 4 } },
    ]);
  });

  it('sends tool turns back as they came: ids where the server gave them, signatures, results as objects', async () => {
    const call = { name: 'weather', args: { city: 'Oslo' } };
    const server = await serve(
      stream(
        event(
          parts({ functionCall: { id: 'abc', ...call }, thoughtSignature: 'c2ln' }, { functionCall: call }),
        ),
        stop,
      ),
    );
    const model = googleGenAI({ model: 'm', apiKey: key, baseURL: server.url });
    const { values } = await collect(model.events('Weather?'));
    const calls = values.flatMap((value) => {
      if (value.type !== 'tool-call') return [];
      const { type, ...rest } = value;
      expect(type).toBe('tool-call');
      return [rest];
    });
    const results: ToolResult[] = [
      { id: calls[0]!.id, name: 'weather', result: { celsius: 4 } },
      { id: calls[1]!.id, name: 'weather', result: 'cold' },
      { id: 'x', name: 'clock', result: 'broken', isError: true },
    ];
    await collect(
      model([{ role: 'user', content: 'Weather?' }, toolCallTurn('', calls), toolResultTurn(results)]),
    );
    expect(server.requests[1]!.json['contents']).toEqual([
      { role: 'user', parts: [{ text: 'Weather?' }] },
      {
        role: 'model',
        parts: [{ functionCall: { id: 'abc', ...call }, thoughtSignature: 'c2ln' }, { functionCall: call }],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'abc', name: 'weather', response: { celsius: 4 } } },
          { functionResponse: { name: 'weather', response: { output: 'cold' } } },
          { functionResponse: { id: 'x', name: 'clock', response: { error: 'broken' } } },
        ],
      },
    ]);
  });

  it('asks for JSON of the schema', async () => {
    expect(await sent({ schema: z.object({ answer: z.string() }) })).toMatchObject({
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object', required: ['answer'] },
    });
  });

  it("sends through a client's own fetch, once, whatever its retries", async () => {
    const server = await serve({ status: 503, body: ['{}'] });
    const seen: string[] = [];
    const client = new GoogleGenAI({
      apiKey: 'own-key-0123',
      httpOptions: {
        baseUrl: server.url,
        retryOptions: { attempts: 4 },
        fetch: (input, init) => {
          seen.push(input instanceof Request ? input.url : input.toString());
          return fetch(input, init);
        },
      },
    });
    const { error } = await collect(googleGenAI({ model: 'm', client })('Hi'));
    expect(error).toMatchObject({ name: 'OverloadedError' });
    expect(seen).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]!.headers['x-goog-api-key']).toBe('own-key-0123');
  });
});
