import { concatMap, map, of, take, timer, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  ConnectionError,
  createValve,
  StalledReplyError,
  type ChatEvent,
  type ChatModel,
} from '../../../src/index.js';
import { scriptedModel, type ScriptedModelRequest } from '../../../providers/scripted/index.js';
import { marbles } from '../../support/marbles.js';
import { valveOf } from '../../support/valveOf.js';

const values = { a: 'Hello', b: ' you', c: ' there' };
const text = 'Hello you there';

describe('scriptedModel', () => {
  it('is a chat model', () => {
    const model: ChatModel = scriptedModel({ text });
    expect([model.provider, model.model]).toEqual(['scripted', 'scripted']);
  });

  it('says a text in tokens, at its rate, after its latency', () =>
    marbles(({ expectObservable }) => {
      const model = scriptedModel({ text, tokensPerSecond: 500, firstTokenAfter: 3 });
      expectObservable(model('?')).toBe('---a-b-(c|)', values);
    }));

  it('says 50 tokens a second unless told, and everything at once at Infinity', () =>
    marbles(({ expectObservable }) => {
      expectObservable(scriptedModel({ text })('?')).toBe('a 19ms b 19ms (c|)', values);
      expectObservable(scriptedModel({ text, tokensPerSecond: Infinity })('?')).toBe('(abc|)', values);
    }));

  it('says tokens, with times of their own', () =>
    marbles(({ expectObservable }) => {
      const model = scriptedModel({
        tokens: ['a', { text: 'b', after: 4 }, 'c', { text: 'd', at: 10 }, { text: 'e', after: 3 }],
        tokensPerSecond: 500,
        firstTokenAfter: 1,
      });
      expectObservable(model('?')).toBe('-a---b-c--d--(e|)');
    }));

  it('says a marble string', () =>
    marbles(({ expectObservable }) => {
      expectObservable(scriptedModel({ marbles: '--a-(bc)- 5ms |', values })('?')).toBe(
        '--a-(bc)- 5ms |',
        values,
      );
      expectObservable(scriptedModel({ marbles: '-a-#', error: 'no' })('?')).toBe('-a-#', undefined, 'no');
      expectObservable(scriptedModel({ marbles: '-a--' })('?')).toBe('-a--');
    }));

  it('joins to its text, whatever the text', () =>
    marbles(({ expectObservable }) => {
      const odd = '\n\n今日は良い天気ですね。  Extraordinarily\tlong 👩‍👩‍👧‍👦 \ud800 end  ';
      expectObservable(
        scriptedModel({ text: odd, tokensPerSecond: Infinity })('?').pipe(
          toArray(),
          map((all) => [all.join(''), all.length > 9]),
        ),
      ).toBe('(a|)', { a: [odd, true] });
    }));

  it('completes at once when there is nothing to say', () =>
    marbles(({ expectObservable }) => {
      expectObservable(scriptedModel({ text: '', firstTokenAfter: 2 })('?')).toBe('--|');
    }));

  it('fails where it is told', () =>
    marbles(({ expectObservable }) => {
      const failure = new ConnectionError('scripted: the connection broke, as the script says', {
        provider: 'scripted',
      });
      const script = { text, tokensPerSecond: 500 };
      expectObservable(scriptedModel({ ...script, failAfter: 2 })('?')).toBe('a-(b#)', values, failure);
      expectObservable(scriptedModel({ ...script, failAfter: 0, firstTokenAfter: 4 })('?')).toBe(
        '----#',
        values,
        failure,
      );
      expectObservable(scriptedModel({ ...script, error: 'no' })('?')).toBe('a-b-(c#)', values, 'no');
      expectObservable(scriptedModel({ ...script, failAfter: 9 })('?')).toBe('a-b-(c|)', values);
    }));

  it('tells its events: the finish last, with usage', () =>
    marbles(({ expectObservable }) => {
      const events: Record<string, ChatEvent> = {
        a: { type: 'text', text: 'Hello' },
        r: { type: 'reasoning', text: 'hm' },
        e: { type: 'finish', reason: 'stop', usage: { inputTokens: 2, outputTokens: 2 } },
        l: { type: 'finish', reason: 'length', usage: { inputTokens: 7, outputTokens: 8 } },
      };
      const tokens = [{ type: 'reasoning', text: 'hm' }, { text: 'Hello' }] as const;
      const script = { tokens, tokensPerSecond: 500 };
      expectObservable(scriptedModel(script).events('Who? Me?')).toBe('r-(ae|)', events);
      expectObservable(scriptedModel(script)('Who? Me?')).toBe('--(a|)', values);
      expectObservable(
        scriptedModel({
          ...script,
          finishReason: 'length',
          usage: { inputTokens: 7, outputTokens: 8 },
        }).events('?'),
      ).toBe('r-(al|)', events);
      expectObservable(
        scriptedModel({ marbles: 'r-a-(|)', values: { ...values, r: tokens[0] } }).events('Who? Me?'),
      ).toBe('r-a-(e|)', events);
    }));

  describe('complete', () => {
    const script = { text, tokensPerSecond: 500, firstTokenAfter: 3 };

    it('gives the whole text when the last token would have come, fault or no fault', () =>
      marbles(({ expectObservable }) => {
        expectObservable(scriptedModel(script).complete('?')).toBe('-------(x|)', { x: text });
        expectObservable(scriptedModel({ ...script, failAfter: 1 }).complete('?')).toBe('-------(x|)', {
          x: text,
        });
      }));

    it('goes on exactly where it was left', () =>
      marbles(({ expectObservable }) => {
        const complete = (continueFrom: string) => scriptedModel(script).complete('?', { continueFrom });
        expectObservable(complete('Hello')).toBe('-----(x|)', { x: ' you there' });
        expectObservable(complete('Hello yo')).toBe('-----(x|)', { x: 'u there' });
        expectObservable(complete('Hello you')).toBe('---(x|)', { x: ' there' });
        expectObservable(complete(text)).toBe('---(x|)', { x: '' });
        expectObservable(complete('Once upon a time')).toBe('-------(x|)', { x: text });
      }));
  });

  describe('valve', () => {
    it('stands still while it is closed, its clocks too', () =>
      marbles(({ cold, expectObservable }) => {
        const states = cold(' t-f------t----f--------t-', { t: true, f: false });
        const expected = '    ---------a--b-----------(c|)';
        const valve = valveOf(states);
        const model = scriptedModel({ text, tokensPerSecond: 1000 / 3, firstTokenAfter: 2 });
        expectObservable(model('?', { valve, firstTokenTimeout: 4, idleTimeout: 4 })).toBe(expected, values);
      }));

    it('sends nothing more when it closes in the middle of a burst, and loses nothing', () =>
      marbles(({ expectObservable }) => {
        const valve = createValve({ high: 2, low: 0 });
        const model = scriptedModel({ tokens: 'abcde', tokensPerSecond: Infinity });
        const tokens = model('?', { valve }).pipe(
          map((token) => {
            valve.add(1);
            return token;
          }),
          concatMap((token) => {
            // A consumer that takes a millisecond a token.
            return timer(1).pipe(
              map(() => {
                valve.remove(1);
                return token;
              }),
            );
          }),
        );
        expectObservable(tokens).toBe('-abcd(e|)');
      }));

    it('sends nothing while it is closed from the start', () =>
      marbles(({ cold, expectObservable }) => {
        const valve = valveOf(cold('f----t', { t: true, f: false }));
        expectObservable(scriptedModel({ tokens: 'ab', tokensPerSecond: 500 })('?', { valve })).toBe(
          '-----a-(b|)',
        );
      }));
  });

  it('honours its timeouts', () =>
    marbles(({ expectObservable }) => {
      const late = scriptedModel({ text, firstTokenAfter: 20 });
      const error = (message: string) =>
        new StalledReplyError(`scripted: ${message}`, { provider: 'scripted' });
      expectObservable(late('?', { firstTokenTimeout: 9 })).toBe(
        '9ms #',
        values,
        error('no text within 9 ms'),
      );
      expectObservable(late.complete('?', { firstTokenTimeout: 9 })).toBe(
        '9ms #',
        values,
        error('no text within 9 ms'),
      );
      expectObservable(scriptedModel({ text })('?', { idleTimeout: 9 })).toBe(
        'a--------#',
        values,
        error('nothing came for 9 ms'),
      );
    }));

  it('fails with the reason of a signal, also while the valve is closed, and sends nothing when it is aborted', () =>
    marbles(({ expectObservable, cold, flush }) => {
      const requests: ScriptedModelRequest[] = [];
      const model = scriptedModel({
        text,
        tokensPerSecond: 500,
        onRequest: (request) => requests.push(request),
      });
      const controller = new AbortController();
      cold('---x').subscribe(() => controller.abort('enough'));
      const { signal } = controller;
      const closed = valveOf(of(false));
      expectObservable(model('?', { signal })).toBe('a-b#', values, 'enough');
      expectObservable(model('?', { signal, valve: closed })).toBe('---#', values, 'enough');
      flush();
      expect(requests.length).toBe(2);
      let reason: unknown;
      model('?', { signal }).subscribe({ error: (error: unknown) => (reason = error) });
      expect(reason).toBe('enough');
      expect(requests.length).toBe(2);
    }));

  it('is cold: a request a subscription, seen by its hooks', () =>
    marbles(({ expectObservable, flush }) => {
      const log: unknown[] = [];
      const model = scriptedModel({
        text,
        tokensPerSecond: 500,
        onRequest: ({ method, prompt }) => log.push([method, prompt]),
        onEnd: ({ prompt }, how) => log.push([prompt, how]),
      });
      const reply = model('first');
      expect(log).toEqual([]);
      expectObservable(reply).toBe('a-b-(c|)', values);
      expectObservable(reply, '--^').toBe('--a-b-(c|)', values);
      expectObservable(model('cut'), '^--!').toBe('a-b', values);
      expectObservable(model('taken').pipe(take(1))).toBe('(a|)', values);
      expectObservable(model.complete('whole'), '-^').toBe('-----(x|)', { x: text });
      flush();
      expect(log).toEqual([
        ['stream', 'first'],
        ['stream', 'cut'],
        ['stream', 'taken'],
        ['taken', 'unsubscribe'],
        ['complete', 'whole'],
        ['stream', 'first'],
        ['cut', 'unsubscribe'],
        ['first', 'complete'],
        ['whole', 'complete'],
        ['first', 'complete'],
      ]);
    }));

  it('stops inside next', () =>
    marbles(({ expectObservable }) => {
      const model = scriptedModel({ tokens: 'abc', tokensPerSecond: Infinity });
      expectObservable(model('?').pipe(take(2))).toBe('(ab|)');
    }));

  it('says what a function of the request says', () =>
    marbles(({ expectObservable }) => {
      const parrot = scriptedModel({
        text: ({ prompt }) => `${typeof prompt === 'string' ? prompt : '?'} you`,
        tokensPerSecond: 500,
      });
      expectObservable(parrot('Hello')).toBe('a-(b|)', values);
      expectObservable(parrot('Bless')).toBe('a-(b|)', { ...values, a: 'Bless' });
      expectObservable(parrot.complete('Hello', { continueFrom: 'Hello' })).toBe('(b|)', values);
      const counting = scriptedModel({
        tokens: ({ method, prompt }) => [{ text: method, at: prompt.length }],
        tokensPerSecond: 500,
      });
      expectObservable(counting('four')).toBe('----(s|)', { s: 'stream' });
      expectObservable(counting.complete('a')).toBe('-(c|)', { c: 'complete' });
      const failure = new Error('no');
      const broken = scriptedModel({
        text: () => {
          throw failure;
        },
      });
      expectObservable(broken('?')).toBe('#', undefined, failure);
    }));

  it('says an endless script', () =>
    marbles(({ expectObservable }) => {
      const endless = {
        *[Symbol.iterator]() {
          for (;;) yield 'a';
        },
      };
      expectObservable(scriptedModel({ tokens: endless, tokensPerSecond: 1000 })('?').pipe(take(3))).toBe(
        'aa(a|)',
      );
    }));

  it('runs live as well', async () => {
    const model = scriptedModel({ text, tokensPerSecond: 1000 });
    const seen = await new Promise((resolve, reject) => {
      model('?').pipe(toArray()).subscribe({ next: resolve, error: reject });
    });
    expect(seen).toEqual(Object.values(values));
  });

  it('refuses what is out of range', () => {
    expect(() => scriptedModel({})).toThrow(
      new TypeError('scriptedModel: give exactly one of text, tokens and marbles'),
    );
    expect(() => scriptedModel({ text, tokens: [] })).toThrow(TypeError);
    expect(() => scriptedModel({ text, tokensPerSecond: 0 })).toThrow(
      new TypeError('scriptedModel: tokensPerSecond must be a number over 0, got 0'),
    );
    expect(() => scriptedModel({ text: 5 as never })).toThrow(
      'text must be a text or a function, got number',
    );
    expect(() => scriptedModel({ text, firstTokenAfter: -1 })).toThrow(TypeError);
    expect(() => scriptedModel({ text, failAfter: 1.5 })).toThrow(TypeError);
    expect(() => scriptedModel({ text })('?', { idleTimeout: 0 })).toThrow(TypeError);
  });

  it('is deep enough for a conversation', () =>
    marbles(({ expectObservable }) => {
      expectObservable(
        of('one', 'two').pipe(
          concatMap((prompt) => scriptedModel({ text: prompt, tokensPerSecond: 500 })(prompt)),
        ),
      ).toBe('(xy|)', { x: 'one', y: 'two' });
    }));
});
