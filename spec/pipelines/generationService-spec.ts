import { lastValueFrom, tap } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import {
  ChatService,
  ConversationService,
  createGenerationService,
  GenerationService,
} from '../../pipelines/index.js';
import { scriptedModel, type ScriptedModelConfig } from '../../providers/scripted/index.js';
import { defineChatModel } from '../../src/index.js';
import { collect, collectFailure } from '../support/collect.js';

const scripted = (config: Partial<ScriptedModelConfig> = {}) => {
  const requests: string[] = [];
  const ended: string[] = [];
  const model = scriptedModel({
    ...(config.tokens ? {} : { text: 'The sky is blue.' }),
    tokensPerSecond: Infinity,
    ...config,
    onRequest: ({ method, prompt, options }) =>
      requests.push(
        [
          method,
          typeof prompt === 'string'
            ? prompt
            : prompt.map(({ role, content }) => `${role}: ${content}`).join(' / '),
          options.continueFrom,
        ]
          .filter((part) => part !== undefined && part !== '')
          .join(' | '),
      ),
    onEnd: (_request, how) => ended.push(how),
  });
  return { model, requests, ended };
};

describe('GenerationService', () => {
  it('generates whole and streamed, with and without a system prompt', async () => {
    const { model, requests } = scripted();
    const service = new GenerationService(model);
    expect(await service.generate('Why?')).toBe('The sky is blue.');
    expect((await collect(service.generateStream('Why?'))).join('')).toBe('The sky is blue.');
    expect(await service.generateWithSystemPrompt('Why?', 'Be brief.')).toBe('The sky is blue.');
    const stream = service.generateWithSystemPromptStream('Why?', 'Be brief.');
    expect((await collect(stream)).length).toBeGreaterThan(1);
    expect(requests).toEqual([
      'complete | Why?',
      'stream | Why?',
      'complete | system: Be brief. / user: Why?',
      'stream | system: Be brief. / user: Why?',
    ]);
  });

  it('finishes a broken stream through the regular API, unless told not to', async () => {
    const { model, requests } = scripted({ failAfter: 2 });
    const said = await collect(new GenerationService(model).generateStream('Why?'));
    expect(said.join('')).toBe('The sky is blue.');
    expect(requests).toEqual(['stream | Why?', 'complete | Why? | The sky']);
    const { values, error } = await collectFailure(
      new GenerationService(model, { fallback: false }).generateStream('Why?'),
    );
    expect([values.join(''), (error as Error).name]).toEqual(['The sky', 'ConnectionError']);
    expect(requests).toHaveLength(3);
  });

  it('works through a batch in order, never with more requests at once than allowed', async () => {
    let running = 0;
    let most = 0;
    const model = defineChatModel({
      provider: 'echo',
      model: 'echo-1',
      stream: async function* () {
        yield await Promise.resolve([]);
      },
      complete: async ({ messages }) => {
        most = Math.max(most, ++running);
        const asked = messages[0]!.content;
        await new Promise((resolve) => setTimeout(resolve, asked === 'p0' ? 30 : 5));
        running--;
        if (asked === 'bad') throw new Error('no');
        return `reply to ${asked}`;
      },
      continuation: 'prefill',
    });
    const service = new GenerationService(model);
    const prompts = Array.from({ length: 9 }, (_, index) => `p${index}`);
    expect(await service.batchGenerate(prompts)).toEqual(prompts.map((prompt) => `reply to ${prompt}`));
    expect(most).toBe(3);
    expect(await service.batchGenerate([])).toEqual([]);
    await expect(service.batchGenerate(['p1', 'bad', 'p2'])).rejects.toThrow('no');
    expect(() => service.batchGenerate([], { concurrency: 0 })).toThrow(/concurrency/);
  });

  it('hands options on, and ends with their signal', async () => {
    const { model } = scripted();
    const signal = AbortSignal.abort('never mind');
    const service = new GenerationService(model, { signal });
    await expect(service.generate('Why?')).rejects.toBe('never mind');
    await expect(lastValueFrom(service.generateStream('Why?'))).rejects.toBe('never mind');
    const controller = new AbortController();
    const reason = new Error('the listener has left');
    const streamed = new GenerationService(model, { signal: controller.signal }).generateStream('Why?');
    await expect(lastValueFrom(streamed.pipe(tap(() => controller.abort(reason))))).rejects.toBe(reason);
  });

  it('is for Ollama where nothing else is said', async () => {
    vi.stubEnv('OLLAMA_URL', 'http://127.0.0.1:9');
    for (const service of [new GenerationService(), createGenerationService(undefined, { maxTokens: 1 })]) {
      await expect(service.generate('Why?')).rejects.toMatchObject({ provider: 'ollama' });
    }
    await expect(new ChatService().chat('Why?')).rejects.toMatchObject({ provider: 'ollama' });
    await expect(new ConversationService().sendMessage('Why?')).rejects.toMatchObject({ provider: 'ollama' });
    vi.unstubAllEnvs();
  });

  it.each([
    [() => new GenerationService('nobody'), /nobody/],
    [() => new GenerationService(scripted().model, { model: 'm' }), /model/],
    [() => new GenerationService(scripted().model, { fallback: 1 as never }), /fallback/],
  ])('refuses %s', (make, message) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });
});

describe('ChatService', () => {
  it('chats with a history that the caller keeps', async () => {
    const { model, requests } = scripted();
    const chat = new ChatService(model);
    const history = [
      { role: 'user', content: 'I am Ann.' },
      { role: 'assistant', content: 'Hello.' },
    ] as const;
    expect(await chat.chat('Why?')).toBe('The sky is blue.');
    expect((await collect(chat.chatStream('Why?', history))).join('')).toBe('The sky is blue.');
    expect(await chat.chatWithMessages(history)).toBe('The sky is blue.');
    expect(requests).toEqual([
      'complete | user: Why?',
      'stream | user: I am Ann. / assistant: Hello. / user: Why?',
      'complete | user: I am Ann. / assistant: Hello.',
    ]);
  });
});
