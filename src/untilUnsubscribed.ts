import { Observable, type MonoTypeOperatorFunction, type Subscription } from 'rxjs';

/**
 * Ends a source when a subscription is closed, also while the source is still inside its `subscribe` call: that is
 * how a synchronous one is stopped by a consumer who has had enough. Nothing comes after that, not even a complete.
 */
export function untilUnsubscribed<T>(subscription: Subscription): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) => {
      subscription.add(subscriber);
      if (!subscriber.closed) source.subscribe(subscriber);
    });
}
