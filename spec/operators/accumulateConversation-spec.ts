import { of, Subject, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { accumulateConversation } from '../../operators/accumulateConversation.js';
import { Conversation } from '../../src/conversation.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { collect } from '../support/collect.js';
import { marbles } from '../support/marbles.js';
import { ends, samples, says, starts } from '../support/speech.js';

const told = (conversation: Conversation) =>
  conversation.messages.map(({ role, content, metadata }) => ({
    role,
    content,
    ...(metadata && { metadata }),
  }));
const interrupted = { interrupted: true };

describe('accumulateConversation', () => {
  describe('on tokens, what was generated', () => {
    it('passes them on and adds them before the complete is forwarded', async () => {
      const conversation = new Conversation();
      let atEnd = 0;
      of('Hel', '', 'lo')
        .pipe(accumulateConversation(conversation))
        .subscribe({ complete: () => (atEnd = conversation.messages.length) });
      expect(atEnd).toBe(1);
      expect(told(conversation)).toEqual([{ role: 'assistant', content: 'Hello' }]);
      expect(await collect(of('a', 'b').pipe(accumulateConversation(conversation)))).toEqual(['a', 'b']);
      expect(conversation.messages).toHaveLength(2);
    });

    it.each([
      ['error', '-a-b#', undefined, 'ab'],
      ['unsubscribe', '-a-b-c|', '^---!', 'ab'],
    ])('marks what there was as interrupted on %s', (_name, source, unsubscribe, content) => {
      const conversation = new Conversation();
      marbles(({ cold, expectObservable }) => {
        const expected = unsubscribe === undefined ? source : '-a-b-';
        expectObservable(cold(source).pipe(accumulateConversation(conversation)), unsubscribe).toBe(expected);
      });
      expect(told(conversation)).toEqual([{ role: 'assistant', content, metadata: interrupted }]);
    });

    it('has the partial reply when the error arrives', () => {
      const conversation = new Conversation();
      const source = new Subject<string>();
      let seen = -1;
      source.pipe(accumulateConversation(conversation)).subscribe({
        error: () => (seen = conversation.messages.length),
      });
      source.next('Hel');
      source.error(new Error('lost'));
      expect(seen).toBe(1);
    });

    it('adds it once, the token in hand included, when the consumer leaves inside next', () => {
      const conversation = new Conversation();
      of('a', 'b', 'c').pipe(accumulateConversation<string>(conversation), take(2)).subscribe();
      expect(told(conversation)).toEqual([{ role: 'assistant', content: 'ab', metadata: interrupted }]);
    });

    it.each([[[]], [['']], [[' ', '\n']]])('adds nothing for %j', async (tokens) => {
      const conversation = new Conversation();
      await collect(of(...tokens).pipe(accumulateConversation(conversation)));
      expect(conversation.messages).toEqual([]);
    });

    it('takes role and metadata from the config, and starts afresh for each subscription', async () => {
      const conversation = new Conversation();
      const source = of('a').pipe(
        accumulateConversation<string>(conversation, { role: 'user', metadata: { source: 'x' } }),
      );
      await collect(source);
      await collect(source);
      const message = { role: 'user', content: 'a', metadata: { source: 'x' } };
      expect(told(conversation)).toEqual([message, message]);
    });
  });

  describe('on speech events, what was heard', () => {
    const word = (index: number, text: string, offset: number): SpeechEvent => ({
      type: 'word',
      index,
      text,
      offset,
      duration: 100,
    });
    const heardAfter = (events: readonly SpeechEvent[], position?: () => number) => {
      const conversation = new Conversation();
      const source = new Subject<SpeechEvent>();
      const subscription = source
        .pipe(accumulateConversation(conversation, position && { position }))
        .subscribe();
      for (const event of events) source.next(event);
      subscription.unsubscribe();
      return conversation.messages[0]?.content;
    };
    const first = [starts(0, 'Hello there. '), says(0, samples(200)), ends(0, 'Hello there. ')];

    it('is every utterance that was spoken, as it was written', async () => {
      const conversation = new Conversation();
      const source = of<SpeechEvent[]>(...first, starts(1, 'Yes.'), says(1, samples(5)), ends(1, 'Yes.'));
      await collect(source.pipe(accumulateConversation(conversation)));
      expect(told(conversation)).toEqual([{ role: 'assistant', content: 'Hello there. Yes.' }]);
    });

    it('leaves out what was cut off and has no word times', () => {
      expect(heardAfter([...first, starts(1, 'How are you?'), says(1, samples(50))])).toBe('Hello there. ');
      expect(heardAfter([starts(0, 'Hello there. '), says(0, samples(50))])).toBeUndefined();
    });

    it('is known to the word where words have times', () => {
      const second = [starts(1, 'How are you?'), word(1, 'How', 0), word(1, 'are', 100)];
      expect(heardAfter([...first, ...second])).toBe('Hello there. How are');
      expect(heardAfter([...first, starts(1, 'It is $5 now.'), word(1, 'It', 0), word(1, 'five', 100)])).toBe(
        'Hello there. It',
      );
      expect(heardAfter([...first, starts(1, 'no no no'), word(1, 'no', 0), word(1, 'no', 100)])).toBe(
        'Hello there. no no',
      );
    });

    it('does not count an utterance that failed', () => {
      const failed: SpeechEvent = { type: 'utterance-error', index: 1, text: 'Boo.', error: new Error('no') };
      expect(heardAfter([...first, starts(1, 'Boo.'), failed])).toBe('Hello there. ');
      expect(heardAfter([...first, failed])).toBe('Hello there. ');
    });

    it.each([
      [0, undefined],
      [99, undefined],
      [100, 'Hello'],
      [200, 'Hello there. '],
      [299, 'Hello there. '],
      [300, 'Hello there. How'],
      [10_000, 'Hello there. How are'],
    ])('is cut at the listener, who is at %d ms', (position, heard) => {
      const events = [
        starts(0, 'Hello there. '),
        word(0, 'Hello', 0),
        word(0, 'there.', 100),
        says(0, samples(200)),
        ends(0, 'Hello there. '),
        starts(1, 'How are you?'),
        word(1, 'How', 0),
        word(1, 'are', 100),
        says(1, samples(200)),
      ];
      expect(heardAfter(events, () => position)).toBe(heard);
    });
  });

  it.each([
    ['position', { position: 5 as never }],
    ['role', { role: 'tool' as never }],
    ['metadata', { metadata: 'cut' as never }],
  ])('refuses a %s that is none, at the call', (name, config) => {
    const make = () => accumulateConversation(new Conversation(), config);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(`accumulateConversation: ${name} must be`);
  });

  it('refuses what is no conversation, at the call', () => {
    for (const none of [undefined, null, [], 'id']) {
      expect(() => accumulateConversation(none as never)).toThrow(/conversation must be a Conversation/);
    }
  });
});
