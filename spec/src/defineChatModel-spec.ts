import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { defineChatModel, type ChatModelDefinition, type ReplyPart } from '../../src/defineChatModel.js';
import { ProviderError } from '../../src/errors.js';
import { createValve } from '../../src/valve.js';
import { collect } from '../providers/chatConformance.js';

const model = (reads: readonly (readonly ReplyPart[] | Error)[], rest: Partial<ChatModelDefinition> = {}) =>
  defineChatModel({
    provider: 'test',
    model: 'test-1',
    async *stream() {
      for (const read of reads) {
        await Promise.resolve();
        if (read instanceof Error) throw read;
        yield read;
      }
    },
    complete: () => Promise.resolve('whole'),
    continuation: 'instruction',
    ...rest,
  });

describe('defineChatModel', () => {
  it('makes a function that cannot be changed', () => {
    const made = model([]);
    expect([made.name, made.provider, made.model]).toEqual(['test', 'test', 'test-1']);
    expect(() => Object.assign(made, { model: 'other' })).toThrow(TypeError);
  });

  it('emits the last finish, when the reply has ended', async () => {
    const usage = { inputTokens: 1, outputTokens: 2 };
    const { values } = await collect(
      model([
        [
          { type: 'text', text: 'Hi' },
          { type: 'finish', reason: 'stop' },
        ],
        [{ type: 'progress' }, { type: 'text', text: '' }],
        [{ type: 'finish', reason: 'stop', usage }],
      ]).events('Hi'),
    );
    expect(values).toEqual([
      { type: 'text', text: 'Hi' },
      { type: 'finish', reason: 'stop', usage },
    ]);
  });

  it('takes no offence at what breaks after the finish marker', async () => {
    const reply = model([
      [
        { type: 'text', text: 'Hi' },
        { type: 'finish', reason: 'stop' },
      ],
      new Error('reset'),
    ]);
    expect(await collect(reply('Hi'))).toMatchObject({ values: ['Hi'], completed: true });
  });

  it('waits for the end of a stream that has finished only so long', async () => {
    let aborted = false;
    const lazy = model([], {
      async *stream({ signal }) {
        signal.addEventListener('abort', () => (aborted = true));
        yield [
          { type: 'text', text: 'Hi' },
          { type: 'finish', reason: 'stop' },
        ];
        await new Promise(() => undefined);
      },
    });
    expect(await collect(lazy('Hi'))).toMatchObject({ values: ['Hi'], completed: true });
    expect(aborted).toBe(true);
  });

  it("maps what the provider's own errors mean, and cleans them of its secrets", async () => {
    const failing = model([new Error('code 9 key topsecret')], {
      secrets: () => ['topsecret'],
      failure: (error) =>
        new ProviderError(`test: ${String(error)}`, { provider: 'test', retryable: true, cause: error }),
    });
    const { error } = await collect(failing('Hi'));
    expect(error).toMatchObject({ message: 'test: Error: code 9 key [redacted]', retryable: true });
    expect((error as Error).cause).toMatchObject({ message: 'code 9 key [redacted]' });
  });

  it('a stream that cannot be opened is an error of the Observable, not a throw', async () => {
    const failing = model([], {
      stream: () => {
        throw new Error('no');
      },
    });
    const reply$ = failing('Hi');
    expect((await collect(reply$)).error).toMatchObject({ name: 'ProviderError', message: 'test: no' });
  });

  it('says what a stream has to yield', async () => {
    const bare = model([{ type: 'text', text: 'no list' } as never]);
    expect((await collect(bare('Hi'))).error).toMatchObject({
      name: 'ProviderError',
      message: 'test: stream must yield lists of parts: [{ type, … }]',
    });
  });

  it('complete asks and emits nothing while the valve is closed', async () => {
    let asked = 0;
    const counted = model([], { complete: () => Promise.resolve(`answer ${(asked += 1)}`) });
    const valve = createValve({ high: 1, low: 0 });
    valve.add(1);
    const ended = collect(counted.complete('Hi', { valve }));
    await after(10);
    expect(asked).toBe(0);
    valve.remove(1);
    expect((await ended).values).toEqual(['answer 1']);
  });

  it('forgets a reply that fails when nobody waits for it any more', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const failing = model([], { complete: () => after(5).then(() => Promise.reject(new Error('late'))) });
    failing.complete('Hi').subscribe().unsubscribe();
    const subscription = failing.complete('Hi').subscribe();
    await after(1);
    subscription.unsubscribe();
    await after(30);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
