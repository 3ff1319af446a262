import { take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ConversationService } from '../../pipelines/index.js';
import { scriptedModel, type ScriptedModelConfig } from '../../providers/scripted/index.js';
import { Conversation, type Prompt } from '../../src/index.js';
import { collect, collectFailure } from '../support/collect.js';

const scripted = (config: Partial<ScriptedModelConfig> = {}) => {
  const prompts: Prompt[] = [];
  const model = scriptedModel({
    text: 'The sky is blue.',
    tokensPerSecond: Infinity,
    ...config,
    onRequest: ({ prompt }) => prompts.push(prompt),
  });
  return { model, prompts };
};
const told = (service: ConversationService) =>
  service.getConversationHistory().map(({ role, content }) => `${role}: ${content}`);

describe('ConversationService', () => {
  it('remembers what was said, with metadata and accessors', async () => {
    const { model, prompts } = scripted();
    const service = new ConversationService(model, { id: 'c1' });
    expect([service.getFirstPrompt(), service.getLastResponse()]).toEqual([null, null]);
    service.addSystemMessage('Be brief.');
    expect(await service.sendMessage('Why?', { source: 'voice' })).toBe('The sky is blue.');
    expect((await collect(service.sendMessageStream('Really?'))).join('')).toBe('The sky is blue.');
    expect(told(service)).toEqual([
      'system: Be brief.',
      'user: Why?',
      'assistant: The sky is blue.',
      'user: Really?',
      'assistant: The sky is blue.',
    ]);
    expect(prompts.map((prompt) => prompt.length)).toEqual([2, 4]);
    expect(service.getConversationHistory()[1]!.metadata).toEqual({ source: 'voice' });
    expect([service.getFirstPrompt(), service.getLastPrompt(), service.getFirstResponse()]).toEqual([
      'Why?',
      'Really?',
      'The sky is blue.',
    ]);
    expect(service.getTotalMessages()).toBe(5);
    expect(service.getConversationSummary()).toMatchObject({
      id: 'c1',
      messages: 5,
      firstPrompt: 'Why?',
      lastResponse: 'The sky is blue.',
    });
  });

  it('answers concurrent sends one after the other, each with the history before it', async () => {
    const { model, prompts } = scripted({ tokensPerSecond: 400 });
    const service = new ConversationService(model);
    await Promise.all([
      service.sendMessage('1'),
      collect(service.sendMessageStream('2')),
      service.sendMessage('3'),
    ]);
    expect(prompts.map((prompt) => prompt.length)).toEqual([1, 3, 5]);
    expect(told(service).filter((line) => line.startsWith('user'))).toEqual([
      'user: 1',
      'user: 2',
      'user: 3',
    ]);
  });

  it('sends nothing before subscribe', () => {
    const service = new ConversationService(scripted().model);
    void service.sendMessageStream('Why?');
    expect(service.getTotalMessages()).toBe(0);
  });

  it('keeps what an interrupted reply had said, and goes on', async () => {
    const { model } = scripted();
    const service = new ConversationService(model);
    await collect(service.sendMessageStream('Why?').pipe(take(2)));
    expect(service.getConversationHistory()[1]).toMatchObject({
      content: 'The sky',
      metadata: { interrupted: true },
    });
    expect(await service.sendMessage('Go on.')).toBe('The sky is blue.');
  });

  it('has one whole reply in the history when the regular API finished it', async () => {
    const service = new ConversationService(scripted({ failAfter: 2 }).model);
    await collect(service.sendMessageStream('Why?'));
    expect(told(service)).toEqual(['user: Why?', 'assistant: The sky is blue.']);
    expect(service.getConversationHistory()[1]!.metadata).toBeUndefined();
  });

  it('is free again after a failure', async () => {
    const service = new ConversationService(scripted({ failAfter: 1 }).model, { fallback: false });
    await collectFailure(service.sendMessageStream('Why?'));
    await collectFailure(service.sendMessageStream('Why?'));
    expect(told(service)).toEqual(['user: Why?', 'assistant: The', 'user: Why?', 'assistant: The']);
  });

  it('goes on with a conversation that is there, and never begins a prompt with a reply', async () => {
    const { model, prompts } = scripted();
    const conversation = new Conversation({ historyLimit: 2 });
    conversation.system('Be brief.');
    const service = new ConversationService(model, { conversation });
    await service.sendMessage('1');
    await service.sendMessage('2');
    expect(told(service)).toEqual(['system: Be brief.', 'user: 2', 'assistant: The sky is blue.']);
    const last = prompts.at(-1) as readonly { role: string; content: string }[];
    expect(last.map(({ role, content }) => `${role}: ${content}`)).toEqual(['system: Be brief.', 'user: 2']);
  });
});
