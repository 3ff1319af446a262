import { Observable } from 'rxjs';
import { abortReason } from './mayHeal.js';

/**
 * Never emits; fails with the signal's reason once it is aborted, at once if it is aborted already. As a notifier,
 * `takeUntil(rejectOnAbort(signal))` ends a request with that reason, and an aborted one is not even made.
 */
export function rejectOnAbort(signal: AbortSignal): Observable<never> {
  return new Observable((subscriber) => {
    const abort = () => subscriber.error(abortReason(signal));
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    return () => signal.removeEventListener('abort', abort);
  });
}
