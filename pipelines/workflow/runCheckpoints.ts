import { catchError, concat, defer, EMPTY, ignoreElements, of, throwError, type Observable } from 'rxjs';
import { fromReturned } from './asking.js';
import type { StepCheckpoint } from './checkpoint.js';
import type { RunWorkflowOptions } from './runOptions.js';

/** What an earlier run left, and where this one leaves its own. */
export interface RunCheckpoints {
  readonly peek: (key: string) => StepCheckpoint | undefined;
  /** Once: what is tried again begins anew. */
  readonly take: (key: string) => StepCheckpoint | undefined;
  /** Whether a step below these has begun before. */
  readonly anyWithin: (within: readonly string[]) => boolean;
  /** Keeps a checkpoint, then gives it; nothing but its failure comes before it is kept. */
  readonly save: (key: string, checkpoint: StepCheckpoint) => Observable<StepCheckpoint>;
  /** Whether that is why a checkpoint could not be kept: no step's own failure. */
  readonly isFailure: (error: unknown) => boolean;
}

/** `undefined` for a run that keeps none. */
export function createRunCheckpoints({
  checkpoints,
  saveCheckpoint,
}: RunWorkflowOptions): RunCheckpoints | undefined {
  if (checkpoints === undefined && saveCheckpoint === undefined) return undefined;
  const known = new Map(Object.entries(checkpoints ?? {}));
  const failures = new Set<unknown>();
  return {
    peek: (key) => known.get(key),
    take(key) {
      const found = known.get(key);
      known.delete(key);
      return found;
    },
    anyWithin: (within) => {
      const above = within.map((name) => `${name}/`).join('');
      return [...known.keys()].some((key) => key.startsWith(above));
    },
    save: (key, checkpoint) =>
      concat(
        saveCheckpoint
          ? defer(() => fromReturned<unknown>(saveCheckpoint(key, checkpoint))).pipe(
              ignoreElements(),
              catchError((error: unknown) => {
                failures.add(error);
                return throwError(() => error as Error);
              }),
            )
          : EMPTY,
        of(checkpoint),
      ),
    isFailure: (error) => failures.has(error),
  };
}
