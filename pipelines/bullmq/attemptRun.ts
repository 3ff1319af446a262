import {
  catchError,
  defer,
  endWith,
  filter,
  from,
  ignoreElements,
  map,
  merge,
  NEVER,
  of,
  switchMap,
  take,
  takeLast,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { WorkflowError } from '../../src/errors.js';
import { longestTimer } from '../../src/longestTimer.js';
import { mayHeal } from '../../src/mayHeal.js';
import {
  RelayAbortedError,
  RelayEndedError,
  RelayFencedError,
  type Relay,
  type RelayProducer,
} from '../../src/relay.js';
import { retryDelay } from '../../src/retryDelay.js';
import { handlersOfRun } from '../workflow/register.js';
import type { RunWorkflowOptions } from '../workflow/runOptions.js';
import { startPlan, type AroundProviders } from '../workflow/startRun.js';
import { unpackPlan, type QueuedRun } from './queuedRun.js';
import type { RunEvent } from './runEvent.js';
import { RunLostError, type BegunRun, type RunStore } from './runStore.js';

/** What has become of an attempt to run a workflow. */
export type RunOutcome =
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'retry'; readonly error: unknown; readonly delay: number }
  | { readonly type: 'cancelled' }
  /** Another worker has it, or will. */
  | { readonly type: 'lost' }
  | { readonly type: 'handed-back' };

/** A run, and how often it has been tried. */
export interface RunAttempt {
  readonly id: string;
  readonly run: QueuedRun;
  /** 1 for the first. */
  readonly attempt: number;
  /** Whether there may be another one. */
  readonly again: boolean;
}

/** What all attempts of a worker share. */
export interface AttemptContext {
  readonly relay: Relay;
  readonly store: RunStore;
  readonly around: AroundProviders;
  readonly options: RunWorkflowOptions;
  /** Emits when all runs are to be left to others. */
  readonly stop$: Observable<unknown>;
  /** The ids of runs that this worker has lost. */
  readonly lost$: Observable<string>;
  /** Called when a run has begun; with what an earlier worker left of it. */
  readonly begun: (attempt: RunAttempt, found: BegunRun) => void;
}

/** Milliseconds beyond a retry's delay in which listeners do not take the run for lost. */
const patience = 60_000;

/**
 * Runs a workflow as its one producer, from its checkpoints on, and emits what has become of it, once listeners can
 * know. It fails never.
 */
export function attemptRun(attempt: RunAttempt, context: AttemptContext): Observable<RunOutcome> {
  const { id, run } = attempt;
  const { relay, store, stop$, lost$ } = context;
  const produce = (producer: RelayProducer<RunEvent>): Observable<RunOutcome> =>
    defer(() => store.begin(id, run.timeout)).pipe(
      switchMap((found) => {
        const until = performance.now() + found.left;
        context.begun(attempt, found);
        const late = new WorkflowError(`the run ${id} took longer than ${run.timeout} ms`, { path: '' });
        const ran$ = defer(() => events(producer, found, attempt, context)).pipe(
          ignoreElements(),
          endWith<RunOutcome>({ type: 'ended' }),
          catchError((error: unknown) => {
            const outcome = failure(error, attempt);
            return of<RunOutcome>(
              outcome.type === 'retry' && performance.now() + outcome.delay >= until
                ? { type: 'failed', error: late }
                : outcome,
            );
          }),
        );
        return merge(
          stop$.pipe(map((): RunOutcome => ({ type: 'handed-back' }))),
          lost$.pipe(
            filter((lost) => lost === id),
            map((): RunOutcome => ({ type: 'lost' })),
          ),
          found.left > longestTimer
            ? NEVER
            : timer(found.left).pipe(map((): RunOutcome => ({ type: 'failed', error: late }))),
          ran$,
        ).pipe(take(1));
      }),
      catchError((error: unknown) => of(failure(error, attempt))),
      tap((outcome) => settle(producer, outcome, attempt)),
    );
  return relay.open<RunEvent>(id, { takeOver: true, maxPending: Infinity }).pipe(
    switchMap(produce),
    catchError((error: unknown) => of(relayFailure(error, attempt))),
    // Later than its end was safe, an outcome may turn out to be another one.
    takeLast(1),
  );
}

function events(
  producer: RelayProducer<RunEvent>,
  { epoch, checkpoints }: BegunRun,
  { id, run }: RunAttempt,
  { store, around, options }: AttemptContext,
): Observable<RunEvent> {
  const plan = unpackPlan(run, new Set(handlersOfRun(options.handlers).keys()));
  return startPlan(
    plan,
    {
      ...options,
      inputs: run.inputs,
      checkpoints,
      // What a step has shown is there for listeners before it can no longer be shown again.
      saveCheckpoint: (key, checkpoint) =>
        producer.flushed().pipe(
          ignoreElements(),
          endWith(true),
          switchMap(() => from(store.save(id, epoch, key, checkpoint))),
        ),
    },
    around,
  ).pipe(
    filter((event) => event.type !== 'checkpoint'),
    tap((event) => producer.append(event)),
  );
}

function failure(error: unknown, { run, attempt, again }: RunAttempt): RunOutcome {
  if (error instanceof RunLostError) return { type: 'lost' };
  return again && mayHeal(error)
    ? { type: 'retry', error, delay: Math.ceil(retryDelay(attempt - 1, patientOf(error), run.retry)) }
    : { type: 'failed', error };
}

function relayFailure(error: unknown, attempt: RunAttempt): RunOutcome {
  if (error instanceof RelayAbortedError) return { type: 'cancelled' };
  if (error instanceof RelayFencedError) return { type: 'lost' };
  // A worker before this one came that far, and no further.
  if (error instanceof RelayEndedError)
    return error.end === 'complete' ? { type: 'ended' } : { type: 'failed', error };
  return failure(error, attempt);
}

/** Which of the causes says when to come back; else the error itself. */
function patientOf(error: unknown): unknown {
  for (let part = error, depth = 0; part instanceof Error && depth < 6; part = part.cause, depth++)
    if ('retryAfter' in part && typeof part.retryAfter === 'number') return part;
  return error;
}

function settle(producer: RelayProducer<RunEvent>, outcome: RunOutcome, { attempt }: RunAttempt): void {
  switch (outcome.type) {
    case 'ended':
      producer.end({ type: 'complete' });
      break;
    case 'failed':
      producer.end({ type: 'error', error: outcome.error });
      break;
    case 'retry': {
      const { delay } = outcome;
      const error = outcome.error instanceof Error ? outcome.error : new Error(String(outcome.error));
      producer.append({ type: 'run-retry', attempt, delay, error });
      producer.release(delay + patience);
      break;
    }
    default:
      producer.release(patience);
  }
}
