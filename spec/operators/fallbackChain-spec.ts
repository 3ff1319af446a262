import fc from 'fast-check';
import { concatMap, lastValueFrom, range, take, takeUntil, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { fallbackChain, type FallbackChainConfig } from '../../operators/fallbackChain.js';
import { createModelHealth } from '../../operators/modelHealth.js';
import { scriptedModel, type ScriptedModelConfig } from '../../providers/scripted/index.js';
import { AuthenticationError, ConnectionError, ProviderError } from '../../src/errors.js';
import { defineChatModel, type ChatModel, type ChatOptions, type CompleteOptions } from '../../src/index.js';
import { collect, collectFailure } from '../support/collect.js';
import { marbles } from '../support/marbles.js';

const lost = new ConnectionError('reset');

/** A scripted model and what it was asked: `stream`, `complete after TEXT`, and how each request ended. */
const model = (marbleString: string, config: Partial<ScriptedModelConfig> = {}) => {
  const log: string[] = [];
  const options: CompleteOptions[] = [];
  const chat = scriptedModel({
    marbles: marbleString,
    error: lost,
    ...config,
    onRequest: (request) => {
      options.push(request.options);
      log.push(
        request.method === 'stream' ? 'stream' : `complete after ${request.options.continueFrom ?? ''}`,
      );
    },
    onEnd: (_request, how) => {
      if (how === 'unsubscribe') log.push('aborted');
    },
  });
  return { chat, log, options };
};
const refuses = (error: Error): ChatModel =>
  defineChatModel({
    provider: 'refuses',
    model: 'refuses-1',
    // eslint-disable-next-line @typescript-eslint/require-await -- an async generator is what a provider gives
    async *stream() {
      yield [];
      throw error;
    },
    complete: () => Promise.reject(error),
    continuation: 'prefill',
  });
const chain = (models: readonly ChatModel[], config?: FallbackChainConfig) =>
  fallbackChain(models, 'Why?', { health: createModelHealth(), ...config });

describe('fallbackChain', () => {
  it('asks only the first model while that one is well', () => {
    const [a, b] = [model('--a-b|'), model('--x|')];
    marbles(({ expectObservable }) => {
      expectObservable(chain([a.chat, b.chat])).toBe('--a-b|');
    });
    expect([a.log, b.log]).toEqual([['stream'], []]);
  });

  it('asks the next one, streaming, when one fails before its first token', () => {
    const [a, b, c] = [model('--#'), model('-#'), model('-a-b|')];
    marbles(({ expectObservable }) => {
      expectObservable(chain([a.chat, b.chat, c.chat])).toBe('----a-b|');
    });
    expect([a.log, b.log, c.log]).toEqual([['stream'], ['stream'], ['stream']]);
  });

  it('asks the next one for exactly what follows when one breaks off', () => {
    const values = { a: 'The sky ', b: 'is ', c: 'blue.' };
    const a = model('-a-#', { values });
    const b = model('-a-b-c|', { values });
    marbles(({ expectObservable }) => {
      // b's script goes on where the text stops: 3 ms after its first token, all the rest has come.
      expectObservable(chain([a.chat, b.chat])).toBe('-a----(b|)', {
        a: 'The sky ',
        b: 'is blue.',
      });
    });
    expect(b.log[0]).toBe('complete after The sky ');
  });

  describe('hedgeAfter', () => {
    it('asks the next one as well when the first token is late; the first to speak wins, the loser is aborted', () => {
      const [a, b] = [model('------x|'), model('-a-b|')];
      marbles(({ expectObservable }) => {
        expectObservable(chain([a.chat, b.chat], { hedgeAfter: 3 })).toBe('----a-b|');
      });
      expect([a.log, b.log]).toEqual([['stream', 'aborted'], ['stream']]);
    });

    it('lets the first win when it speaks first after all', () => {
      const [a, b] = [model('----a-b|'), model('---x|')];
      marbles(({ expectObservable }) => {
        expectObservable(chain([a.chat, b.chat], { hedgeAfter: 3 })).toBe('----a-b|');
      });
      expect([a.log, b.log]).toEqual([['stream'], ['stream', 'aborted']]);
    });

    it('asks nobody else once there is a first token', () => {
      const [a, b] = [model('--a-----b|'), model('x|')];
      marbles(({ expectObservable }) => {
        expectObservable(chain([a.chat, b.chat], { hedgeAfter: 3 })).toBe('--a-----b|');
      });
      expect(b.log).toEqual([]);
    });

    it('goes on through the list, one at a time, and at once after a failure', () => {
      const [a, b, c] = [model('---------|'), model('-#'), model('---a|')];
      marbles(({ expectObservable }) => {
        // b begins at 2 and fails at 3, c begins there.
        expectObservable(chain([a.chat, b.chat, c.chat], { hedgeAfter: 2 })).toBe('------a|');
      });
      expect(a.log).toEqual(['stream', 'aborted']);
    });

    it('waits for those that still run when the last one fails', () => {
      const [a, b] = [model('------a|'), model('-#')];
      marbles(({ expectObservable }) => {
        expectObservable(chain([a.chat, b.chat], { hedgeAfter: 2 })).toBe('------a|');
      });
    });

    it('may continue with a loser of the race, which has not failed', () => {
      const values = { a: 'The sky ', b: 'is blue.' };
      const [a, b] = [model('------a-b|', { values }), model('-a-#', { values })];
      marbles(({ expectObservable }) => {
        expectObservable(chain([a.chat, b.chat], { hedgeAfter: 3 })).toBe('----a-------(b|)', values);
      });
      expect(a.log).toEqual(['stream', 'aborted', 'complete after The sky ']);
    });

    it('takes an empty token for none, and an empty reply for a reply', () => {
      const [a, b] = [model('-e----x|', { values: { e: '' } }), model('-a|')];
      marbles(({ expectObservable }) => {
        expectObservable(chain([a.chat, b.chat], { hedgeAfter: 3 })).toBe('----a|');
        expectObservable(chain([model('--|').chat, b.chat], { hedgeAfter: 3 })).toBe('--|');
      });
    });

    it('is never where a timer cannot wait that long', async () => {
      const b = model('b|');
      const patient = chain([model('50ms a|').chat, b.chat], { hedgeAfter: Number.MAX_SAFE_INTEGER });
      expect(await lastValueFrom(patient)).toBe('a');
      expect(b.log).toEqual([]);
    });

    it('of 0 asks all at once', () => {
      const [a, b, c] = [model('---x|'), model('--a|'), model('----x|')];
      marbles(({ expectObservable }) => {
        expectObservable(chain([a.chat, b.chat, c.chat], { hedgeAfter: 0 })).toBe('--a|');
      });
      expect([a.log, c.log]).toEqual([
        ['stream', 'aborted'],
        ['stream', 'aborted'],
      ]);
    });
  });

  it('stops everything on unsubscribe', () => {
    const [a, b, c] = [model('------a|'), model('------b|'), model('c|')];
    marbles(({ expectObservable }) => {
      expectObservable(chain([a.chat, b.chat, c.chat], { hedgeAfter: 2 }), '^--!').toBe('----');
    });
    expect([a.log, b.log, c.log]).toEqual([['stream', 'aborted'], ['stream', 'aborted'], []]);
  });

  it('asks nothing before subscribe, and afresh for each subscription', async () => {
    const a = model('a|');
    const source = chain([a.chat]);
    expect(a.log).toEqual([]);
    expect(await collect(source)).toEqual(['a']);
    expect(await collect(source)).toEqual(['a']);
    expect(a.log).toEqual(['stream', 'stream']);
  });

  it('hands the options on, the streaming timeouts only to streams', () => {
    const options: ChatOptions = { temperature: 0.5, firstTokenTimeout: 50, idleTimeout: 40 };
    const [a, b] = [model('-a#'), model('-a-b|')];
    marbles(({ expectObservable }) => {
      expectObservable(chain([a.chat, b.chat], { options })).toBe('-a-(b|)');
    });
    expect(a.options).toEqual([options]);
    expect(b.options).toEqual([{ temperature: 0.5, continueFrom: 'a' }]);
  });

  describe('when everything fails', () => {
    it('tells every failure in order, and what was said', async () => {
      const key = new AuthenticationError('no key');
      const { values, error } = await collectFailure(chain([refuses(key), model('a#').chat, refuses(lost)]));
      expect(values).toEqual(['a']);
      expect(error).toMatchObject({ name: 'TruncatedReplyError', partial: 'a', retryable: true });
      const causes = (error as Error).cause as AggregateError;
      expect(causes).toBeInstanceOf(AggregateError);
      expect(causes.errors.map((each) => (each as Error).name)).toEqual([
        'AuthenticationError',
        'ConnectionError',
        'ConnectionError',
      ]);
    });

    it('is a lone failure as it is', () => {
      marbles(({ expectObservable }) => {
        expectObservable(chain([model('-#').chat])).toBe('-#', undefined, lost);
      });
    });

    it('goes no further after an abort, or where `when` says no', () => {
      const abort = new DOMException('stopped', 'AbortError');
      const b = model('b|');
      marbles(({ expectObservable }) => {
        expectObservable(chain([model('-#', { error: abort }).chat, b.chat])).toBe('-#', undefined, abort);
        expectObservable(chain([model('-a#', { error: abort }).chat, b.chat])).toBe('-a#', undefined, abort);
        expectObservable(chain([model('-#').chat, b.chat], { when: () => false })).toBe(
          '-#',
          undefined,
          lost,
        );
      });
      expect(b.log).toEqual([]);
    });
  });

  it('ends with the reason of an aborted signal, whatever that is, and asks nobody else', async () => {
    for (const reason of ['never mind', new Error('never mind')]) {
      const b = model('b|');
      const options = { signal: AbortSignal.abort(reason) };
      const a = scriptedModel({ text: 'a' });
      await expect(lastValueFrom(fallbackChain([a, b.chat], 'Why?', { options }))).rejects.toBe(reason);
      expect(b.log).toEqual([]);
    }
  });

  describe('the circuit', () => {
    const asked = (a: { log: string[] }) => a.log.filter((line) => line === 'stream').length;

    it('skips a model after three failures in a row, and tries it again with a real request', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const health = createModelHealth();
        const [a, b] = [model('#'), model('b|')];
        const config = { health, circuit: { failures: 3, coolDown: 10 } };
        const calls = cold('abcde---f-g------------h|').pipe(
          concatMap(() => fallbackChain([a.chat, b.chat], 'Why?', config)),
        );
        expectObservable(calls.pipe(take(0))).toBe('|');
        calls.subscribe();
        flush();
        // Asked at 0, 1, 2; skipped until 12; tried and failed at 23.
        expect(asked(a)).toBe(4);
        expect(asked(b)).toBe(8);
      });
    });

    it('uses it again once it is well, and counts from nothing', async () => {
      const health = createModelHealth();
      const script = ['#', '#', 'a|', '#', '#', 'a|'];
      const chats = script.map((line) => model(line).chat);
      // One model whose requests go by the script.
      const a: ChatModel = Object.assign(() => chats.shift()!('Why?'), model('a|').chat);
      const b = model('b|');
      const config = { health, circuit: { failures: 3 } };
      const replies: string[] = [];
      for (let call = 0; call < 6; call++) {
        replies.push((await collect(fallbackChain([a, b.chat], 'Why?', config))).join(''));
      }
      expect(replies).toEqual(['b', 'b', 'a', 'b', 'b', 'a']);
    });

    it('lets only one request at a time try it', () => {
      marbles(({ flush }) => {
        const health = createModelHealth();
        const [a, b] = [model('----#'), model('b|')];
        const config = { health, circuit: { failures: 1, coolDown: 0 } };
        const ask = () => fallbackChain([a.chat, b.chat], 'Why?', config).subscribe();
        ask();
        flush();
        ask();
        ask();
        ask();
        flush();
        expect(asked(a)).toBe(2);
        expect(asked(b)).toBe(4);
      });
    });

    it.each([
      ['an abort', new DOMException('stopped', 'AbortError')],
      ['a request that is wrong in itself', new ProviderError('bad', { status: 400 })],
    ])('does not count %s', async (_name, error) => {
      const health = createModelHealth();
      const a = model('#', { error });
      for (let call = 0; call < 5; call++) {
        await collectFailure(fallbackChain([a.chat], 'Why?', { health, circuit: { failures: 1 } }));
      }
      expect(health.isSkipped(a.chat, Date.now(), { failures: 1, coolDown: 1e9 })).toBe(false);
    });

    it('does not count the loser of a race, nor who was unsubscribed', () => {
      marbles(({ flush }) => {
        const health = createModelHealth();
        const [a, b] = [model('-----a|'), model('b|')];
        fallbackChain([a.chat, b.chat], 'Why?', { health, hedgeAfter: 1 }).subscribe();
        flush();
        fallbackChain([a.chat], 'Why?', { health }).subscribe().unsubscribe();
        expect(health.isSkipped(a.chat, 0, { failures: 1, coolDown: 1e9 })).toBe(false);
      });
    });

    it('asks all where all are being skipped', async () => {
      const health = createModelHealth();
      const [a, b] = [model('#'), model('#')];
      for (let call = 0; call < 5; call++) {
        await collectFailure(fallbackChain([a.chat, b.chat], 'Why?', { health, circuit: { failures: 2 } }));
      }
      expect([asked(a), asked(b)]).toEqual([5, 5]);
    });

    it('can be turned off, and is shared by default', async () => {
      const [a, b] = [model('#'), model('b|')];
      for (let call = 0; call < 5; call++) await collect(chain([a.chat, b.chat], { circuit: false }));
      expect(asked(a)).toBe(5);
      const [c, d] = [model('#'), model('d|')];
      for (let call = 0; call < 5; call++) await collect(fallbackChain([c.chat, d.chat], 'Why?'));
      expect(asked(c)).toBe(3);
    });
  });

  it('says every word once and leaves nothing running, whoever fails when, and whenever the listener leaves', () => {
    const text = 'The sky is blue because air scatters light. It is so.';
    const length = text.split(' ').length;
    const candidate = fc.record({
      firstTokenAfter: fc.nat({ max: 40 }),
      tokensPerSecond: fc.constantFrom(50, 200, 1000, Infinity),
      failAfter: fc.option(fc.nat({ max: length }), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(candidate, { minLength: 1, maxLength: 4 }),
        fc.option(fc.nat({ max: 30 }), { nil: undefined }),
        fc.option(fc.nat({ max: 300 }), { nil: undefined }),
        (candidates, hedgeAfter, leaveAfter) => {
          let running = 0;
          const asked: string[] = [];
          const models = candidates.map(({ failAfter, ...config }, index) =>
            scriptedModel({
              ...config,
              ...(failAfter !== undefined && { failAfter }),
              text,
              onRequest: ({ method }) => {
                running++;
                asked.push(`${method} ${index}`);
              },
              onEnd: () => running--,
            }),
          );
          const said: string[] = [];
          let end = '';
          const config = hedgeAfter === undefined ? {} : { hedgeAfter };
          marbles(({ flush }) => {
            const reply = chain(models, config);
            const heard = leaveAfter === undefined ? reply : reply.pipe(takeUntil(timer(leaveAfter)));
            heard.subscribe({
              next: (token) => said.push(token),
              error: () => (end = 'error'),
              complete: () => (end = 'complete'),
            });
            flush();
          });
          expect(running).toBe(0);
          // Nobody is asked the same twice; who lost a race may be asked for the rest.
          expect(new Set(asked).size).toBe(asked.length);
          expect(text.startsWith(said.join(''))).toBe(true);
          expect(end).not.toBe('');
          if (leaveAfter !== undefined) return;
          if (candidates.some(({ failAfter }) => failAfter === undefined)) {
            expect([said.join(''), end]).toEqual([text, 'complete']);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not pile up on a long row of subscriptions', () => {
    const a = model('a|');
    let seen = 0;
    marbles(({ flush }) => {
      range(1000)
        .pipe(concatMap(() => chain([a.chat])))
        .subscribe(() => seen++);
      flush();
    });
    expect(seen).toBe(1000);
  });

  it.each([
    [[], {}, 'models'],
    [['ollama' as never], {}, 'models'],
    [[model('a|').chat], { hedgeAfter: -1 }, 'hedgeAfter'],
    [[model('a|').chat], { hedgeAfter: NaN }, 'hedgeAfter'],
    [[model('a|').chat], { when: 1 as never }, 'when'],
    [[model('a|').chat], { circuit: { failures: 0 } }, 'circuit.failures'],
    [[model('a|').chat], { circuit: { coolDown: -1 } }, 'circuit.coolDown'],
  ])('refuses %o, %o, naming %s', (models, config, field) => {
    expect(() => fallbackChain(models, 'Why?', config)).toThrow(TypeError);
    expect(() => fallbackChain(models, 'Why?', config)).toThrow(field);
  });

  it('one model instead of a list is refused at the call', () => {
    const model = scriptedModel({ text: 'a' }) as unknown as ChatModel[];
    expect(() => fallbackChain(model, 'Why?')).toThrow(/models must be a list/);
  });
});
