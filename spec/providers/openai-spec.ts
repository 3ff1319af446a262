import { describe, expect, it } from 'vitest';
import { openai } from '../../providers/openai/index.js';
import { chatConformance } from './chatConformance.js';
import { openaiWire } from './openaiWire.js';

chatConformance(openaiWire);

describe('openai', () => {
  it('has a documented default model', () => {
    expect(openai().model).toBe('gpt-5.4-mini');
  });
});
