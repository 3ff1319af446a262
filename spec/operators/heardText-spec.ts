import { concat, NEVER, of, Subject, Subscription, throwError, type SchedulerLike } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { heardText } from '../../operators/heardText.js';
import type { Heard } from '../../src/heard.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { marbles } from '../support/marbles.js';
import { ends, samples, says, starts } from '../support/speech.js';

const word = (text: string, offset: number, duration: number): SpeechEvent => ({
  type: 'word',
  index: 0,
  text,
  offset,
  duration,
});
const events: Record<string, SpeechEvent> = {
  '<': starts(0, 'Hi you.'),
  h: word('Hi', 0, 3),
  y: word('you', 4, 4),
  a: says(0, samples(10)),
  b: says(0, samples(2)),
  c: says(0, samples(2)),
  '>': ends(0, 'Hi you.'),
  '[': starts(1, ' Bye.'),
  d: says(1, samples(3)),
  ']': ends(1, ' Bye.'),
};
const hi = { text: 'Hi', position: 3, precision: 'word' };
const hiYou = { text: 'Hi you.', position: 8, precision: 'word' };

describe('heardText', () => {
  it('tells each word at the moment a listener in real time has heard it', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const speech = cold('--(<hya>|)         ', events);
      expectObservable(speech.pipe(heardText())).toBe('-----h----y-|', { h: hi, y: hiYou });
      expectSubscriptions(speech.subscriptions).toBe('^-!');
    });
  });

  it('stands still while there is nothing to play', () => {
    marbles(({ cold, expectObservable }) => {
      // 2 ms of audio at 2, 2 more at 8: the word of 3 ms ends at 9.
      const speech = cold('--(<hb)-(c>|)', events);
      expectObservable(speech.pipe(heardText())).toBe('---------h(y|)', {
        h: hi,
        y: { ...hiYou, position: 4 },
      });
    });
  });

  it('goes on across utterances, which begin where the one before ended, not when they arrive', () => {
    marbles(({ cold, expectObservable }) => {
      const speech = cold('(<ba>[d])|', events);
      expectObservable(speech.pipe(heardText())).toBe('------------y--(b|)', {
        y: { text: 'Hi you.', position: 12, precision: 'utterance' },
        b: { text: 'Hi you. Bye.', position: 15, precision: 'utterance' },
      });
    });
  });

  it('tells the words of a voice that plays by itself as time passes', () => {
    marbles(({ cold, expectObservable }) => {
      const speech = cold('--(<h)---y---->--|', { ...events, y: word('you', 4, 1) });
      expectObservable(speech.pipe(heardText())).toBe('-----h---y-------|', {
        h: hi,
        y: { ...hiYou, position: 7 },
      });
    });
  });

  it('follows the position of a player', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const speech = cold('(<hya>)|', events);
      const position = hot('--1--2--3-4-|', { 1: 0, 2: 3.5, 3: 7.9, 4: 10 });
      expectObservable(speech.pipe(heardText({ position }))).toBe('-----h----(y|)', {
        h: { ...hi, position: 3.5 },
        y: { ...hiYou, position: 10 },
      });
    });
  });

  it('completes with a player that has ended early, and fails with one that fails', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const speech = cold('(<hya>)|', events);
      expectObservable(speech.pipe(heardText({ position: hot('--2-|', { 2: 4 }) }))).toBe('--h-|', {
        h: { ...hi, position: 4 },
      });
      expectObservable(speech.pipe(heardText({ position: hot('--2-#', { 2: 4 }) }))).toBe('--h-#', {
        h: { ...hi, position: 4 },
      });
    });
  });

  it('passes an error on when what came before it has been heard', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('(<hya>)-#', events).pipe(heardText())).toBe('---h----y-#', { h: hi, y: hiYou });
      expectObservable(cold('(<hb)-#', events).pipe(heardText())).toBe('------#');
    });
  });

  it('says nothing where nothing was heard', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('--|', events).pipe(heardText())).toBe('--|');
      expectObservable(cold('---', events).pipe(heardText())).toBe('---');
      expectObservable(cold('#', events).pipe(heardText())).toBe('#');
    });
  });

  it('stops its clock and leaves source and player when it is unsubscribed, also inside next', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const speech = cold('(<hya>)------|', events);
      const position = hot('-1-----', { 1: 1 });
      expectObservable(speech.pipe(heardText({ position })), '^--!').toBe('----');
      expectSubscriptions(position.subscriptions).toBe('^--!');
      expectObservable(speech.pipe(heardText()), '^----!').toBe('---h--', { h: hi });
      expectSubscriptions(speech.subscriptions).toBe(['^--!', '^----!']);
    });
    const source = new Subject<SpeechEvent>();
    const heard: Heard[] = [];
    const subscription = source.pipe(heardText({ position: of(100) })).subscribe((it) => {
      heard.push(it);
      subscription.unsubscribe();
    });
    expect(subscription.closed).toBe(true);
    expect(source.observed).toBe(false);
    expect(heard).toEqual([]);
  });

  it('asks for no timer while nobody can know when something is heard', () => {
    const delays: number[] = [];
    const scheduler: SchedulerLike = {
      now: () => 0,
      schedule: (_work, delay = 0) => {
        delays.push(delay);
        return Subscription.EMPTY;
      },
    };
    // Begun, and no audio yet.
    concat(of(starts(0, 'Hi you.')), NEVER)
      .pipe(heardText({ scheduler }))
      .subscribe()
      .unsubscribe();
    expect(delays).toEqual([]);
  });

  it('starts afresh for a second subscription', () => {
    marbles(({ cold, expectObservable }) => {
      const heard = cold('(<hya>|)', events).pipe(heardText());
      expectObservable(heard).toBe('---h----y-|', { h: hi, y: hiYou });
      expectObservable(heard, '-----^').toBe('--------h----y-|', { h: hi, y: hiYou });
    });
  });

  it('does not ask the player before it is subscribed', () => {
    let asked = 0;
    const position = throwError(() => new Error(String(++asked)));
    void NEVER.pipe(heardText({ position }));
    expect(asked).toBe(0);
  });
});
