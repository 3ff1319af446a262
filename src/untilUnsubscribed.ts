import { Observable, Subscription, takeUntil, type MonoTypeOperatorFunction } from 'rxjs';

/**
 * Ends a source when a subscription is closed, also while the source is still inside its `subscribe` call: that is
 * how a synchronous one is stopped by a consumer who has had enough. It ends with a complete that nobody should heed.
 */
export function untilUnsubscribed<T>(subscription: Subscription): MonoTypeOperatorFunction<T> {
  return takeUntil(
    new Observable<void>((gone) => {
      const teardown = new Subscription(() => gone.next());
      subscription.add(teardown);
      return () => subscription.remove(teardown);
    }),
  );
}
