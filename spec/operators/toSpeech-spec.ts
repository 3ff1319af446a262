import { setTimeout as after } from 'node:timers/promises';
import {
  asyncScheduler,
  concat,
  EMPTY,
  from,
  map,
  NEVER,
  Observable,
  of,
  Subject,
  take,
  tap,
  throwError,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toSpeech, type ToSpeechConfig } from '../../operators/toSpeech.js';
import { scriptedVoice } from '../../providers/scripted/index.js';
import {
  AuthenticationError,
  createValve,
  RateLimitError,
  SpeechError,
  type SpeechEvent,
  type Voice,
  type VoiceEvent,
} from '../../src/index.js';
import { marbles } from '../support/marbles.js';
import { spellingVoice } from '../support/spellingVoice.js';
import { told, type Note } from '../support/told.js';

/** Texts of a letter each, all at once. */
const texts = (letters: string) => from(letters);
/** Hooks that note each request and how it ended: `(A` and `A)`, `A]` when it was stopped, `A#` when it failed. */
const noting = (note: Note) => ({
  onRequest: ({ text }: { text: string }) => note(`(${text}`),
  onEnd: ({ text }: { text: string }, how: string) =>
    note(`${text}${how === 'complete' ? ')' : how === 'error' ? '#' : ']'}`),
});
/** A voice that does everything within its subscribe call. */
const synchronousVoice = (events: (text: string) => readonly VoiceEvent[]): Voice =>
  Object.assign((text: string) => from(events(text)), {
    provider: 'synchronous',
    format: { encoding: 'pcm_s16le', sampleRate: 1000, channels: 1 } as const,
  });
const audio = (letter: string): VoiceEvent => ({
  type: 'audio',
  data: new Uint8Array(2).fill(letter.charCodeAt(0)),
});
/** What it fails with, if it fails. */
const failureOf = (events: Observable<unknown>): unknown => {
  let failure: unknown;
  marbles(({ flush }) => {
    events.subscribe({ error: (error: unknown) => (failure = error) });
    flush();
  });
  return failure;
};

describe('toSpeech', () => {
  describe('order', () => {
    it('streams the first utterance and holds the next', () => {
      const voice = spellingVoice({ A: '--a--b|', B: '-c--d---e|' });
      expect(told(() => texts('AB').pipe(toSpeech(voice)))).toBe('2:<0 0a 5:0b 6:>0 <1 1c 1d 8:1e 9:>1 |');
    });

    it("lets everything be spoken before the source's failure", () => {
      const voice = spellingVoice({ A: '------a|', B: '-c|' });
      const source = concat(
        texts('AB'),
        throwError(() => new Error('no')),
      );
      expect(told(() => source.pipe(toSpeech(voice)))).toBe('6:<0 0a 7:>0 <1 1c >1 #Error');
    });

    it('keeps a slot from the request to the emitted end', () => {
      const scripts = { A: '-----a|', B: '-b|', C: '--c|' };
      expect(told((_, note) => texts('ABC').pipe(toSpeech(spellingVoice(scripts, 1, noting(note)))))).toBe(
        '0:(A (B 2:B) 5:<0 0a 6:A) >0 (C <1 1b >1 8:<2 2c 9:C) >2 |',
      );
    });

    it('never has more in synthesis than concurrency, nor than the voice can', () => {
      const scripts = { A: '--a|', B: '--b|', C: '--c|' };
      const build = (concurrency: number, maxConcurrency?: number) =>
        told((_, note) =>
          texts('ABC').pipe(
            toSpeech(
              spellingVoice(scripts, 1, {
                ...noting(note),
                ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
              }),
              { concurrency },
            ),
          ),
        );
      expect(build(1)).toBe('0:(A 2:<0 0a 3:A) >0 (B 5:<1 1b 6:B) >1 (C 8:<2 2c 9:C) >2 |');
      expect(build(Infinity)).toBe('0:(A (B (C 2:<0 0a 3:A) >0 <1 1b B) >1 <2 2c C) >2 |');
      expect(build(3, 1)).toBe(build(1));
    });

    it('tells what it says, in what format, and how long it lasted', () =>
      marbles(({ expectObservable }) => {
        const voice = spellingVoice({ 'Hello you.': '-a 9ms (wb) 6ms |' }, 30, {
          values: {
            a: new Uint8Array(20),
            b: new Uint8Array(40),
            w: { type: 'word', text: 'you', offset: 5, duration: 9 },
          },
        });
        const format = voice.format!;
        const values: Record<string, SpeechEvent> = {
          s: { type: 'utterance-start', index: 0, text: ' Hello you. ' },
          a: { type: 'audio', index: 0, data: new Uint8Array(20), format },
          w: { type: 'word', index: 0, text: 'you', offset: 5, duration: 9 },
          b: { type: 'audio', index: 0, data: new Uint8Array(40), format },
          e: { type: 'utterance-end', index: 0, text: ' Hello you. ', duration: 30 },
        };
        expectObservable(of(' Hello you. ').pipe(toSpeech(voice))).toBe('-(sa) 6ms (wb) 6ms (e|)', values);
      }));

    it('passes over what has no letter or digit, uncounted', () => {
      const valve = createValve({ high: 100, low: 1 });
      let count = 0;
      const counting = { ...valve, add: (amount: number) => (count += amount) };
      const voice = spellingVoice({});
      expect(
        told(() => from(['…', 'A', '', ' \n', '**', '7', '👍']).pipe(toSpeech(voice, { valve: counting }))),
      ).toBe('0:<0 0a 1:>0 <1 1a >1 |');
      expect(count).toBe(2);
    });

    it('completes when there is nothing to say, fails when the source fails, waits when it never ends', () => {
      const voice = spellingVoice({});
      expect(told(() => EMPTY.pipe(toSpeech(voice)))).toBe('0:|');
      expect(told(() => of('…').pipe(toSpeech(voice)))).toBe('0:|');
      expect(told(() => throwError(() => new Error('no')).pipe(toSpeech(voice)))).toBe('0:#Error');
      expect(told(() => NEVER.pipe(toSpeech(voice)))).toBe('');
      expect(told(() => concat(of('A'), NEVER).pipe(toSpeech(voice)))).toBe('0:<0 0a 1:>0');
    });

    it('speaks at once what comes late', () => {
      const voice = spellingVoice({ A: '--a|', B: '--b|' });
      expect(told(({ cold }) => cold('-A-------B---|').pipe(toSpeech(voice)))).toBe(
        '3:<0 0a 4:>0 11:<1 1b 12:>1 13:|',
      );
    });

    it('starts afresh for a second subscription', () => {
      const voice = spellingVoice({ A: '-a|' });
      const speech = texts('A').pipe(toSpeech(voice));
      expect(told(() => concat(speech, speech))).toBe('1:<0 0a 2:>0 3:<0 0a 4:>0 |');
    });

    it('asks for nothing before it is subscribed', () => {
      let requests = 0;
      const speech = texts('A').pipe(toSpeech(spellingVoice({}, 1, { onRequest: () => requests++ })));
      expect(requests).toBe(0);
      expect(told(() => speech)).toBe('0:<0 0a 1:>0 |');
      expect(requests).toBe(1);
    });
  });

  describe('synchronous parts', () => {
    const voice = synchronousVoice((text) => [audio(text), audio('z')]);

    it('speaks with a synchronous voice', () => {
      expect(told(() => texts('AB').pipe(toSpeech(voice)))).toBe('0:<0 0A 0z >0 <1 1B 1z >1 |');
    });

    it('stops a synchronous source and voice when the consumer has had enough', () => {
      let read = 0;
      let said = 0;
      const endless = Object.assign(
        () =>
          new Observable<VoiceEvent>((out) => {
            while (!out.closed && said++ < 1000) out.next(audio('a'));
          }),
        { provider: 'endless', format: voice.format },
      );
      const source = new Observable<string>((out) => {
        while (!out.closed && read++ < 1000) out.next('A');
      });
      expect(told(() => source.pipe(toSpeech(endless), take(4)))).toBe('0:<0 0a 0a 0a |');
      expect([read, said]).toEqual([1, 3]);
    });

    it('says very many texts at once without a deep stack', () => {
      let events = 0;
      from(Array.from({ length: 20_000 }, () => 'A'))
        .pipe(toSpeech(voice))
        .subscribe(() => events++);
      expect(events).toBe(5 * 20_000);
    });

    it('keeps the order when the consumer feeds the source', () => {
      const source = new Subject<string>();
      const more = ['B', 'C', 'D'];
      expect(
        told(({ cold }) => {
          cold('x').subscribe(() => source.next('A'));
          return source.pipe(
            toSpeech(voice),
            tap((event) => {
              const next = event.type === 'audio' ? more.shift() : undefined;
              if (next) source.next(next);
              else if (event.type === 'utterance-end' && event.index === 3) source.complete();
            }),
          );
        }),
      ).toBe('0:<0 0A 0z >0 <1 1B 1z >1 <2 2C 2z >2 <3 3D 3z >3 |');
    });
  });

  describe('unsubscribing', () => {
    it('stops every synthesis and the source, and nothing follows', () => {
      expect(
        told(
          ({ cold }, note) =>
            cold('ABC-----------|').pipe(
              tap({ unsubscribe: () => note('source]') }),
              toSpeech(spellingVoice({ A: '--a----------a|', B: '-b------|' }, 1, noting(note))),
            ),
          { unsubscribeAt: 5 },
        ),
      ).toBe('0:(A 1:(B 2:<0 0a 5:source] A] B]');
    });

    it('stops inside next', () => {
      expect(
        told((_, note) =>
          texts('ABC').pipe(toSpeech(spellingVoice({ A: '-a-a|', B: '-b-b|' }, 1, noting(note))), take(2)),
        ),
      ).toBe('0:(A (B 1:<0 0a | A] B]');
    });

    it('stops a pause between tries and every timeout', () =>
      marbles(({ expectObservable, flush }) => {
        const voice = spellingVoice({ A: '-#', B: '-' });
        const speech = texts('AB').pipe(
          toSpeech(voice, {
            retry: { count: 9, delay: 50, jitter: 0 },
            firstAudioTimeout: 10_000,
            idleTimeout: 10_000,
            maxAhead: 10,
          }),
        );
        expectObservable(speech, '10ms !').toBe('-');
        flush();
        expect(asyncScheduler.now()).toBeLessThan(100);
      }));
  });

  describe('failure', () => {
    const scripts = { A: '-----a|', B: '-b#', C: '-c|', D: '-d|' };

    it("waits for those before it; what comes after isn't spoken, and the source is left", () => {
      expect(
        told(({ cold }, note) =>
          cold('(ABC)-D---|').pipe(
            tap({ unsubscribe: () => note('source]') }),
            toSpeech(spellingVoice(scripts, 1, noting(note)), { concurrency: 3 }),
          ),
        ),
      ).toBe('0:(A (B (C 2:B# source] C] 5:<0 0a 6:A) >0 <1 1b #');
    });

    it('is an event and no end with skip', () => {
      expect(
        told(() => texts('ABC').pipe(toSpeech(spellingVoice(scripts), { concurrency: 3, onError: 'skip' }))),
      ).toBe('5:<0 0a 6:>0 <1 1b !1 <2 2c >2 |');
    });

    it('tells the utterance, its text and the error', () =>
      marbles(({ expectObservable }) => {
        expectObservable(texts('B').pipe(toSpeech(spellingVoice({ B: '-#' }), { onError: 'skip' }))).toBe(
          '-(se|)',
          {
            s: { type: 'utterance-start', index: 0, text: 'B' },
            e: { type: 'utterance-error', index: 0, text: 'B', error: 'failed' },
          },
        );
      }));

    it('retries while none of its audio has been emitted; held audio is discarded', () => {
      const build = (picture: Readonly<Record<string, string | string[]>>, config: ToSpeechConfig) =>
        told((_, note) => texts('AB').pipe(toSpeech(spellingVoice(picture, 1, noting(note)), config)));
      const retry = { count: 1, delay: 2, jitter: 0 };
      expect(build({ A: '--------a|', B: ['-b#', '-c|'] }, { retry })).toBe(
        '0:(A (B 2:B# 4:(B 6:B) 8:<0 0a 9:A) >0 <1 1c >1 |',
      );
      expect(build({ A: ['-#', '-a|'], B: '-b|' }, { retry })).toBe(
        '0:(A (B 1:A# 2:B) 3:(A 4:<0 0a 5:A) >0 <1 1b >1 |',
      );
      // It is its turn during the pause: what the failed attempt has given stays void.
      expect(build({ A: '---a|', B: ['-b#', '-c|'] }, { retry: { count: 1, delay: 9, jitter: 0 } })).toBe(
        '0:(A (B 2:B# 3:<0 0a 4:A) >0 11:(B 12:<1 1c 13:B) >1 |',
      );
      expect(build({ A: ['-a#', '-x|'], B: '-b|' }, { retry })).toBe('0:(A (B 1:<0 0a 2:A# B] #');
    });

    it('does not count words as heard until the first audio', () => {
      const word: VoiceEvent = { type: 'word', text: 'w', offset: 0, duration: 1 };
      const voice = spellingVoice({ A: ['w-#', 'w-a|'] }, 1, {
        values: { w: word, a: new Uint8Array(2).fill(97) },
      });
      expect(
        told(() => texts('A').pipe(toSpeech(voice, { retry: { count: 1, delay: 0 } })), { words: true }),
      ).toBe('4:<0 0"w" 0a 5:>0 |');
    });

    it('pauses longer each time, and as long as the voice says', () => {
      const build = (voice: Voice) =>
        told(() => texts('A').pipe(toSpeech(voice, { retry: { count: 3, delay: 10, jitter: 0 } })));
      expect(build(spellingVoice({ A: ['#', '#', '#', 'a|'] }))).toBe('70:<0 0a 71:>0 |');
      expect(
        build(
          spellingVoice({ A: ['#', 'a|'] }, 1, { error: new RateLimitError('slow', { retryAfter: 1234 }) }),
        ),
      ).toBe('1234:<0 0a 1235:>0 |');
    });

    it('does not retry what would only repeat, but gives it to the fallback', () => {
      const refused = new AuthenticationError('no key');
      const build = (config: ToSpeechConfig) =>
        told(() =>
          texts('A').pipe(
            toSpeech(spellingVoice({ A: '-#' }, 1, { error: refused }), { retry: 5, ...config }),
          ),
        );
      expect(build({})).toBe('1:#AuthenticationError');
      expect(build({ fallback: spellingVoice({ A: '-f|' }) })).toBe('2:<0 0f 3:>0 |');
    });

    it('gives an utterance to the fallback after the retries, and the fallback stays', () => {
      const scripts = { A: '-#', B: '-#', C: '-c|', D: '-d|' };
      const fallback = spellingVoice({ A: '-p|', B: '-q|', C: '-r|', D: '-s|' });
      expect(
        told((_, note) =>
          texts('ABCD').pipe(
            toSpeech(spellingVoice(scripts, 1, noting(note)), {
              retry: { count: 1, delay: 2, jitter: 0 },
              fallback,
            }),
          ),
        ),
      ).toBe('0:(A (B 1:A# B# 3:(A (B 4:A# B# 5:<0 0p 6:>0 <1 1q >1 7:<2 2r 8:>2 <3 3s >3 |');
    });

    it('never gives what has begun to be heard to the fallback', () => {
      expect(
        told(() =>
          texts('AB').pipe(
            toSpeech(spellingVoice({ A: '-a#', B: '-b|' }), {
              fallback: spellingVoice({}),
              retry: 2,
              onError: 'skip',
            }),
          ),
        ),
      ).toBe('1:<0 0a 2:!0 <1 1b >1 |');
    });

    it('announces another format with each audio event', () => {
      const formats: unknown[] = [];
      told(() =>
        texts('AB').pipe(
          toSpeech(spellingVoice({ A: '-a|', B: '-#' }), { fallback: scriptedVoice({ sampleRate: 8000 }) }),
          tap((event) => {
            if (event.type === 'audio') formats.push([event.index, event.format.sampleRate]);
          }),
        ),
      );
      expect(formats).toEqual([
        [0, 1000],
        [1, 8000],
      ]);
    });

    it('has both causes when both voices fail', () => {
      const failure = failureOf(
        texts('A').pipe(
          toSpeech(spellingVoice({ A: '-#' }), {
            fallback: spellingVoice({ A: '-#' }, 1, { error: new AuthenticationError('no key') }),
          }),
        ),
      ) as SpeechError;
      expect(failure).toBeInstanceOf(SpeechError);
      expect(failure.utterance).toBe('A');
      expect(failure.retryable).toBe(false);
      expect((failure.cause as AggregateError).errors).toEqual(['failed', new AuthenticationError('no key')]);
    });

    it('ends with the abort itself, also while the fallback speaks', () => {
      const abort = new DOMException('enough', 'AbortError');
      expect(
        failureOf(
          texts('A').pipe(
            toSpeech(spellingVoice({ A: '-#' }), {
              fallback: spellingVoice({ A: '-#' }, 1, { error: abort }),
              retry: 3,
            }),
          ),
        ),
      ).toBe(abort);
    });

    it('gives a fallback that it comes to in a pause all of the tries', () => {
      // A gives the voice up while B waits for its second try: that and two more are the fallback's.
      expect(
        told((_, note) =>
          texts('AB').pipe(
            toSpeech(spellingVoice({ A: '-#', B: '--#' }, 1, noting(note)), {
              retry: { count: 2, delay: 2, jitter: 0, maxDelay: 2 },
              fallback: spellingVoice({ A: '-p|', B: '#' }, 1, noting(note)),
            }),
          ),
        ),
      ).toBe(
        '0:(A (B 1:A# 2:B# 3:(A 4:(B A# 6:(A B# 7:A# (A 8:(B <0 0p B# 9:A) >0 10:(B B# 12:(B B# #SpeechError',
      );
    });

    it('asks no more of a fallback at once than it can', () => {
      expect(
        told((_, note) =>
          texts('ABC').pipe(
            toSpeech(spellingVoice({ A: '-#', B: '-#', C: '-#' }), {
              concurrency: 3,
              fallback: spellingVoice({ A: '--a|', B: '--b|', C: '--c|' }, 1, {
                ...noting(note),
                maxConcurrency: 1,
              }),
            }),
          ),
        ),
      ).toBe('1:(A 3:<0 0a 4:A) (B >0 6:<1 1b 7:B) (C >1 9:<2 2c 10:C) >2 |');
    });

    it('takes speakable text without audio for a failure that may heal', () => {
      const build = (scripts: Readonly<Record<string, string | string[]>>, retry: number) =>
        told(() => texts('A').pipe(toSpeech(spellingVoice(scripts), { retry: { count: retry, delay: 0 } })));
      expect(build({ A: '-|' }, 0)).toBe('1:#SpeechError');
      expect(build({ A: ['-|', '-a|'] }, 1)).toBe('2:<0 0a 3:>0 |');
      const silent = synchronousVoice(() => [{ type: 'audio', data: new Uint8Array(0) }]);
      expect(failureOf(texts('A').pipe(toSpeech(silent)))).toMatchObject({
        name: 'SpeechError',
        utterance: 'A',
        provider: 'synchronous',
        retryable: true,
      });
    });

    it('takes a voice or a preparation that throws for a failure of the utterance', () => {
      const voice = spellingVoice({});
      const throwing: Voice = Object.assign(
        (): Observable<VoiceEvent> => {
          throw new Error('thrown');
        },
        { provider: 'throwing', format: voice.format },
      );
      expect(told(() => texts('AB').pipe(toSpeech(throwing, { onError: 'skip' })))).toBe('0:<0 !0 <1 !1 |');
      expect(told(() => texts('AB').pipe(toSpeech(throwing, { fallback: voice })))).toBe(
        '0:<0 0a 1:>0 <1 1a >1 |',
      );
      const prepare = (text: string) => {
        if (text === 'B') throw new Error('thrown');
        return text;
      };
      expect(told(() => texts('ABC').pipe(toSpeech(voice, { prepare, onError: 'skip' })))).toBe(
        '0:<0 0a 1:>0 <1 !1 <2 2a 2:>2 |',
      );
      expect(told(() => texts('ABC').pipe(toSpeech(voice, { prepare })))).toBe('0:<0 0a 1:>0 #Error');
    });
  });

  describe('timeouts', () => {
    it('fails an attempt whose first audio is late, from its request', () => {
      const build = (scripts: Readonly<Record<string, string | string[]>>, config: ToSpeechConfig = {}) =>
        told(({ cold }) =>
          cold('---(AB|)').pipe(toSpeech(spellingVoice(scripts), { firstAudioTimeout: 5, ...config })),
        );
      expect(build({ A: '----a 20ms a|', B: '-b|' })).toBe('7:<0 0a 28:0a 29:>0 <1 1b >1 |');
      expect(build({ A: '------a|', B: '-b|' })).toBe('8:#SpeechError');
      expect(build({ A: '-a------|', B: '------b|' })).toBe('4:<0 0a 11:>0 #SpeechError');
      expect(build({ A: ['-', '-a|'], B: '-b|' }, { retry: { count: 1, delay: 0 } })).toBe(
        '9:<0 0a 10:>0 <1 1b >1 |',
      );
    });

    it('is not satisfied by words', () => {
      const voice = scriptedVoice({
        marbles: '-w-w-w-w-w-w-a|',
        values: { w: { type: 'word', text: 'w', offset: 0, duration: 1 } },
      });
      expect(told(() => texts('A').pipe(toSpeech(voice, { firstAudioTimeout: 6 })))).toBe('6:#SpeechError');
    });

    it('fails an attempt that falls silent, also held ones', () => {
      const build = (scripts: Readonly<Record<string, string | string[]>>, config: ToSpeechConfig = {}) =>
        told(() => texts('AB').pipe(toSpeech(spellingVoice(scripts), { idleTimeout: 5, ...config })));
      expect(build({ A: '----a---a---|', B: '-b|' })).toBe('4:<0 0a 8:0a 12:>0 <1 1b >1 |');
      expect(build({ A: '----a------', B: '-b|' })).toBe('4:<0 0a 9:#SpeechError');
      expect(build({ A: '-----------', B: '-b|' })).toBe('5:#SpeechError');
      expect(build({ A: '----a---a---a|', B: ['-b', '--c|'] }, { retry: { count: 1, delay: 0 } })).toBe(
        '4:<0 0a 8:0a 12:0a 13:>0 <1 1c >1 |',
      );
    });

    it('leaves the first audio to firstAudioTimeout', () => {
      expect(
        told(() =>
          texts('A').pipe(
            toSpeech(spellingVoice({ A: '--------a---|' }), { firstAudioTimeout: 10, idleTimeout: 5 }),
          ),
        ),
      ).toBe('8:<0 0a 12:>0 |');
    });

    it('says what was late', () => {
      expect(
        failureOf(texts('A').pipe(toSpeech(spellingVoice({ A: '-' }), { firstAudioTimeout: 5 }))),
      ).toMatchObject({
        message: 'scripted: no audio within 5 ms',
        utterance: 'A',
        retryable: true,
      });
      expect(
        failureOf(texts('A').pipe(toSpeech(spellingVoice({ A: '-' }), { idleTimeout: 5 }))),
      ).toMatchObject({
        message: 'scripted: nothing came for 5 ms',
      });
    });
  });

  describe('ahead of the listener', () => {
    // 10 ms of audio a letter.
    const scripts = { A: '-a|', B: '-b|', C: '-c|', D: '-d|' };

    it('starts nothing while a listener in real time has so much to hear', () => {
      expect(
        told((_, note) =>
          texts('ABCD').pipe(toSpeech(spellingVoice(scripts, 10, noting(note)), { maxAhead: 15 })),
        ),
      ).toBe('0:(A (B 1:<0 0a 2:A) >0 <1 1b B) >1 6:(C (D 7:<2 2c 8:C) >2 <3 3d D) >3 |');
    });

    it('counts what is held', () => {
      expect(
        told((_, note) =>
          texts('ABCD').pipe(
            toSpeech(spellingVoice({ ...scripts, A: '-a------|', B: '-bbbb|' }, 10, noting(note)), {
              maxAhead: 20,
              concurrency: 3,
            }),
          ),
        ),
      ).toBe('0:(A (B (C 1:<0 0a 2:C) 5:B) 8:A) >0 <1 1b 1b 1b 1b >1 <2 2c >2 41:(D 42:<3 3d 43:D) >3 |');
    });

    it('lets the player say what has been played', () => {
      expect(
        told(({ cold }, note) => {
          const playback = createValve({ high: 1e9, low: 0 });
          cold('20ms x-y').subscribe(() => {
            note('played 5');
            playback.remove(5);
          });
          return texts('ABC').pipe(
            toSpeech(spellingVoice(scripts, 10, noting(note)), { maxAhead: 11, concurrency: 1, playback }),
          );
        }),
      ).toBe('0:(A 1:<0 0a 2:A) >0 (B 3:<1 1b 4:B) >1 20:played 5 22:played 5 (C 23:<2 2c 24:C) >2 |');
    });

    it('is told by a valve alone when there is too much', () => {
      expect(
        told(({ cold }, note) => {
          const playback = createValve({ high: 20, low: 5 });
          cold('30ms x').subscribe(() => playback.remove(15));
          return texts('ABC').pipe(
            toSpeech(spellingVoice(scripts, 10, noting(note)), { concurrency: 1, playback }),
          );
        }),
      ).toBe('0:(A 1:<0 0a 2:A) >0 (B 3:<1 1b 4:B) >1 30:(C 31:<2 2c 32:C) >2 |');
    });

    it('speaks one after the other with 0', () => {
      expect(
        told((_, note) =>
          texts('ABC').pipe(
            toSpeech(spellingVoice(scripts, 10, noting(note)), { maxAhead: 0, concurrency: 1 }),
          ),
        ),
      ).toBe('0:(A 1:<0 0a 2:A) >0 11:(B 12:<1 1b 13:B) >1 22:(C 23:<2 2c 24:C) >2 |');
    });

    it('stays within a bound with a voice fifty times faster than real time', () =>
      marbles(({ flush }) => {
        let emitted = 0;
        let most = 0;
        let count = 0;
        const voice = scriptedVoice({ latency: 50, msPerWord: 300, realTimeFactor: 0.02, sampleRate: 1000 });
        const sentence = 'one two three four five six seven eight nine ten';
        from(Array.from({ length: 200 }, () => sentence))
          .pipe(toSpeech(voice, { maxAhead: 5000, concurrency: 2 }))
          .subscribe((event) => {
            if (event.type !== 'audio') return;
            count++;
            emitted += event.data.length / 2;
            most = Math.max(most, emitted - asyncScheduler.now());
          });
        flush();
        expect(count).toBe(2000);
        // The mark, and two utterances that were started below it.
        expect(most).toBeLessThan(5000 + 2 * 3000);
        expect(asyncScheduler.now()).toBeGreaterThan(200 * 3000 - 11_000);
      }));
  });

  describe('startDelay', () => {
    const scripts = { A: '-a|', B: '-b|', C: '-c|', D: '-d|' };
    const build = (source: string, config: ToSpeechConfig, more: Readonly<Record<string, string>> = {}) =>
      told(({ cold }) => cold(source).pipe(toSpeech(spellingVoice({ ...scripts, ...more }, 10), config)));

    it('holds the first audio until there is enough, once', () => {
      expect(build('A----B----C-----D-|', { startDelay: 30, concurrency: 5 })).toBe(
        '11:<0 0a >0 <1 1b >1 <2 2c 12:>2 17:<3 3d 18:>3 |',
      );
    });

    it('counts only what can be played without a gap', () => {
      expect(build('(AB)-----|', { startDelay: 20 }, { A: '-----a|', B: '-bb|' })).toBe(
        '6:<0 0a >0 <1 1b 1b >1 9:|',
      );
    });

    it('goes on when no more can come: the end, all slots full, too much ahead, a failure', () => {
      expect(build('A--|', { startDelay: 100 })).toBe('3:<0 0a >0 |');
      expect(build('A--B--|', { startDelay: 100, concurrency: 1 })).toBe('2:<0 0a >0 4:<1 1b 5:>1 6:|');
      expect(build('A--B--|', { startDelay: 100, maxAhead: 10 })).toBe('2:<0 0a >0 4:<1 1b 5:>1 6:|');
      expect(build('AB-----|', { startDelay: 100 }, { B: '-b#' })).toBe('3:<0 0a >0 <1 1b #');
      expect(build('A--#', { startDelay: 100 })).toBe('3:<0 0a >0 #');
    });

    it('lets what is held be tried again', () => {
      const voice = spellingVoice({ A: ['-a--#', '-b|'] }, 10);
      expect(
        told(() => texts('A').pipe(toSpeech(voice, { startDelay: 20, retry: { count: 1, delay: 0 } }))),
      ).toBe('6:<0 0b >0 |');
    });
  });

  describe('valve', () => {
    it('counts 1 from the arrival to the end, errors included', () => {
      expect(
        told((_, note) => {
          const valve = {
            open$: NEVER,
            add: (amount: number) => note(`+${amount}`),
            remove: (amount: number) => note(`-${amount}`),
          };
          return texts('AB…C').pipe(
            toSpeech(spellingVoice({ A: '-a|', B: '-#', C: '-c|' }), { valve, onError: 'skip' }),
          );
        }),
      ).toBe('0:+1 +1 +1 1:<0 0a 2:>0 -1 <1 !1 -1 3:<2 2c 4:>2 -1 |');
    });

    it('returns what is outstanding on error and on unsubscribe', () => {
      const outstanding = (more: ToSpeechConfig, unsubscribeAt?: number) => {
        let count = 0;
        let most = 0;
        told(
          () =>
            texts('ABCDEF').pipe(
              toSpeech(spellingVoice({ A: '-a|', B: '---#' }), {
                valve: {
                  open$: NEVER,
                  add: (amount) => (most = Math.max(most, (count += amount))),
                  remove: (amount) => (count -= amount),
                },
                ...more,
              }),
            ),
          unsubscribeAt === undefined ? {} : { unsubscribeAt },
        );
        return [most, count];
      };
      expect(outstanding({})).toEqual([6, 0]);
      expect(outstanding({}, 2)).toEqual([6, 0]);
      expect(outstanding({ mergeWaiting: 10, onError: 'skip' })).toEqual([6, 0]);
    });

    it('makes the source wait', () => {
      const valve = createValve({ high: 2, low: 1 });
      const closed: string[] = [];
      told(({ cold }) => {
        valve.open$.subscribe((open) => closed.push(`${asyncScheduler.now()}:${String(open)}`));
        return cold('ABC|').pipe(toSpeech(spellingVoice({ A: '----a|' }), { valve }));
      });
      expect(closed).toEqual(['0:true', '1:false', '5:true']);
    });
  });

  describe('mergeWaiting', () => {
    it('joins what waits when a slot is free, up to so many characters', () => {
      const voice = spellingVoice({ A: '--a|', BCD: '-b|', EF: '-e|' });
      const seen: string[] = [];
      expect(
        told(() =>
          from(['A', 'B', 'C', '…', 'D', 'E', 'F']).pipe(
            toSpeech(voice, { mergeWaiting: 3, concurrency: 1 }),
            tap((event) => {
              if (event.type === 'utterance-end') seen.push(event.text);
            }),
          ),
        ),
      ).toBe('2:<0 0a 3:>0 4:<1 1b 5:>1 6:<2 2e 7:>2 |');
      expect(seen).toEqual(['A', 'BCD', 'EF']);
    });

    it('prepares the whole, and passes over what comes to nothing as a whole', () => {
      const asked: string[] = [];
      const voice = spellingVoice({}, 1, { onRequest: ({ text }) => asked.push(text) });
      const prepare = (text: string) => text.replace(/<.*>/, '').toUpperCase();
      const counts: number[] = [];
      told(() =>
        from(['a', '<b', 'c>', 'd', 'e ', '<f>', ' g']).pipe(
          toSpeech(voice, {
            mergeWaiting: 4,
            concurrency: 1,
            prepare,
            valve: { open$: NEVER, add: (n) => counts.push(n), remove: (n) => counts.push(-n) },
          }),
        ),
      );
      expect(asked).toEqual(['A', 'DE', 'G']);
      expect(counts.reduce((sum, n) => sum + n, 0)).toBe(0);
    });

    it('never splits: a longer text goes alone', () => {
      const voice = spellingVoice({});
      const seen: string[] = [];
      told(() =>
        from(['one', 'a longer text', 'b', 'c']).pipe(
          toSpeech(voice, { mergeWaiting: 5, concurrency: 1 }),
          tap((event) => {
            if (event.type === 'utterance-start') seen.push(event.text);
          }),
        ),
      );
      expect(seen).toEqual(['one', 'a longer text', 'bc']);
    });
  });

  describe('the voice', () => {
    it('gets the prepared text, trimmed, and its options; events keep the text', () => {
      const asked: unknown[] = [];
      const voice = spellingVoice({}, 1, {
        onRequest: ({ text, options }) => asked.push([text, options]),
      });
      const seen: string[] = [];
      told(() =>
        from([' **Hi** you. ', '`…`']).pipe(
          toSpeech(voice, {
            prepare: (text) => text.replaceAll('*', '').replace('`…`', ''),
            speak: { rate: 1.5, language: 'en' },
          }),
          tap((event) => {
            if ('text' in event && event.type !== 'word') seen.push(event.text);
          }),
        ),
      );
      expect(asked).toEqual([['Hi you.', { rate: 1.5, language: 'en' }]]);
      expect(seen).toEqual([' **Hi** you. ', ' **Hi** you. ']);
    });

    it('may tell the words; where it does not they are estimated, and said to be', () =>
      marbles(({ expectObservable }) => {
        const voice = spellingVoice({ 'Hi there': '-a---------|' }, 80);
        const words = of('Hi there').pipe(
          toSpeech(voice),
          map((event) => (event.type === 'word' ? event : event.type)),
        );
        expectObservable(words).toBe('-(sa) 6ms (hte|)', {
          s: 'utterance-start',
          a: 'audio',
          e: 'utterance-end',
          h: { type: 'word', index: 0, text: 'Hi', offset: 0, duration: 20, estimated: true },
          t: { type: 'word', index: 0, text: 'there', offset: 30, duration: 50, estimated: true },
        });
      }));

    it('may play by itself: one at a time, in its own turn, words and all', () => {
      const word = (text: string): VoiceEvent => ({ type: 'word', text, offset: 0, duration: 1 });
      const own = (scripts: Readonly<Record<string, string>>, note: Note): Voice =>
        Object.assign(
          spellingVoice(scripts, 1, { values: { u: word('u'), v: word('v') }, ...noting(note) }),
          {
            format: null,
          },
        );
      expect(
        told(
          (_, note) =>
            texts('ABC').pipe(toSpeech(own({ A: '-u-v|', B: '-|', C: '-u#' }, note), { concurrency: 3 })),
          {
            words: true,
          },
        ),
      ).toBe('0:(A 1:<0 0"u" 3:0"v" 4:A) >0 (B 5:B) <1 >1 (C 6:<2 2"u" 7:C# #');
      // As a fallback it waits until it is its turn and the listener has heard what came before.
      expect(
        told(
          (_, note) =>
            texts('AB').pipe(
              toSpeech(spellingVoice({ A: '---a|', B: '-#' }, 20, noting(note)), {
                fallback: own({ B: '-u|' }, note),
              }),
            ),
          { words: true },
        ),
      ).toBe('0:(A (B 1:B# 3:<0 0a 4:A) 0"A" >0 23:(B 24:<1 1"u" 25:B) >1 |');
    });
  });

  it('has no limit where a timer cannot wait that long', async () => {
    const failures: unknown[] = [];
    const mute = Object.assign(() => NEVER, {
      provider: 'mute',
      format: { encoding: 'pcm_s16le', sampleRate: 8000, channels: 1 } as const,
    });
    const subscription = of('Hello.')
      .pipe(toSpeech(mute, { firstAudioTimeout: Number.MAX_SAFE_INTEGER, idleTimeout: 2 ** 31 }))
      .subscribe({ error: (error: unknown) => failures.push(error) });
    await after(20);
    subscription.unsubscribe();
    expect(failures).toEqual([]);
  });

  it('refuses what is out of range', () => {
    const voice = spellingVoice({});
    const refused = (config: ToSpeechConfig, message: string) =>
      expect(() => toSpeech(voice, config)).toThrow(new TypeError(`toSpeech: ${message}`));
    refused({ concurrency: 0 }, 'concurrency must be a whole number over 0, or Infinity, got 0');
    refused({ concurrency: 1.5 }, 'concurrency must be a whole number over 0, or Infinity, got 1.5');
    refused({ maxAhead: -1 }, 'maxAhead must be milliseconds from 0, got -1');
    refused({ startDelay: Infinity }, 'startDelay must be milliseconds from 0, got Infinity');
    refused({ firstAudioTimeout: 0 }, 'firstAudioTimeout must be milliseconds over 0, got 0');
    refused({ idleTimeout: NaN }, 'idleTimeout must be milliseconds over 0, got NaN');
    refused({ mergeWaiting: -5 }, 'mergeWaiting must be a number of characters from 0, got -5');
    refused({ retry: -1 }, 'retry must be a whole number from 0, or Infinity, got -1');
    refused({ retry: { jitter: 2 } }, 'retry.jitter must be a number from 0 to 1, got 2');
    refused({ onError: 'ignore' as 'skip' }, "onError must be 'error' or 'skip', got ignore");
    refused({ prepare: 'text' as never }, 'prepare must be a function, got string');
    refused({ valve: 3 as never }, 'valve must be a valve, got 3');
    refused({ playback: {} as never }, 'playback must be a valve, got [object Object]');
    expect(() => toSpeech(undefined as unknown as Voice)).toThrow(
      new TypeError('toSpeech: voice must be a Voice, got undefined'),
    );
    const mp3 = Object.assign(spellingVoice({}), {
      format: { encoding: 'mp3', sampleRate: 24000, channels: 1 } as const,
    });
    expect(() => toSpeech(mp3, { maxAhead: 5 })).toThrow(TypeError);
    expect(() => toSpeech(voice, { fallback: mp3, startDelay: 5 })).toThrow(TypeError);
    expect(told(() => texts('A').pipe(toSpeech(mp3)))).toBe('0:<0 0a 1:>0 |');
    expect(
      told(() =>
        texts('A').pipe(
          toSpeech(voice, { maxAhead: Infinity, idleTimeout: Infinity, firstAudioTimeout: Infinity }),
        ),
      ),
    ).toBe('0:<0 0a 1:>0 |');
  });
});
