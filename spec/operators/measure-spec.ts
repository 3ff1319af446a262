import { EMPTY, of, take, throwError, type SchedulerLike } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { measure, type Measures } from '../../operators/measure.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { marbles } from '../support/marbles.js';
import { ends, samples, says, starts } from '../support/speech.js';

const speech: Record<string, SpeechEvent> = {
  '<': starts(0),
  a: says(0, samples(5)),
  b: says(0, samples(15)),
  '>': ends(0),
};

describe('measure', () => {
  it('tells the time to the first token at once, and the rate at the end', () => {
    marbles(({ hot, expectObservable, flush }) => {
      const told: Measures[] = [];
      const tokens = hot('e--a-b-c-d--|', { e: '', a: 'a', b: 'b', c: 'c', d: 'd' });
      const measured = tokens.pipe(measure((measures) => told.push(measures)));
      expectObservable(measured).toBe('e--a-b-c-d--|', { e: '', a: 'a', b: 'b', c: 'c', d: 'd' });
      flush();
      expect(told).toEqual([
        { tokens: 1, timeToFirstToken: 3, elapsed: 3 },
        { tokens: 4, timeToFirstToken: 3, tokensPerSecond: 500, elapsed: 12, ended: 'complete' },
      ]);
    });
  });

  it('tells the time to the first audio, its length and the real-time factor', () => {
    marbles(({ hot, expectObservable, flush }) => {
      const told: Measures[] = [];
      const measured = hot('-<-a--b>--|', speech).pipe(measure((measures) => told.push(measures)));
      expectObservable(measured).toBe('-<-a--b>--|', speech);
      flush();
      const first = { timeToFirstAudio: 3, audioSeconds: 0.005, realTimeFactor: 0.6, elapsed: 3 };
      const all = { timeToFirstAudio: 3, audioSeconds: 0.02, realTimeFactor: 0.3 };
      expect(told).toEqual([first, { ...all, elapsed: 7 }, { ...all, elapsed: 10, ended: 'complete' }]);
    });
  });

  it('fills one object from both ends of a pipe', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const seen: Partial<Measures> = {};
      const collect = (measures: Measures) => Object.assign(seen, measures);
      const pipe = cold('-a-b-|').pipe(
        measure(collect),
        take(2),
        // A stand-in for a voice: the second token is 10 ms of audio.
        measure({ next: collect }),
      );
      expectObservable(pipe).toBe('-a-(b|)');
      expectObservable(cold('--a|', { a: says(0, samples(10)) }).pipe(measure(collect))).toBe('--a|', {
        a: says(0, samples(10)),
      });
      flush();
      expect(seen).toMatchObject({ tokens: 2, timeToFirstToken: 1, timeToFirstAudio: 2, audioSeconds: 0.01 });
    });
  });

  it.each([
    ['-a-#', 'error'],
    ['-a-|', 'complete'],
    ['-a--', 'unsubscribe'],
  ])('says how %s ended', (stream, ended) => {
    marbles(({ hot, expectObservable, flush }) => {
      const told: Measures[] = [];
      const measured = hot(stream).pipe(measure((measures) => told.push(measures)));
      expectObservable(measured, ended === 'unsubscribe' ? '^--!' : '^').toBe(stream);
      flush();
      expect(told).toHaveLength(2);
      expect(told.at(-1)).toEqual({ tokens: 1, timeToFirstToken: 1, elapsed: 3, ended });
    });
  });

  it('counts the text of chat events, not their reasoning', () => {
    const told: Measures[] = [];
    of({ type: 'reasoning', text: 'hm' }, { type: 'text', text: '' }, { type: 'text', text: 'Hi' }, 7, null)
      .pipe(measure((measures) => told.push(measures)))
      .subscribe();
    expect(told.at(-1)).toMatchObject({ tokens: 1 });
  });

  it('knows no length of audio that is not PCM, nor of a voice event without a format', () => {
    const told: Measures[] = [];
    of(says(0, samples(5), { encoding: 'mp3', sampleRate: 1, channels: 1 }), {
      type: 'audio',
      data: samples(1),
    })
      .pipe(measure((measures) => told.push(measures)))
      .subscribe();
    expect(told.at(-1)).toHaveProperty('timeToFirstAudio');
    expect(told.at(-1)).not.toHaveProperty('audioSeconds');
    expect(told.at(-1)).not.toHaveProperty('realTimeFactor');
  });

  it('measures nothing that has not happened', () => {
    const told: Measures[] = [];
    EMPTY.pipe(measure((measures) => told.push(measures))).subscribe();
    expect(told.map((measures) => Object.keys(measures))).toEqual([['elapsed', 'ended']]);
  });

  it('does not look at the clock before it is subscribed, and starts afresh with each subscription', () => {
    let looked = 0;
    const scheduler = { now: () => 1000 * looked++ } as unknown as SchedulerLike;
    const told: Measures[] = [];
    const measured = of('a').pipe(measure((measures) => told.push(measures), { scheduler }));
    expect(looked).toBe(0);
    measured.subscribe();
    measured.subscribe();
    expect(told.map(({ tokens, elapsed }) => [tokens, elapsed])).toEqual([
      [1, 2000],
      [1, 3000],
      [1, 2000],
      [1, 3000],
    ]);
  });

  it('passes on what its observer throws, and leaves the source', () => {
    const cause = new Error('no room');
    let error: unknown;
    const subscription = of('a', 'b')
      .pipe(
        measure(() => {
          throw cause;
        }),
      )
      .subscribe({ error: (thrown: unknown) => (error = thrown) });
    expect(error).toBe(cause);
    expect(subscription.closed).toBe(true);
  });

  it('passes an error through', () => {
    let error: unknown;
    const lost = new Error('lost');
    throwError(() => lost)
      .pipe(measure(() => undefined))
      .subscribe({ error: (thrown: unknown) => (error = thrown) });
    expect(error).toBe(lost);
  });

  it.each([undefined, null, {}, 'x'])('refuses %o as an observer', (observer) => {
    expect(() => measure(observer as never)).toThrow(/measure: observer must be/);
  });
});
