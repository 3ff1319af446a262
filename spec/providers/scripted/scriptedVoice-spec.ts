import { filter, map, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { SpeechError, type Voice, type VoiceEvent } from '../../../src/index.js';
import { scriptedVoice } from '../../../providers/scripted/index.js';
import { marbles } from '../../support/marbles.js';

const brief = map((event: VoiceEvent) =>
  event.type === 'audio' ? event.data.length : `${event.text} ${event.offset}+${event.duration}`,
);

describe('scriptedVoice', () => {
  it('is a voice', () => {
    const voice: Voice = scriptedVoice({ sampleRate: 24000 });
    expect(voice.provider).toBe('scripted');
    expect(voice.format).toEqual({ encoding: 'pcm_s16le', sampleRate: 24000, channels: 1 });
    expect(voice.maxConcurrency).toBeUndefined();
    expect(scriptedVoice({ maxConcurrency: 2 }).maxConcurrency).toBe(2);
  });

  it('speaks word by word, as fast as it is told', () =>
    marbles(({ expectObservable }) => {
      const voice = scriptedVoice({ latency: 4, msPerWord: 40, realTimeFactor: 0.1, sampleRate: 8000 });
      expectObservable(voice('Hello, you!').pipe(brief)).toBe('----(ha)(ya)|', {
        h: 'Hello, 0+40',
        y: 'you! 40+40',
        a: 640,
      });
    }));

  it('speaks all at once after its latency at a real-time factor of 0', () =>
    marbles(({ expectObservable }) => {
      const voice = scriptedVoice({ latency: 4, realTimeFactor: 0, words: false });
      expectObservable(voice('Hello you').pipe(brief)).toBe('----(aa|)', { a: 9600 });
    }));

  it('speaks faster when asked', () =>
    marbles(({ expectObservable }) => {
      const voice = scriptedVoice({ latency: 0, msPerWord: 20, realTimeFactor: 1, sampleRate: 8000 });
      expectObservable(voice('a b', { rate: 2 }).pipe(brief)).toBe('(xy)------(zy)------|', {
        x: 'a 0+10',
        y: 160,
        z: 'b 10+10',
      });
    }));

  it('is audible, whole in samples, and the same each time, in memory of its own', () =>
    marbles(({ expectObservable, flush }) => {
      const audio = (voice: Voice) =>
        voice('three odd words').pipe(
          filter((event) => event.type === 'audio'),
          toArray(),
        );
      const all: Uint8Array[][] = [];
      const voice = scriptedVoice({ msPerWord: 33.3, sampleRate: 11025 });
      for (const each of [audio(voice), audio(voice)]) {
        each.subscribe((events) => all.push(events.map(({ data }) => data)));
      }
      expectObservable(audio(voice)).toBe('109.990ms (x|)', { x: expect.anything() as unknown });
      flush();
      const [first, second] = all;
      expect(first).toEqual(second);
      expect(first![0]).not.toBe(second![0]);
      expect(first![0]).not.toEqual(first![1]);
      expect(first!.map((data) => data.length % 2)).toEqual([0, 0, 0]);
      expect(first!.reduce((sum, data) => sum + data.length, 0)).toBe(2 * Math.round(3 * 0.0333 * 11025));
      for (const data of first!) {
        const samples = new Int16Array(data.buffer);
        expect(
          Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length),
        ).toBeGreaterThan(1000);
      }
    }));

  it('says nothing for a text without words', () =>
    marbles(({ expectObservable }) => {
      expectObservable(scriptedVoice({ latency: 3 })('— …')).toBe('---|');
    }));

  it('fails on the texts it is told, after as many words', () =>
    marbles(({ expectObservable }) => {
      const script = { latency: 2, msPerWord: 20, sampleRate: 8000, words: false };
      const values = { a: 320 };
      const failure = (utterance: string) =>
        new SpeechError('scripted: failed, as the script says', { utterance, provider: 'scripted' });
      const voice = scriptedVoice({ ...script, failOn: /bad/g });
      expectObservable(voice('a bad one').pipe(brief)).toBe('--#', values, failure('a bad one'));
      expectObservable(voice('a bad one').pipe(brief)).toBe('--#', values, failure('a bad one'));
      expectObservable(voice('fine').pipe(brief)).toBe('--a-|', values);
      expectObservable(scriptedVoice({ ...script, failOn: 'bad', failAfter: 1 })('a bad').pipe(brief)).toBe(
        '--a-#',
        values,
        failure('a bad'),
      );
      const once = scriptedVoice({ ...script, failOn: (_, call) => call === 0, error: 'no' });
      expectObservable(once('fine').pipe(brief)).toBe('--#', values, 'no');
      expectObservable(once('fine').pipe(brief)).toBe('--a-|', values);
    }));

  it('speaks a marble string, by text and call', () =>
    marbles(({ expectObservable }) => {
      const data = Uint8Array.of(1, 2);
      const word: VoiceEvent = { type: 'word', text: 'w', offset: 1, duration: 2 };
      const voice = scriptedVoice({
        marbles: (text, call) => (text === 'A' ? '-a-(wb)-c|' : `${'-'.repeat(call)}#`),
        values: { a: data, b: 20, w: word },
        sampleRate: 8000,
        error: 'no',
      });
      expectObservable(voice('A').pipe(brief)).toBe('-a-(wb)-c|', { a: 2, w: 'w 1+2', b: 320, c: 160 });
      expectObservable(voice('B').pipe(brief)).toBe('-#', {}, 'no');
      expectObservable(voice('B').pipe(brief)).toBe('--#', {}, 'no');
    }));

  it('is cold, stops on unsubscribe and on abort, and tells its hooks', () =>
    marbles(({ cold, expectObservable, flush }) => {
      const log: unknown[] = [];
      const voice = scriptedVoice({
        latency: 1,
        msPerWord: 20,
        realTimeFactor: 0.1,
        words: false,
        sampleRate: 8000,
        onRequest: ({ text, call }) => log.push([text, call]),
        onEnd: ({ call }, how) => log.push([call, how]),
      });
      const controller = new AbortController();
      cold('--x').subscribe(() => controller.abort('enough'));
      expectObservable(voice('a b').pipe(brief)).toBe('-a-a-|', { a: 320 });
      expectObservable(voice('a b').pipe(brief), '^!').toBe('-');
      expectObservable(voice('a b').pipe(brief, take(1))).toBe('-(a|)', { a: 320 });
      expectObservable(voice('a b', { signal: controller.signal }).pipe(brief)).toBe(
        '-a#',
        { a: 320 },
        'enough',
      );
      flush();
      expect(log).toEqual([
        ['a b', 0],
        ['a b', 1],
        ['a b', 2],
        ['a b', 3],
        [1, 'unsubscribe'],
        [2, 'unsubscribe'],
        [3, 'unsubscribe'],
        [0, 'complete'],
      ]);
      let reason: unknown;
      voice('a b', { signal: controller.signal }).subscribe({ error: (error: unknown) => (reason = error) });
      expect(reason).toBe('enough');
      expect(log.length).toBe(8);
    }));

  it('refuses what is out of range', () => {
    expect(() => scriptedVoice({ latency: -1 })).toThrow(
      new TypeError('scriptedVoice: latency must be milliseconds from 0, got -1'),
    );
    expect(() => scriptedVoice({ msPerWord: 0 })).toThrow(TypeError);
    expect(() => scriptedVoice({ realTimeFactor: -0.1 })).toThrow(TypeError);
    expect(() => scriptedVoice({ sampleRate: 0.5 })).toThrow(TypeError);
    expect(() => scriptedVoice({ maxConcurrency: 0 })).toThrow(TypeError);
    expect(() => scriptedVoice()('text', { rate: 0 })).toThrow(TypeError);
  });
});
