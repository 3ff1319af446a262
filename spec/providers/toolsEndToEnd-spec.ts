import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parsePartialJson } from '../../operators/parsePartialJson.js';
import { pluckText } from '../../operators/pluckText.js';
import { tool, withTools } from '../../operators/withTools.js';
import { anthropic } from '../../providers/anthropic/index.js';
import { gemini } from '../../providers/gemini/index.js';
import { googleGenAI } from '../../providers/google-genai/index.js';
import { ollama } from '../../providers/ollama/index.js';
import { openai } from '../../providers/openai/index.js';
import type { ChatModel } from '../../src/index.js';
import { collect } from './chatConformance.js';

const answer = { mood: 'sunny', answer: 'It is 4 °C — “cold”, 寒い 🥶.', sources: ['station', 'sky'] };

/** The real SDKs, a server that somebody else wrote, and the operators on top. */
describe('tools and structured replies, from the operator to the wire', () => {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });
  const models = new Map<string, ChatModel>();
  beforeAll(async () => {
    mock.on(
      { userMessage: 'coat', hasToolResult: false },
      {
        content: 'Let me see. ',
        toolCalls: [
          { name: 'weather', arguments: '{"city":"Oslo"}' },
          { name: 'weather', arguments: '{"city":"Köln"}' },
        ],
      },
    );
    mock.on({ hasToolResult: true, toolResultContains: '4 degrees in Köln' }, { content: 'Take a coat.' });
    mock.onMessage('again', { toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }] });
    mock.onMessage('wrong', { toolCalls: [{ name: 'weather', arguments: '{"town":"Oslo"}' }] });
    mock.onMessage('JSON', { content: JSON.stringify(answer) }, { chunkSize: 3 });
    await mock.start();
    const { url } = mock;
    models.set('openai', openai({ model: 'gpt-4o', apiKey: 'mock', baseURL: `${url}/v1` }));
    models.set('anthropic', anthropic({ model: 'claude-next', apiKey: 'mock', baseURL: url }));
    models.set('ollama', ollama({ model: 'llama3.2', baseURL: url }));
    models.set('gemini', gemini({ model: 'gemini-2.5-flash', apiKey: 'mock', baseURL: url }));
    models.set('google-genai', googleGenAI({ model: 'gemini-2.5-flash', apiKey: 'mock', baseURL: url }));
  });
  afterAll(() => mock.stop());

  const asked: string[] = [];
  const weather = tool({
    name: 'weather',
    description: 'The weather now',
    parameters: z.object({ city: z.string() }),
    execute: ({ city }) => {
      asked.push(city);
      return Promise.resolve(`4 degrees in ${city}`);
    },
  });

  describe.each(['openai', 'anthropic', 'ollama', 'gemini', 'google-genai'])('%s', (name) => {
    it('runs parallel calls, sends both results back, and goes on', async () => {
      asked.length = 0;
      const assistant = withTools(models.get(name)!, [weather], { maxSteps: 3 });
      const { values, error } = await collect(assistant.events('Do I need a coat?'));
      expect(error).toBeUndefined();
      expect(asked).toEqual(['Oslo', 'Köln']);
      const text = values.map((event) => (event.type === 'text' ? event.text : '')).join('');
      expect(text).toContain('Take a coat.');
      expect(values.filter(({ type }) => type === 'tool-call')).toHaveLength(2);
      expect(values.filter(({ type }) => type === 'finish')).toHaveLength(1);
      expect(values.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
    });

    it('does not ask more often than it may', async () => {
      asked.length = 0;
      const assistant = withTools(models.get(name)!, [weather], { maxSteps: 1 });
      const { values } = await collect(assistant.events('again'));
      expect(asked).toEqual([]);
      expect(values.at(-1)).toMatchObject({ type: 'finish', reason: 'tool-calls' });
    });

    it('refuses arguments that do not fit', async () => {
      const { error } = await collect(withTools(models.get(name)!, [weather])('wrong'));
      expect(error).toMatchObject({ name: 'ToolError', tool: 'weather', path: 'city' });
    });

    it('streams a structured reply as a growing object, and one field of it as text', async () => {
      const schema = z.object({ mood: z.string(), answer: z.string(), sources: z.array(z.string()) });
      const reply$ = models.get(name)!('Answer in JSON', { schema });
      const grown = await collect(reply$.pipe(parsePartialJson(schema)));
      expect(grown.error).toBeUndefined();
      expect(grown.values.at(-1)).toEqual(answer);
      expect(grown.values.length).toBeGreaterThan(10);
      const spoken = await collect(reply$.pipe(pluckText('answer')));
      expect(spoken.values.join('')).toBe(answer.answer);
      expect(spoken.values.length).toBeGreaterThan(3);
    });
  });
});
