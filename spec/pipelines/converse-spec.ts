import { setTimeout as after } from 'node:timers/promises';
import fc from 'fast-check';
import { concat, filter, ignoreElements, map, of, Subject, takeUntil, tap, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { converse, type ConverseConfig } from '../../pipelines/index.js';
import { flite } from '../../providers/flite/index.js';
import { ollama } from '../../providers/ollama/index.js';
import { openaiSpeech } from '../../providers/openai/index.js';
import { scriptedModel, scriptedVoice } from '../../providers/scripted/index.js';
import { Conversation, type SpeechEvent } from '../../src/index.js';
import { marbles } from '../support/marbles.js';
import { within } from '../support/within.js';
import { wireServer } from '../support/wireServer.js';

/** Ten words of 100 ms each; the voice is ten times faster than speech. */
const text = 'One two three four five. Six seven eight nine ten.';
const setting = (config: Partial<ConverseConfig> = {}) => {
  const conversation = new Conversation({ clock: () => 0 });
  const ended: string[] = [];
  const model = scriptedModel({
    text,
    tokensPerSecond: Infinity,
    onEnd: (_request, how) => ended.push(`model ${how}`),
  });
  const voice = scriptedVoice({
    latency: 0,
    msPerWord: 100,
    realTimeFactor: 0.1,
    onEnd: (_request, how) => ended.push(`voice ${how}`),
  });
  const sentences = { sentenceBufferSize: 1, minChunkLength: 1 };
  const talk = converse({ model, voice, conversation, sentences, ...config });
  const told = () =>
    conversation.messages.map(({ role, content, metadata }) =>
      [role, content, ...(metadata?.['interrupted'] === true ? ['interrupted'] : [])].join(': '),
    );
  return { conversation, talk, told, ended, model, voice };
};
const starts = filter(({ type }: SpeechEvent) => type === 'utterance-start');

describe('converse', () => {
  it('answers an utterance aloud and keeps both', () => {
    const { talk, told } = setting();
    marbles(({ cold, expectObservable }) => {
      const speech = cold('a 2s |', { a: 'Hi' }).pipe(
        talk,
        starts,
        map((event) => String(event.index)),
      );
      expectObservable(speech).toBe('0 49ms 1 1950ms |');
    });
    expect(told()).toEqual(['user: Hi', `assistant: ${text}`]);
  });

  it('is cut off by a new utterance; history keeps what a listener in real time has heard, to the word', () => {
    const { talk, told, ended } = setting();
    marbles(({ cold }) => {
      // After 30 ms of synthesis some 300 ms of audio are out, but only the time since has been heard.
      cold('a 249ms b 5s |', { a: 'Hi', b: 'Stop' }).pipe(talk).subscribe();
    });
    expect(told()).toEqual([
      'user: Hi',
      'assistant: One two: interrupted',
      'user: Stop',
      `assistant: ${text}`,
    ]);
    expect(ended.filter((line) => line.startsWith('model'))).toEqual(['model complete', 'model complete']);
  });

  it('ends request and voice at once, with nothing heard nothing is kept of the reply', () => {
    const conversation = new Conversation({ clock: () => 0 });
    const ended: string[] = [];
    const model = scriptedModel({
      text,
      tokensPerSecond: 100,
      onEnd: (_request, how) => ended.push(`model ${how}`),
    });
    const { talk } = setting({ conversation, model });
    marbles(({ cold, expectObservable }) => {
      const indices = cold('a 69ms b', { a: 'Hi', b: 'Stop' }).pipe(
        talk,
        starts,
        map(() => 's'),
      );
      // Each reply begins to be spoken with its first sentence; of the first, 20 ms are heard: no word.
      expectObservable(indices, '^ 139ms !').toBe('50ms s 69ms s');
    });
    expect(ended).toEqual(['model unsubscribe', 'model unsubscribe']);
    expect(conversation.messages.map(({ content }) => content)).toEqual(['Hi', 'Stop']);
  });

  it('goes by the player’s position where one is given, and keeps indices rising', () => {
    let position = 0;
    const { talk, told } = setting({ position: () => position });
    marbles(({ cold, expectObservable }) => {
      const speech = cold('a 499ms b 5s |', { a: 'Hi', b: 'Stop' }).pipe(
        talk,
        starts,
        map((event) => {
          position = 720;
          return String(event.index);
        }),
      );
      expectObservable(speech).toBe('0 49ms 1 449ms 2 49ms 3 4950ms |');
    });
    expect(told()[1]).toBe('assistant: One two three four five. Six seven: interrupted');
  });

  it('lets a new utterance wait with interrupt queue', () => {
    const { talk, told } = setting({ interrupt: 'queue' });
    marbles(({ cold, expectObservable }) => {
      const speech = cold('a 9ms b|', { a: 'Hi', b: 'And?' }).pipe(
        talk,
        starts,
        map((event) => String(event.index)),
      );
      expectObservable(speech).toBe('0 49ms (12) 46ms (3|)');
    });
    expect(told()).toEqual(['user: Hi', `assistant: ${text}`, 'user: And?', `assistant: ${text}`]);
  });

  it('shortens the reply when the listener leaves while it is still being played', () => {
    const { talk, told } = setting();
    marbles(({ cold, expectObservable }) => {
      expectObservable(
        cold('a', { a: 'Hi' }).pipe(
          talk,
          filter(() => false),
        ),
        '^ 619ms !',
      ).toBe('');
    });
    expect(told()).toEqual(['user: Hi', 'assistant: One two three four five. Six: interrupted']);
  });

  it('remembers by itself where no conversation is given, afresh for each subscription', () => {
    const { voice } = setting();
    const asked: number[] = [];
    const model = scriptedModel({ text, onRequest: ({ prompt }) => asked.push(prompt.length) });
    const talk = of('Hi', 'Again').pipe(converse({ model, voice, interrupt: 'queue' }), ignoreElements());
    marbles(({ flush }) => {
      talk.subscribe();
      flush();
      talk.subscribe();
    });
    expect(asked).toEqual([1, 3, 1, 3]);
  });

  it('refuses what is no model and no voice', () => {
    const { model, voice } = setting();
    expect(() => converse({ voice } as unknown as ConverseConfig)).toThrow(/model must be/);
    expect(() => converse({ model } as unknown as ConverseConfig)).toThrow(/voice must be/);
  });

  it('fails as the reply fails', () => {
    const model = scriptedModel({ text: 'One.', failAfter: 0 });
    const { talk, told } = setting({ model, fallback: false });
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('a', { a: 'Hi' }).pipe(talk)).toBe(
        '#',
        undefined,
        expect.objectContaining({ name: 'ConnectionError' }),
      );
    });
    expect(told()).toEqual(['user: Hi']);
  });

  it('keeps no more than was heard, in order, whenever it is cut off, and leaves nothing running', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 2500 }), { minLength: 1, maxLength: 6 });
    const sound = fc.record({
      tokensPerSecond: fc.constantFrom(20, 100, Infinity),
      realTimeFactor: fc.constantFrom(0, 0.1, 1, 2),
      latency: fc.nat({ max: 200 }),
      failAfter: fc.option(fc.nat({ max: 10 }), { nil: undefined }),
      interrupt: fc.constantFrom('switch' as const, 'queue' as const),
    });
    fc.assert(
      fc.property(gaps, sound, fc.nat({ max: 9000 }), (waits, config, leaveAfter) => {
        const { tokensPerSecond, realTimeFactor, latency, failAfter, interrupt } = config;
        let running = 0;
        const tally = { onRequest: () => running++, onEnd: () => running-- };
        const failing = failAfter === undefined ? {} : { failAfter };
        const model = scriptedModel({ text, tokensPerSecond, ...failing, ...tally });
        const voice = scriptedVoice({ latency, msPerWord: 100, realTimeFactor, ...tally });
        const { talk, conversation } = setting({ model, voice, interrupt });
        const begun: number[] = [];
        let asked = 0;
        marbles(({ flush }) => {
          const utterances = concat(...waits.map((wait, index) => timer(wait).pipe(map(() => `${index}`))));
          utterances
            .pipe(
              tap(() => asked++),
              talk,
              takeUntil(timer(leaveAfter)),
            )
            .subscribe((event) => {
              if (event.type === 'utterance-start') begun.push(event.index);
            });
          flush();
        });
        expect(running).toBe(0);
        expect(begun).toEqual([...new Set(begun)].sort((a, b) => a - b));
        const { messages } = conversation;
        const questions = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
        // In a queue, those that wait have not been said yet when the listener leaves.
        expect(questions).toEqual(Array.from({ length: questions.length }, (_, index) => `${index}`));
        if (interrupt === 'switch') expect(questions).toHaveLength(asked);
        messages.forEach(({ role, content, metadata }, index) => {
          if (role !== 'assistant') return;
          expect(messages[index - 1]!.role).toBe('user');
          expect(text.startsWith(content)).toBe(true);
          expect(content === text || metadata?.['interrupted'] === true).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [{ interrupt: 'shout' as never }, 'interrupt'],
    [{ position: 5 as never }, 'position'],
  ])('refuses %o, naming %s', (config, field) => {
    expect(() => setting(config)).toThrow(TypeError);
    expect(() => setting(config)).toThrow(field);
  });

  const endless = (text: string) =>
    wireServer(({ json }) => ({
      body: (function* () {
        const messages = json['messages'] as { content: string }[];
        if (messages.at(-1)?.content === 'Stop') {
          yield `${JSON.stringify({ message: { content: 'Well.' }, done: true, done_reason: 'stop' })}\n`;
          return;
        }
        for (;;) {
          yield `${JSON.stringify({ message: { content: text }, done: false })}\n`;
          yield { wait: 20 };
        }
      })(),
    }));

  it('ends a real request within 100 ms of a barge-in, the embedded voice speaking', async () => {
    const voice = flite({ idleTimeout: 50 });
    await voice.warm();
    const bargeIn = async () => {
      const server = await endless('The sky is blue. ');
      const conversation = new Conversation();
      const utterances = new Subject<string>();
      const model = ollama({ model: 'endless', baseURL: server.url });
      const events: SpeechEvent[] = [];
      const done = new Promise<void>((resolve, reject) =>
        utterances
          .pipe(converse({ model, voice, conversation }))
          .subscribe({ next: (event) => events.push(event), error: reject, complete: resolve }),
      );
      utterances.next('Talk');
      while (!events.some(({ type }) => type === 'audio')) await after(5);
      await after(1500);
      const bargedIn = performance.now();
      const spoken = events.length;
      utterances.next('Stop');
      const closed = await server.earlyClose(server.requests[0]!);
      utterances.complete();
      await done;
      await server.close();
      const later = events.slice(spoken).map((event) => ('text' in event ? event.text : event.type));
      expect(later).not.toContain('The sky is blue. ');
      const [, reply, stop, last] = conversation.messages;
      expect(reply).toMatchObject({ role: 'assistant', metadata: { interrupted: true } });
      expect('The sky is blue. '.repeat(20)).toContain(reply!.content);
      // 1.5 s of listening is some words, and not the seconds of audio that were out already.
      expect(reply!.content.split(' ').length).toBeLessThan(20);
      expect([stop!.content, last!.content]).toEqual(['Stop', 'Well.']);
      return closed! - bargedIn;
    };
    const took = await within(100, bargeIn);
    console.log(`the request ended ${took.toFixed(1)} ms after the barge-in`);
  }, 60_000);

  it('ends the requests to the model and to a hosted voice within 100 ms of a barge-in', async () => {
    const bargeIn = async () => {
      const server = await endless('The sky is blue today, and so it was yesterday. ');
      const speech = await wireServer(({ json }) => ({
        headers: { 'content-type': 'audio/pcm' },
        body: String(json['input']).includes('Well')
          ? [new Uint8Array(4800)]
          : (function* () {
              for (;;) {
                yield new Uint8Array(4800);
                yield { wait: 100 };
              }
            })(),
      }));
      const voice = openaiSpeech({ apiKey: 'sk-0123456789', baseURL: `${speech.url}/v1` });
      const model = ollama({ model: 'endless', baseURL: server.url });
      const utterances = new Subject<string>();
      let heard = 0;
      const done = new Promise<void>((resolve, reject) =>
        utterances.pipe(converse({ model, voice })).subscribe({
          next: ({ type }) => (heard += Number(type === 'audio')),
          error: reject,
          complete: resolve,
        }),
      );
      utterances.next('Talk');
      while (heard < 3 || speech.requests.length < 2) await after(5);
      const open = [server.requests[0]!, ...speech.requests];
      const bargedIn = performance.now();
      utterances.next('Stop');
      const closed = await Promise.all([
        server.earlyClose(open[0]!),
        ...open.slice(1).map((request) => speech.earlyClose(request)),
      ]);
      utterances.complete();
      await done;
      await Promise.all([server.close(), speech.close()]);
      expect(closed).toHaveLength(3);
      expect(closed).not.toContain(undefined);
      return Math.max(...closed.map((at) => at! - bargedIn));
    };
    const took = await within(100, bargeIn);
    console.log(`the last of three requests ended ${took.toFixed(1)} ms after the barge-in`);
  }, 60_000);
});
