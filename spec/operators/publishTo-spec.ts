import { delay, map, NEVER, of, reduce, Subject, switchMap, take, tap, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { publishTo } from '../../operators/index.js';
import {
  AuthenticationError,
  createValve,
  memoryRelay,
  RelayAbortedError,
  RelayEndedError,
  RelayOwnedError,
  type RelayEntry,
  type RelayProducer,
} from '../../src/index.js';
import { marbles } from '../support/marbles.js';

const text = map(({ value }: RelayEntry<string>) => value);

describe('publishTo', () => {
  it('passes values on and publishes them, to listeners now and later', () => {
    marbles(({ cold, expectObservable }) => {
      const relay = memoryRelay();
      const source = cold('     -a-b-c|');
      const published = '       -a-b-c|';
      expectObservable(relay.replay<string>('x').pipe(text)).toBe(published);
      expectObservable(source.pipe(publishTo(relay, 'x'))).toBe(published);
      expectObservable(
        timer(4).pipe(
          switchMap(() => relay.replay<string>('x').pipe(text)),
          // Two values in one frame would take four characters of the picture.
          reduce((all, value) => all + value, ''),
        ),
      ).toBe('------(A|)', { A: 'abc' });
    });
  });

  it('ends as its source: an error is told as one of its class', () => {
    marbles(({ cold, expectObservable }) => {
      const relay = memoryRelay();
      const error = new AuthenticationError('no', { provider: 'ollama', status: 401 });
      const source = cold('-a-#', undefined, error);
      const published = ' -a-#';
      expectObservable(relay.replay<string>('x').pipe(text)).toBe(published, undefined, error);
      expectObservable(source.pipe(publishTo(relay, 'x'))).toBe(published, undefined, error);
    });
  });

  it('is listened to while the valve of the listener is open, and each value may close it', () => {
    marbles(({ cold, expectObservable }) => {
      const relay = memoryRelay();
      const valve = createValve({ high: 1, low: 0 });
      const published = '-abc|   ';
      const listened = ' -a---b---c---|';
      const source = cold(published);
      source.pipe(publishTo(relay, 'x')).subscribe();
      const later = new Subject<void>();
      later.pipe(delay(4)).subscribe(() => valve.remove(1));
      const heard$ = relay.replay<string>('x', { valve }).pipe(
        text,
        tap(() => {
          valve.add(1);
          later.next();
        }),
      );
      expectObservable(heard$).toBe(listened);
    });
  });

  it('is aborted when its subscriber leaves', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const relay = memoryRelay();
      const source = cold('-a-b-c|');
      const leaves = '     ^---!  ';
      const published = '  -a-b#  ';
      expectObservable(relay.replay<string>('x').pipe(text)).toBe(
        published,
        undefined,
        new RelayAbortedError('x'),
      );
      expectObservable(source.pipe(publishTo(relay, 'x')), leaves).toBe('-a-b-');
      expectSubscriptions(source.subscriptions).toBe(leaves);
    });
  });

  it('is unsubscribed by a cancel', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const relay = memoryRelay();
      const source = cold('-a-b-c|');
      const cancelled = '  -a-b#  ';
      const aborted = new RelayAbortedError('x');
      expectObservable(relay.replay<string>('x').pipe(text)).toBe(cancelled, undefined, aborted);
      expectObservable(source.pipe(publishTo(relay, 'x'))).toBe(cancelled, undefined, aborted);
      expectObservable(timer(4).pipe(switchMap(() => relay.cancel('x')))).toBe('----(t|)', { t: true });
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });

  it('does not ask its source where the stream is somebody else’s, or over', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const relay = memoryRelay({ lease: 500 });
      const first = cold(' -a-|');
      const second = cold('-b-|');
      expectObservable(first.pipe(publishTo(relay, 'x'))).toBe('-a-|');
      expectObservable(second.pipe(publishTo(relay, 'x'))).toBe(
        '#',
        undefined,
        new RelayOwnedError('x', 500),
      );
      expectObservable(timer(5).pipe(switchMap(() => second.pipe(publishTo(relay, 'x'))))).toBe(
        '-----#',
        undefined,
        new RelayEndedError('x', 'complete'),
      );
      expectSubscriptions(second.subscriptions).toBe([]);
    });
  });

  it('goes on from what a predecessor has written', () => {
    marbles(({ cold, expectObservable }) => {
      const relay = memoryRelay({ lease: 10 });
      let first: RelayProducer<string> | undefined;
      relay.open<string>('x').subscribe((producer) => {
        first = producer;
        producer.append('a');
        producer.append('b');
      });
      expectObservable(relay.replay<string>('x').pipe(text)).toBe('(ab)-C|', {
        a: 'a',
        b: 'b',
        C: 'after ab',
      });
      expectObservable(
        cold('--a').pipe(
          tap(() => first?.release()),
          switchMap(() =>
            NEVER.pipe(
              publishTo<string>(relay, 'x', {
                resume: (written$) =>
                  written$.pipe(
                    reduce((all, value) => all + value, ''),
                    switchMap((all) => cold('---c|').pipe(map(() => `after ${all}`))),
                  ),
              }),
            ),
          ),
        ),
      ).toBe('-----C', { C: 'after ab' });
    });
  });

  it('stops a synchronous source whose consumer has had enough', () => {
    const relay = memoryRelay();
    let made = 0;
    of(1, 2, 3)
      .pipe(
        tap(() => made++),
        publishTo(relay, 'x'),
        take(1),
      )
      .subscribe();
    expect(made).toBe(1);
  });
});
