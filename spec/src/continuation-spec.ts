import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askToContinue, cutAtLastWord, followingText } from '../../src/continuation.js';

describe('cutAtLastWord', () => {
  it.each([
    ['The sky is scat', 'The sky is', ' scat'],
    ['The sky is ', 'The sky is', ' '],
    ['One.\n\nTwo', 'One.', '\n\nTwo'],
    ['Word', '', 'Word'],
    ['   ', '', '   '],
    ['', '', ''],
    ['空が青いのは', '空が青いの', 'は'],
  ])('%j is %j and %j', (said, head, cut) => {
    expect(cutAtLastWord(said)).toEqual({ said, head, cut });
  });

  it('loses nothing, takes no longer for one endless word, and leaves no white space at the head', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'B', ' ', '\n', '東', '.') }), (said) => {
        const { head, cut } = cutAtLastWord(said);
        expect(head + cut).toBe(said);
        expect(head).toBe(head.trimEnd());
      }),
    );
    expect(cutAtLastWord('x'.repeat(200_000)).head).toBe('');
  });
});

describe('followingText', () => {
  it('joined to what was said is the whole reply, wherever it was cut', () => {
    const reply = 'The sky is blue: it scatters $100,\n\n- a list of 20 “things” at once.  Done!';
    for (const how of ['prefill', 'instruction'] as const) {
      for (let at = 1; at < reply.length; at += 1) {
        const continuation = cutAtLastWord(reply.slice(0, at));
        const rest = reply.slice(continuation.head.length);
        expect(reply.slice(0, at) + followingText(rest, continuation, how)).toBe(reply);
        // Models trim what they say.
        const trimmed = reply.slice(0, at) + followingText(rest.trimStart(), continuation, how);
        expect(trimmed.replace(/\s+/g, ' ')).toBe(reply.replace(/\s+/g, ' '));
      }
    }
  });

  it('understands a reply that begins again', () => {
    const continuation = cutAtLastWord('The sky is scat');
    expect(followingText('The sky is scattering light.', continuation, 'instruction')).toBe('tering light.');
    const longer = cutAtLastWord('The sky is blue because it scat');
    expect(followingText('The sky is blue because it scatters.', longer, 'prefill')).toBe('ters.');
  });

  it('lets a model that goes on repeat itself', () => {
    expect(followingText(' la la la', cutAtLastWord('la la'), 'prefill')).toBe(' la la');
  });

  it('does not make a word up', () => {
    expect(() => followingText(' the air', cutAtLastWord('It is scat'), 'prefill')).toThrow(
      expect.objectContaining({ name: 'ReplyDivergedError', partial: 'It is scat', reply: ' the air' }),
    );
  });
});

describe('askToContinue', () => {
  const asked = [{ role: 'user', content: 'Why?' }] as const;

  it('puts words into the mouth of a model that takes them', () => {
    expect(askToContinue(asked, cutAtLastWord('It is scat'), 'prefill')).toEqual([
      ...asked,
      { role: 'assistant', content: 'It is' },
    ]);
    expect(askToContinue(asked, cutAtLastWord('It'), 'prefill')).toEqual(asked);
  });

  it('asks the others, and tells them the word that was cut', () => {
    const [first, begun, instruction] = askToContinue(asked, cutAtLastWord('It is scat'), 'instruction');
    expect([first, begun]).toEqual([...asked, { role: 'assistant', content: 'It is' }]);
    expect(instruction).toMatchObject({ role: 'user', content: expect.stringContaining('"scat"') as string });
  });
});
