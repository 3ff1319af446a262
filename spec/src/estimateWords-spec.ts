import { describe, expect, it } from 'vitest';
import { estimateWords } from '../../src/estimateWords.js';

describe('estimateWords', () => {
  it('gives every character the same time, and says that it is an estimate', () => {
    expect(estimateWords('Hi, you.', 80)).toEqual([
      { type: 'word', text: 'Hi', offset: 0, duration: 20, estimated: true },
      { type: 'word', text: 'you', offset: 40, duration: 30, estimated: true },
    ]);
  });

  it('knows words that no space divides, and passes over what is none', () => {
    const words = estimateWords('今日は良い天気ですね。', 1100);
    expect(words.length).toBeGreaterThan(2);
    expect(words.map((word) => word.text).join('')).toBe('今日は良い天気ですね');
    expect(estimateWords('… — !', 100)).toEqual([]);
    expect(estimateWords('', 100)).toEqual([]);
  });

  it('keeps the order and stays within the audio', () => {
    let last = 0;
    for (const { offset, duration } of estimateWords("It's 5 o'clock, isn't it? Yes: 3.14!", 1000)) {
      expect(offset).toBeGreaterThanOrEqual(last);
      last = offset + duration;
    }
    expect(last).toBeLessThanOrEqual(1000);
  });
});
