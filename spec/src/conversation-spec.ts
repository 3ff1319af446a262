import fc from 'fast-check';
import { concat, NEVER, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Conversation, type ConversationChange } from '../../src/conversation.js';
import { marbles } from '../support/marbles.js';

const contents = (conversation: Conversation) => conversation.messages.map(({ content }) => content);
const ticking = (from = 1000) => {
  let now = from;
  return () => now++;
};

describe('Conversation', () => {
  it('keeps messages with their times, frozen', () => {
    const conversation = new Conversation({ id: 'c1', clock: ticking() });
    const message = conversation.add('user', 'Hi', { source: 'keyboard' });
    conversation.add('assistant', 'Hello');
    expect(conversation.id).toBe('c1');
    expect(conversation.messages).toEqual([
      { role: 'user', content: 'Hi', timestamp: 1000, metadata: { source: 'keyboard' } },
      { role: 'assistant', content: 'Hello', timestamp: 1001 },
    ]);
    expect(conversation.messages[0]).toBe(message);
    expect(Object.isFrozen(message) && Object.isFrozen(message.metadata)).toBe(true);
    expect(Object.isFrozen(conversation.messages)).toBe(true);
  });

  it('has an id of its own where none is given', () => {
    expect(new Conversation().id).not.toBe(new Conversation().id);
  });

  it('has one system message, in front', () => {
    const conversation = new Conversation();
    conversation.add('user', 'Hi');
    conversation.system('Be brief.');
    conversation.system('Be long.');
    expect(conversation.messages.map(({ role, content }) => [role, content])).toEqual([
      ['system', 'Be long.'],
      ['user', 'Hi'],
    ]);
  });

  it('gives snapshots that later changes leave alone', () => {
    const conversation = new Conversation();
    const before = conversation.messages;
    conversation.add('user', 'Hi');
    expect(before).toEqual([]);
  });

  it('tells its state on subscribe and at every change, in order, also when a listener changes it', () => {
    const conversation = new Conversation();
    const seen: string[] = [];
    conversation.add('user', '1');
    conversation.state$.subscribe(({ messages }) => {
      if (messages.length === 2) conversation.add('user', '3');
    });
    conversation.state$.subscribe(({ messages }) =>
      seen.push(messages.map(({ content }) => content).join('')),
    );
    conversation.add('user', '2');
    expect(seen).toEqual(['1', '12', '123']);
  });

  it('tells changes from which the same conversation can be made', () => {
    const conversation = new Conversation();
    const copy = new Conversation({ id: conversation.id });
    const kinds: ConversationChange['type'][] = [];
    conversation.changes$.subscribe((change) => {
      kinds.push(change.type);
      copy.apply(change);
    });
    conversation.system('Be brief.');
    conversation.add('user', 'Hi');
    conversation.add('assistant', 'Hello there. How are you?');
    conversation.truncateLast('Hello there.');
    conversation.add('assistant', 'Never heard.');
    conversation.truncateLast('');
    expect(kinds).toEqual(['system', 'add', 'add', 'truncate', 'add', 'truncate']);
    expect(copy.messages).toEqual(conversation.messages);
  });

  it('is the same from all its changes at once as from one after the other, whatever the limit', () => {
    const limits = [undefined, 1, 2, 3, { tokens: 12 }, { tokens: 30 }, { messages: 3, tokens: 25 }];
    const said = (role: 'user' | 'assistant', content: string) => ({ role, content, timestamp: 1 });
    const change = fc.oneof(
      fc.string({ maxLength: 60 }).map((text) => ({ type: 'add' as const, message: said('user', text) })),
      fc
        .string({ maxLength: 60 })
        .map((text) => ({ type: 'add' as const, message: said('assistant', text) })),
      fc.string({ maxLength: 30 }).map((content) => ({
        type: 'system' as const,
        message: { role: 'system' as const, content, timestamp: 1 },
      })),
      fc.option(fc.string({ maxLength: 20 })).map((text) => ({
        type: 'truncate' as const,
        message: text === null ? null : said('assistant', text),
      })),
    );
    fc.assert(
      fc.property(fc.array(change), fc.constantFrom(...limits), (changes, historyLimit) => {
        const config = { id: 'a', ...(historyLimit !== undefined && { historyLimit }) };
        const one = new Conversation(config);
        for (const each of changes) one.apply(each);
        const all = Conversation.fromChanges(changes, config);
        expect(all.messages).toEqual(one.messages);
        expect(all.toJSON()).toEqual(one.toJSON());
      }),
    );
  });

  it('reads a long conversation in one go', () => {
    const messages = Array.from({ length: 100_000 }, (_, timestamp) => ({
      role: timestamp % 2 === 0 ? 'user' : 'assistant',
      content: `This is message ${timestamp}.`,
      timestamp,
    }));
    const began = process.cpuUsage();
    const conversation = Conversation.fromJSON({ id: 'long', messages }, { historyLimit: { tokens: 500 } });
    // A matter of milliseconds; the square of the length would be minutes.
    expect(process.cpuUsage(began).user).toBeLessThan(20_000_000);
    expect(conversation.messages.at(-1)?.timestamp).toBe(99_999);
    expect(Conversation.fromJSON({ id: 'long', messages }).messages).toHaveLength(100_000);
  });

  describe('truncateLast', () => {
    it.each([
      ['to what was heard', 'One. Two. Three.', 'One. Two. ', 'One. Two. '],
      ['inside a word', 'One. Twenty.', 'One. Twen', 'One. Twen'],
      [
        'past marks that no voice says',
        '**One.**\n\n---\n\nTwo. Three.',
        'One. Two.',
        '**One.**\n\n---\n\nTwo.',
      ],
      ['past other white space', 'One.\n\nTwo. Three.', 'One. Two.', 'One.\n\nTwo.'],
      ['in any script', '天空是蓝色的。因为空气。', '天空是蓝色的。', '天空是蓝色的。'],
      ['to something else that was heard', 'It is $5.', 'It is five', 'It is five'],
    ])('shortens the last reply %s', (_name, content, heard, left) => {
      const conversation = new Conversation();
      conversation.add('assistant', content, { model: 'm' });
      conversation.add('user', 'Stop!');
      const message = conversation.truncateLast(heard);
      expect(message).toMatchObject({ content: left, metadata: { model: 'm', interrupted: true } });
      expect(contents(conversation)).toEqual([left, 'Stop!']);
    });

    it('leaves a reply that was heard whole', () => {
      const conversation = new Conversation();
      const whole = conversation.add('assistant', '**One.** Two!\n');
      expect(conversation.truncateLast('One. Two')).toBe(whole);
      expect(conversation.messages).toEqual([whole]);
    });

    it('takes a reply back of which nothing was heard', () => {
      const conversation = new Conversation();
      conversation.add('user', 'Hi');
      conversation.add('assistant', 'Hello.');
      expect(conversation.truncateLast('')).toBeUndefined();
      expect(contents(conversation)).toEqual(['Hi']);
    });

    it('does nothing without a reply', () => {
      const conversation = new Conversation();
      conversation.add('user', 'Hi');
      expect(conversation.truncateLast('Hi')).toBeUndefined();
      expect(contents(conversation)).toEqual(['Hi']);
    });
  });

  describe('historyLimit', () => {
    it('keeps the newest messages and the system message', () => {
      const conversation = new Conversation({ historyLimit: 2 });
      conversation.system('S');
      for (const content of ['1', '2', '3']) conversation.add('user', content);
      expect(contents(conversation)).toEqual(['S', '2', '3']);
    });

    it('by estimated tokens, the newest message whatever it costs', () => {
      const conversation = new Conversation({
        historyLimit: { tokens: 10, estimateTokens: ({ content }) => content.length },
      });
      conversation.system('SSSS');
      conversation.add('user', '111');
      conversation.add('user', '222');
      expect(contents(conversation)).toEqual(['SSSS', '111', '222']);
      conversation.add('user', '33');
      expect(contents(conversation)).toEqual(['SSSS', '222', '33']);
      conversation.add('user', '4'.repeat(50));
      expect(contents(conversation)).toEqual(['SSSS', '4'.repeat(50)]);
      conversation.add('user', '5');
      expect(contents(conversation)).toEqual(['SSSS', '5']);
    });

    it('never counts fewer tokens for more text', () => {
      const tokens = (text: string) => {
        const conversation = new Conversation();
        conversation.add('user', text);
        return conversation.stats().estimatedTokens;
      };
      expect(tokens('The sky is blue.')).toBe(8);
      expect(tokens('天空是蓝色的')).toBe(10);
    });

    it.each([
      [0, 'historyLimit'],
      [{ messages: 1.5 }, 'historyLimit.messages'],
      [{ tokens: 0 }, 'historyLimit.tokens'],
      [{ estimateTokens: 4 as never }, 'historyLimit.estimateTokens'],
      ['20' as never, 'historyLimit'],
      [null as never, 'historyLimit'],
    ])('refuses %o', (historyLimit, field) => {
      expect(() => new Conversation({ historyLimit })).toThrow(TypeError);
      expect(() => new Conversation({ historyLimit })).toThrow(field);
    });
  });

  it('finds messages by text, whatever its case, and by pattern', () => {
    const conversation = new Conversation();
    for (const content of ['The sky', 'is blue', 'SKY high']) conversation.add('user', content);
    expect(conversation.search('sky').map(({ content }) => content)).toEqual(['The sky', 'SKY high']);
    expect(conversation.search(/sky/g)).toHaveLength(1);
    expect(conversation.search(/SKY/gi)).toHaveLength(2);
    expect(conversation.search('(')).toEqual([]);
  });

  it('tells itself in figures', () => {
    const conversation = new Conversation({ clock: ticking() });
    expect(conversation.stats()).toMatchObject({ messages: 0, firstAt: null, lastAt: null });
    conversation.system('Be brief.');
    conversation.add('user', 'Hi');
    conversation.add('assistant', 'Hello there. Bye.');
    conversation.truncateLast('Hello');
    expect(conversation.stats()).toEqual({
      messages: 3,
      system: 1,
      user: 1,
      assistant: 1,
      interrupted: 1,
      characters: 16,
      words: 4,
      estimatedTokens: 18,
      firstAt: 1000,
      lastAt: 1002,
    });
  });

  describe('export and fromJSON', () => {
    it('writes Markdown for people', () => {
      const conversation = new Conversation({ id: 'c1', clock: () => 0 });
      conversation.add('user', 'Hi');
      conversation.add('assistant', 'Hello there.', { interrupted: true });
      expect(conversation.export('markdown')).toBe(
        '# Conversation c1\n\n## User (1970-01-01T00:00:00.000Z)\n\nHi\n\n' +
          '## Assistant (1970-01-01T00:00:00.000Z, interrupted)\n\nHello there.\n',
      );
      expect(() => conversation.export('xml' as never)).toThrow(/format must be 'json' or 'markdown'/);
    });

    it('comes back as it was, whatever was said', () => {
      const role = fc.constantFrom('user', 'assistant');
      const metadata = fc.option(fc.dictionary(fc.string(), fc.jsonValue()), { nil: undefined });
      fc.assert(
        fc.property(fc.string(), fc.array(fc.tuple(role, fc.string(), metadata)), (system, messages) => {
          const conversation = new Conversation();
          if (system !== '') conversation.system(system);
          for (const [who, content, extra] of messages) conversation.add(who, content, extra);
          const text = conversation.export('json');
          const copy = Conversation.fromJSON(text);
          expect(copy.id).toBe(conversation.id);
          // Compared as text: JSON knows no -0.
          expect(copy.export('json')).toBe(text);
          expect(Conversation.fromJSON(JSON.parse(JSON.stringify(conversation))).export('json')).toBe(text);
        }),
      );
    });

    const good = { role: 'user', content: 'Hi', timestamp: 1 };
    it.each([
      ['not JSON', '{', 'not JSON'],
      ['no object', '3', 'an object'],
      ['no id', { messages: [] }, 'id'],
      ['no list', { id: 'a', messages: {} }, 'messages'],
      ['a message that is none', { id: 'a', messages: [good, null] }, 'messages[1].'],
      ['an unknown role', { id: 'a', messages: [{ ...good, role: 'tool' }] }, 'messages[0].role'],
      ['a content that is no text', { id: 'a', messages: [{ ...good, content: 1 }] }, 'messages[0].content'],
      ['no timestamp', { id: 'a', messages: [{ ...good, timestamp: '1' }] }, 'messages[0].timestamp'],
      ['a time that no date has', { id: 'a', messages: [{ ...good, timestamp: 9e15 }] }, 'timestamp'],
      ['metadata that is none', { id: 'a', messages: [{ ...good, metadata: [] }] }, 'messages[0].metadata'],
      [
        'a late system message',
        { id: 'a', messages: [good, { ...good, role: 'system' }] },
        'messages[1].role',
      ],
    ])('refuses %s', (_name, json, place) => {
      expect(() => Conversation.fromJSON(json)).toThrow(TypeError);
      expect(() => Conversation.fromJSON(json)).toThrow(place);
    });

    it('limits what it reads', () => {
      const json = { id: 'a', messages: [good, good, good] };
      expect(Conversation.fromJSON(json, { historyLimit: 1 }).messages).toHaveLength(1);
    });
  });

  describe('inTurn', () => {
    it('begins a turn when all before it are over: completed, failed or unsubscribed', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const conversation = new Conversation();
        const turns = [cold('--a|'), cold('-b#'), cold('-c-'), cold('-d|'), cold('-e|')] as const;
        const ask = (index: number) => conversation.inTurn(() => turns[index]!);
        expectObservable(ask(0), '^').toBe('--a|');
        expectObservable(ask(1), '-^').toBe('----b#');
        expectObservable(ask(2), '--^-----!').toBe('------c-');
        // The fourth leaves while it waits.
        expectObservable(ask(3), '---^-!').toBe('');
        expectObservable(ask(4), '----^').toBe('---------e|');
        expectSubscriptions(turns[1].subscriptions).toBe('---^-!');
        expectSubscriptions(turns[2].subscriptions).toBe('-----^--!');
        expectSubscriptions(turns[3].subscriptions).toBe([]);
        expectSubscriptions(turns[4].subscriptions).toBe('--------^-!');
      });
    });

    it('lets a consumer finish with a turn before the next begins', () => {
      const conversation = new Conversation();
      const log: string[] = [];
      const first = new Subject<string>();
      conversation.inTurn(() => first).subscribe({ complete: () => log.push('first seen') });
      conversation
        .inTurn(() => {
          log.push('second begins');
          return of('b');
        })
        .subscribe();
      first.complete();
      expect(log).toEqual(['first seen', 'second begins']);
    });

    it('gets through a long queue of turns that are over at once', () => {
      const conversation = new Conversation();
      const first = new Subject<never>();
      const seen: number[] = [];
      conversation.inTurn(() => first).subscribe();
      for (let index = 0; index < 20_000; index++) {
        conversation.inTurn(() => of(index)).subscribe((value) => seen.push(value));
      }
      first.complete();
      expect(seen).toEqual(Array.from({ length: 20_000 }, (_, index) => index));
    });

    it('goes on after a turn that throws, and is free again afterwards', () => {
      const conversation = new Conversation();
      const errors: unknown[] = [];
      const boom = new Error('boom');
      conversation
        .inTurn(() => {
          throw boom;
        })
        .subscribe({ error: (error: unknown) => errors.push(error) });
      conversation
        .inTurn(() =>
          concat(
            throwError(() => boom),
            NEVER,
          ),
        )
        .subscribe({ error: (error: unknown) => errors.push(error) });
      const seen: string[] = [];
      conversation.inTurn(() => of('c')).subscribe((value) => seen.push(value));
      expect(errors).toEqual([boom, boom]);
      expect(seen).toEqual(['c']);
    });
  });

  it.each([
    [{ id: '' }, 'id'],
    [{ clock: 5 as never }, 'clock'],
  ])('refuses %o', (config, field) => {
    expect(() => new Conversation(config)).toThrow(TypeError);
    expect(() => new Conversation(config)).toThrow(field);
  });

  it('refuses a message that is none', () => {
    const conversation = new Conversation();
    expect(() => conversation.add('tool' as never, 'x')).toThrow(/role/);
    expect(() => conversation.add('user', 5 as never)).toThrow(/content/);
    expect(conversation.messages).toEqual([]);
  });
});
