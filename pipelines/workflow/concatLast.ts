import { concat, defer, of, type Observable } from 'rxjs';

/** One more value, made when everything before it has come. */
export function concatLast<T, L>(source: Observable<T>, last: () => L): Observable<T | L> {
  return concat(
    source,
    defer(() => of(last())),
  );
}
