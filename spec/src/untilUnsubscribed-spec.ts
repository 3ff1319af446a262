import { Observable, Subject, Subscription, type TeardownLogic } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { untilUnsubscribed } from '../../src/untilUnsubscribed.js';

describe('untilUnsubscribed', () => {
  it('ends a source inside its subscribe call', () => {
    const subscription = new Subscription();
    let sent = 0;
    const seen: number[] = [];
    new Observable<number>((out) => {
      while (!out.closed && sent < 100) out.next(++sent);
    })
      .pipe(untilUnsubscribed(subscription))
      .subscribe((value) => {
        seen.push(value);
        if (value === 2) subscription.unsubscribe();
      });
    expect(seen).toEqual([1, 2]);
    expect(sent).toBe(2);
  });

  it('does not subscribe for one that is closed, and leaves nothing behind', () => {
    const closed = new Subscription();
    closed.unsubscribe();
    const source = new Subject<number>();
    source.pipe(untilUnsubscribed(closed)).subscribe();
    expect(source.observed).toBe(false);

    let teardowns = 0;
    class Counting extends Subscription {
      override add(teardown: TeardownLogic): void {
        teardowns++;
        super.add(teardown);
      }
      override remove(teardown: Exclude<TeardownLogic, void>): void {
        teardowns--;
        super.remove(teardown);
      }
    }
    const open = new Counting();
    source.pipe(untilUnsubscribed(open)).subscribe().unsubscribe();
    expect(teardowns).toBe(0);
  });
});
