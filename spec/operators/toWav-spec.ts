import { concat, from, of, take, throwError, toArray, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toWav } from '../../operators/toWav.js';
import { SpeechError } from '../../src/errors.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { wavHeader } from '../../src/wav.js';
import { marbles } from '../support/marbles.js';
import { ends, kilohertz, samples, says, starts } from '../support/speech.js';

const a = samples(2, 1);
const b = samples(3, 10);
const events: Record<string, SpeechEvent> = {
  '<': starts(0),
  a: says(0, a),
  b: says(0, b),
  e: says(0, new Uint8Array()),
  w: { type: 'word', index: 0, text: 'Hi', offset: 0, duration: 2 },
  '>': ends(0),
};
const bytes = { h: wavHeader(kilohertz), a, b };

describe('toWav', () => {
  it('sends the header with the first audio, then the samples as they come', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const speech = hot('-<--e--a---w-b->--|', events);
      expectObservable(speech.pipe(toWav())).toBe('-------(ha)--b----|', bytes);
      expectSubscriptions(speech.subscriptions).toBe('^-----------------!');
    });
  });

  it('gives no bytes for speech without audio', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('-<w>-|', events).pipe(toWav())).toBe('-----|');
      expectObservable(hot('-<w>-#', events).pipe(toWav())).toBe('-----#');
      expectObservable(hot('|', events).pipe(toWav())).toBe('|');
      expectObservable(hot('-', events).pipe(toWav())).toBe('-');
    });
  });

  it('begins anew, with a header of its own, for a second subscription', () => {
    const wav = of(says(0, a)).pipe(toWav(), toArray());
    for (let i = 0; i < 2; i++) wav.subscribe((chunks) => expect(chunks).toEqual([bytes.h, a]));
  });

  it('stops a synchronous source when its consumer has had enough', () => {
    let sent = 0;
    const endless = from(
      (function* () {
        for (;;) {
          sent++;
          yield says(0, a);
        }
      })(),
    );
    endless.pipe(toWav(), take(3)).subscribe();
    expect(sent).toBe(2);
  });

  it('refuses audio that is not PCM, naming it and the utterance', () => {
    const mp3 = of(starts(0, 'Hi.'), says(0, a, { ...kilohertz, encoding: 'mp3' }));
    const error = failure(mp3.pipe(toWav()));
    expect(error).toBeInstanceOf(SpeechError);
    expect(error).toMatchObject({ utterance: 'Hi.', retryable: false });
    expect((error as Error).message).toMatch(/mp3/);
  });

  it('converts what has another format to the first one', () => {
    const stereo = new Uint8Array(Int16Array.from([10, 20, 30, 40]).buffer);
    const mono = new Uint8Array(Int16Array.from([15, 35]).buffer);
    const seen: Uint8Array[] = [];
    of(says(0, a), says(1, stereo, { ...kilohertz, channels: 2 }))
      .pipe(toWav())
      .subscribe((chunk) => seen.push(chunk));
    expect(seen).toEqual([bytes.h, a, mono]);
  });

  it('passes on what it has before an error', () => {
    const broken = concat(
      of(says(0, a)),
      throwError(() => new Error('lost')),
    );
    const seen: Uint8Array[] = [];
    expect(failure(broken.pipe(toWav()), (chunk) => seen.push(chunk))).toMatchObject({ message: 'lost' });
    expect(seen).toEqual([bytes.h, a]);
  });
});

function failure<T>(source: Observable<T>, next: (value: T) => void = () => undefined): unknown {
  let failed: unknown;
  source.subscribe({ next, error: (error: unknown) => (failed = error) });
  return failed;
}
