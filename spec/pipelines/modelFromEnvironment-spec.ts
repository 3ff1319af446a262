import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AuthenticationError, enableDebug } from '../../src/index.js';
import { configuredModels, modelFromEnvironment } from '../../pipelines/modelFromEnvironment.js';
import { anthropic } from '../../providers/anthropic/index.js';
import { gemini } from '../../providers/gemini/index.js';
import { googleGenAI } from '../../providers/google-genai/index.js';
import { ollama } from '../../providers/ollama/index.js';
import { openai } from '../../providers/openai/index.js';

const variables = [
  'OLLAMA_URL',
  'OLLAMA_DEFAULT_MODEL',
  'ANTHROPIC_API_KEY',
  'OPENAI_API_KEY',
  'GOOGLE_AI_STUDIO_KEY',
];
const environment = (values: Record<string, string>) => {
  for (const name of variables) vi.stubEnv(name, values[name]);
};
afterEach(() => vi.unstubAllEnvs());

describe('modelFromEnvironment', () => {
  it.each([
    ['ollama', ollama],
    ['anthropic', anthropic],
    ['openai', openai],
    ['gemini', gemini],
    ['google-genai', googleGenAI],
  ])('%s knows the default model before it is loaded', (name, factory) => {
    environment({});
    expect(modelFromEnvironment(name).model).toBe(factory().model);
    expect(modelFromEnvironment(name).provider).toBe(factory().provider);
  });

  it('takes the model that is asked for', () => {
    expect(modelFromEnvironment('openai', { model: 'other' }).model).toBe('other');
  });

  it.each([
    [{}, 'ollama', 'llama2'],
    [{ OPENAI_API_KEY: 'k' }, 'openai', 'gpt-5.4-mini'],
    [{ GOOGLE_AI_STUDIO_KEY: 'k' }, 'gemini', 'gemini-2.5-flash'],
    [{ OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k' }, 'anthropic', 'claude-haiku-5-5'],
    [{ OPENAI_API_KEY: 'k', OLLAMA_DEFAULT_MODEL: 'llama3.2' }, 'ollama', 'llama3.2'],
  ])('auto with %o is %s', (values, provider, model) => {
    environment(values);
    const chosen = modelFromEnvironment('auto');
    expect([chosen.provider, chosen.model]).toEqual([provider, model]);
  });

  it('says at debug level what auto has chosen and why', () => {
    const lines: string[] = [];
    const off = enableDebug('rx-aloud:environment', (_namespace, message) => lines.push(message));
    environment({ OPENAI_API_KEY: 'secret-key' });
    modelFromEnvironment('auto');
    off();
    expect(lines.join()).toContain('openai');
    expect(lines.join()).not.toContain('secret-key');
  });

  it.each([
    [{}, []],
    [{ OLLAMA_DEFAULT_MODEL: 'llama3.2' }, ['ollama']],
    [{ OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k' }, ['anthropic', 'openai']],
    [{ GOOGLE_AI_STUDIO_KEY: 'k', OLLAMA_URL: 'http://127.0.0.1:9' }, ['ollama', 'gemini', 'google-genai']],
    [{ OPENAI_API_KEY: '' }, []],
  ])('%j configures %j', (values, names) => {
    environment(values);
    expect(configuredModels()).toEqual(names);
  });

  it('refuses a name it does not know, naming those it does', () => {
    expect(() => modelFromEnvironment('oracle')).toThrow(/oracle.*ollama.*auto/);
    expect(() => modelFromEnvironment('toString')).toThrow(TypeError);
  });

  it.each([
    ['anthropic', 'ANTHROPIC_API_KEY'],
    ['openai', 'OPENAI_API_KEY'],
    ['gemini', 'GOOGLE_AI_STUDIO_KEY'],
    ['google-genai', 'GOOGLE_AI_STUDIO_KEY'],
  ])('%s without its key fails when subscribed, naming %s', async (name, variable) => {
    environment({});
    const model = modelFromEnvironment(name);
    for (const reply of [model('Hi'), model.events('Hi'), model.complete('Hi')]) {
      const error: unknown = await lastValueFrom(reply as never).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AuthenticationError);
      expect((error as Error).message).toContain(variable);
    }
  });

  it('streams from the provider that the environment names', async () => {
    const server = createServer((_request, response) => {
      response.write('{"message":{"role":"assistant","content":"Hel"},"done":false}\n');
      response.end('{"message":{"role":"assistant","content":"lo"},"done":true,"done_reason":"stop"}\n');
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    environment({ OLLAMA_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    const tokens = await lastValueFrom(modelFromEnvironment('auto')('Hi').pipe(toArray()));
    server.close().closeAllConnections();
    expect(tokens).toEqual(['Hel', 'lo']);
  });
});
