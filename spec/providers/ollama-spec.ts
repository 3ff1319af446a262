import { Ollama } from 'ollama';
import { describe, expect, it, vi } from 'vitest';
import { ollama, type OllamaConfig } from '../../providers/ollama/index.js';
import type { ChatOptions } from '../../src/chatModel.js';
import { toolCallTurn, toolResultTurn } from '../../src/toolTurn.js';
import { wireServer } from '../support/wireServer.js';
import { chatConformance, collect } from './chatConformance.js';
import { ollamaWire } from './ollamaWire.js';

const line = (value: object) => `${JSON.stringify(value)}\n`;

chatConformance(ollamaWire);

describe('ollama', () => {
  const asked = async (options: ChatOptions, config: OllamaConfig = {}) => {
    const server = await wireServer(() => ({ body: [line({ message: { content: 'Hi' }, done: true })] }));
    try {
      const answer = await collect(
        ollama({ model: 'model-1', baseURL: server.url, ...config })('Hi', options),
      );
      return { ...answer, request: server.requests[0]! };
    } finally {
      await server.close();
    }
  };

  it('is llama2 on localhost unless the environment or an option says otherwise', async () => {
    vi.stubEnv('OLLAMA_DEFAULT_MODEL', undefined);
    expect(ollama().model).toBe('llama2');
    vi.stubEnv('OLLAMA_DEFAULT_MODEL', 'mistral');
    expect(ollama().model).toBe('mistral');
    expect(ollama({ model: 'llama3.2' }).model).toBe('llama3.2');
    const server = await wireServer(() => ({ body: [line({ message: { content: 'Hi' }, done: true })] }));
    vi.stubEnv('OLLAMA_URL', server.url);
    expect((await collect(ollama()('Hi'))).values).toEqual(['Hi']);
    expect(server.requests[0]!.json['model']).toBe('mistral');
    await server.close();
    vi.unstubAllEnvs();
  });

  it('thinks as it is told to', async () => {
    expect((await asked({})).request.json).not.toHaveProperty('think');
    expect((await asked({ reasoning: false })).request.json['think']).toBe(false);
    expect((await asked({ reasoning: 'high' })).request.json['think']).toBe('high');
  });

  it('sends a key as a bearer token, and a password in its URL as a header', async () => {
    const { request } = await asked({}, { apiKey: 'topsecret' });
    expect(request.headers.authorization).toBe('Bearer topsecret');
    const server = await wireServer(() => ({ status: 403, body: ['no, p@ssword'] }));
    const baseURL = server.url.replace('http://', 'http://me:p%40ssword@');
    const { error } = await collect(ollama({ baseURL })('Hi'));
    expect(server.requests[0]!.headers.authorization).toBe(`Basic ${btoa('me:p@ssword')}`);
    expect((error as Error).message).toBe('ollama: 403 no, [redacted]');
    await server.close();
  });

  it("uses a client of one's own: its host, its headers, its fetch", async () => {
    const fetched: unknown[] = [];
    const server = await wireServer(() => ({ body: [line({ message: { content: 'Hi' }, done: true })] }));
    const client = new Ollama({
      host: server.url,
      headers: { 'x-tenant': 'me' },
      fetch: (input, init) => {
        fetched.push(input);
        return fetch(input, init);
      },
    });
    expect((await collect(ollama({ model: 'm', client })('Hi'))).values).toEqual(['Hi']);
    expect(server.requests[0]!.headers['x-tenant']).toBe('me');
    expect(fetched).toEqual([`${server.url}/api/chat`]);
    await server.close();
  });

  it('sends the turns that used tools under their names', async () => {
    const server = await wireServer(() => ({ body: [line({ message: { content: 'Hi' }, done: true })] }));
    const calls = [{ id: 'a', name: 'clock', arguments: { zone: 'UTC' } }];
    const results = [{ id: 'a', name: 'clock', result: 'noon' }];
    const turns = [toolCallTurn('One moment.', calls), toolResultTurn(results)];
    await collect(ollama({ model: 'm', baseURL: server.url })(turns));
    expect(server.requests[0]!.json['messages']).toEqual([
      {
        role: 'assistant',
        content: 'One moment.',
        tool_calls: [{ function: { name: 'clock', arguments: { zone: 'UTC' } } }],
      },
      { role: 'tool', tool_name: 'clock', content: 'noon' },
    ]);
    await server.close();
  });
});
