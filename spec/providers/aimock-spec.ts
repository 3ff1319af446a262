import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anthropic } from '../../providers/anthropic/index.js';
import { gemini } from '../../providers/gemini/index.js';
import { googleGenAI } from '../../providers/google-genai/index.js';
import { ollama } from '../../providers/ollama/index.js';
import { openai } from '../../providers/openai/index.js';
import type { ChatModel } from '../../src/chatModel.js';
import { collect } from './chatConformance.js';

const story = 'Once upon a time there was a sky. It was blue, für immer — 空は青い 🗼. The end.';

/** Providers against servers that somebody else wrote: what both think the protocol is. */
describe('against aimock', () => {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });
  const models = new Map<string, ChatModel>();
  beforeAll(async () => {
    mock.onMessage('story', { content: story }, { chunkSize: 5 });
    mock.onMessage('think', { content: 'Yes.', reasoning: 'Let me see.' });
    mock.onMessage('weather', {
      toolCalls: [
        { name: 'weather', arguments: '{"city":"Köln","days":[1,2]}' },
        { name: 'clock', arguments: '{}' },
      ],
    });
    mock.onMessage('busy', { error: { message: 'Slow down', type: 'rate_limit_error' }, status: 429 });
    await mock.start();
    models.set('openai', openai({ model: 'gpt-4o', apiKey: 'mock', baseURL: `${mock.url}/v1` }));
    models.set(
      'anthropic',
      anthropic({ model: 'claude-sonnet-4-5-20250929x', apiKey: 'mock', baseURL: mock.url }),
    );
    models.set('ollama', ollama({ model: 'llama3.2', baseURL: mock.url }));
    models.set('gemini', gemini({ model: 'gemini-2.5-flash', apiKey: 'mock', baseURL: mock.url }));
    models.set('google-genai', googleGenAI({ model: 'gemini-2.5-flash', apiKey: 'mock', baseURL: mock.url }));
  });
  afterAll(() => mock.stop());

  describe.each(['openai', 'anthropic', 'ollama', 'gemini', 'google-genai'])('%s', (name) => {
    const tools = ['weather', 'clock'].map((tool) => ({ name: tool, parameters: { type: 'object' } }));

    it('streams a story in pieces', async () => {
      const { values, completed } = await collect(models.get(name)!('Tell me a story'));
      expect(completed).toBe(true);
      expect(values.length).toBeGreaterThan(5);
      expect(values.join('')).toBe(story);
    });

    it('finishes with a reason', async () => {
      const { values } = await collect(models.get(name)!.events('Tell me a story'));
      expect(values.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
    });

    it('completes in one piece', async () => {
      expect((await collect(models.get(name)!.complete('Tell me a story'))).values).toEqual([story]);
    });

    it('brings tool calls', async () => {
      const { values } = await collect(models.get(name)!.events('weather?', { tools }));
      expect(values.filter(({ type }) => type === 'tool-call')).toMatchObject([
        { name: 'weather', arguments: { city: 'Köln', days: [1, 2] } },
        { name: 'clock', arguments: {} },
      ]);
      expect(values.at(-1)).toMatchObject({ reason: 'tool-calls' });
    });

    it('tells a rate limit', async () => {
      const { error } = await collect(models.get(name)!('busy?'));
      expect(error).toMatchObject({ name: 'RateLimitError', status: 429, retryable: true });
    });
  });
  // Not Ollama: what it calls thinking, aimock calls reasoning_content.
  describe.each(['openai', 'anthropic', 'gemini', 'google-genai'])('%s', (name) => {
    it('keeps reasoning apart', async () => {
      const { values } = await collect(models.get(name)!.events('think', { reasoning: true }));
      const text = (type: string) =>
        values.map((event) => (event.type === type && 'text' in event ? event.text : '')).join('');
      expect(text('text')).toBe('Yes.');
      expect(text('reasoning')).toBe('Let me see.');
    });
  });
});
