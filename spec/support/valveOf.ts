import { BehaviorSubject, type Observable } from 'rxjs';
import type { Valve } from '../../src/index.js';

/** A valve that nobody adds to: it opens (true) and closes (false) as told, and replays its state as a real one. */
export function valveOf(states: Observable<boolean>): Valve {
  const open$ = new BehaviorSubject(true);
  states.subscribe((open) => open$.next(open));
  return { open$, add: () => undefined, remove: () => undefined };
}
