import { afterEach, describe, expect, it } from 'vitest';
import { gemini } from '../../providers/gemini/index.js';
import { wireServer, type WireReply, type WireServer } from '../support/wireServer.js';
import { chatConformance, collect } from './chatConformance.js';
import { event, geminiWire, generativeAIWire, parts } from './geminiWire.js';

chatConformance(generativeAIWire);

describe('gemini', () => {
  const servers: WireServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const serve = async (...replies: WireReply[]) => {
    const server = await wireServer((_, index) => replies[Math.min(index, replies.length - 1)]!);
    servers.push(server);
    return { server, model: gemini({ model: 'm', apiKey: 'key-0123456789', baseURL: server.url }) };
  };

  it('waits as long as RetryInfo in the body says', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3.5s' }];
    const body = JSON.stringify({ error: { code: 429, message: 'Slow down.', details } });
    const { model } = await serve({ status: 429, headers: { 'retry-after': '60' }, body: [body] });
    for (const source of [model('Hi'), model.complete('Hi')])
      expect((await collect<unknown>(source)).error).toMatchObject({
        name: 'RateLimitError',
        retryable: true,
        retryAfter: 3500,
      });
  });

  it('keeps the API version of its base URL', async () => {
    const { server } = await serve({ body: [geminiWire.finish('stop')] });
    await collect(gemini({ model: 'm', apiKey: 'key', baseURL: `${server.url}/v1` })('Hi'));
    expect(server.requests[0]!.path).toBe('/v1/models/m:streamGenerateContent?alt=sse');
  });

  it('asks for thoughts and tells them apart', async () => {
    const { server, model } = await serve({
      body: [event(parts({ text: 'Hm.', thought: true }, { text: 'Yes.' })), geminiWire.finish('stop')],
    });
    const { values } = await collect(model.events('Hi', { reasoning: 'low' }));
    expect(values.slice(0, 2)).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Yes.' },
    ]);
    expect(server.requests[0]!.json).toMatchObject({
      generationConfig: { thinkingConfig: { includeThoughts: true } },
    });
  });
});
