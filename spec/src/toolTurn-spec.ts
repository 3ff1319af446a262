import { describe, expect, it } from 'vitest';
import { toolCallsOf, toolCallTurn, toolResultsOf, toolResultTurn, type Message } from '../../src/index.js';
import { toolResultText } from '../../src/toolTurn.js';

const call = { id: 'c1', name: 'weather', arguments: { city: 'Oslo' } };
const result = { id: 'c1', name: 'weather', result: { celsius: 4 } };

describe('tool turns', () => {
  it('carry calls and results in the metadata of an assistant and a user message', () => {
    expect(toolCallTurn('Let me see.', [call])).toEqual({
      role: 'assistant',
      content: 'Let me see.',
      metadata: { toolCalls: [call] },
    });
    expect(toolResultTurn([result])).toEqual({
      role: 'user',
      content: '',
      metadata: { toolResults: [result] },
    });
  });

  it('are read back, also after a journey as JSON', () => {
    const over = (message: Message) => JSON.parse(JSON.stringify(message)) as Message;
    expect(toolCallsOf(over(toolCallTurn('', [call])))).toEqual([call]);
    expect(toolResultsOf(over(toolResultTurn([result])))).toEqual([result]);
  });

  it('are absent from ordinary messages', () => {
    const message: Message = { role: 'user', content: 'Hi', metadata: { timestamp: 1 } };
    expect(toolCallsOf(message)).toEqual([]);
    expect(toolResultsOf(message)).toEqual([]);
  });

  it.each([{ toolCalls: 'x' }, { toolCalls: [{ id: 'a', name: 'b' }] }, { toolCalls: [null] }])(
    'refuses %j',
    (metadata) => {
      expect(() => toolCallsOf({ role: 'assistant', content: '', metadata })).toThrow(TypeError);
      expect(() => toolCallsOf({ role: 'assistant', content: '', metadata })).toThrow('metadata.toolCalls');
    },
  );

  it('writes a result as text', () => {
    expect(toolResultText({ ...result, result: 'four degrees' })).toBe('four degrees');
    expect(toolResultText(result)).toBe('{"celsius":4}');
    expect(toolResultText({ ...result, result: undefined })).toBe('null');
  });
});
