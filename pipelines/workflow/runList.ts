import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  from,
  ignoreElements,
  map,
  merge,
  mergeMap,
  observeOn,
  of,
  queueScheduler,
  ReplaySubject,
  Subject,
  tap,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import { WorkflowError } from '../../src/errors.js';
import { mayHeal } from '../../src/mayHeal.js';
import { retryDelay } from '../../src/retryDelay.js';
import { isAsked } from './asking.js';
import { checkpointKey, type StepCheckpoint } from './checkpoint.js';
import { retryConfig } from './inMilliseconds.js';
import { keptOutputs } from './keptOutputs.js';
import { resolveValue } from './resolveValue.js';
import type { Run, Scope, StepSignal } from './runContext.js';
import { stepFields } from './stepFields.js';
import { restoreStep, runsItself, stepBody } from './stepBody.js';
import type { StepOutputs } from './register.js';
import type { WorkflowEvent } from './workflowEvent.js';
import { resultSteps, type PlannedList, type PlannedStep } from './workflowPlan.js';

/**
 * Runs the steps of a list: each as soon as those that it waits for have ended, all others at the same time. Its
 * outputs are in the scope when it completes.
 */
export function runList(list: PlannedList, scope: Scope, run: Run): Observable<WorkflowEvent> {
  return defer(() => {
    const ready = new Subject<number>();
    const live = new Set<string>();
    const ends = list.steps.map((): number[] => []);
    const starts = list.steps.map((): number[] => []);
    const left = list.steps.map((planned, index) => {
      // A person answers in the light of what was said before: a question waits for all that comes before it.
      const asked = isAsked(planned.step, scope, run);
      const before = asked
        ? new Set([...planned.waitsFor, ...list.order.slice(0, list.order.indexOf(index))])
        : new Set(planned.waitsFor);
      const streams = planned.streamsFrom.filter((other) => !before.has(other));
      for (const other of before) ends[other]?.push(index);
      for (const other of streams) {
        starts[other]?.push(index);
        const source = list.steps[other]?.step;
        // Made anew for each run of the list: what is tried again must not begin with what was said before.
        if (source && !live.has(source.id)) {
          live.add(source.id);
          scope.live.set(source.id, { text: new ReplaySubject(Infinity), sentences: givesSentences(source) });
        }
      }
      return before.size + streams.length;
    });
    let open = list.steps.length;
    const settle = (others: readonly number[] | undefined) => {
      for (const other of others ?? []) {
        const now = (left[other] ?? 0) - 1;
        left[other] = now;
        if (now === 0) ready.next(other);
      }
    };
    const first = list.order.filter((index) => left[index] === 0);

    return merge(ready, from(first)).pipe(
      // A step that ends at once starts the next one: by a queue, or a long list would be as deep as it is long.
      observeOn(queueScheduler),
      mergeMap((index) => {
        const planned = list.steps[index];
        if (!planned) return EMPTY;
        return runStep(planned, scope, run, () => settle(starts[index]?.splice(0))).pipe(
          tap({
            complete: () => {
              scope.live.get(planned.step.id)?.text.complete();
              settle(ends[index]);
              if (--open === 0) ready.complete();
            },
          }),
        );
      }),
    );
  });
}

/** What a list gives: its output steps' values, else those of its last steps. */
export function resultOf(list: PlannedList, scope: Scope): StepOutputs {
  const { kind, steps } = resultSteps(list);
  const given = steps.flatMap(({ step: { id } }) => {
    const values = scope.outputs.get(id);
    return values ? [{ id, values }] : [];
  });
  return kind === 'last' && steps.length > 1
    ? Object.fromEntries(given.map(({ id, values }) => [id, values]))
    : Object.fromEntries(given.flatMap(({ values }) => Object.entries(values)));
}

function runStep(
  planned: PlannedStep,
  scope: Scope,
  run: Run,
  started: () => void,
): Observable<WorkflowEvent> {
  const { step, path } = planned;
  const { checkpoints } = run;
  const at = { step: step.id, ...(scope.within.length > 0 ? { within: scope.within } : {}) };
  const key = checkpointKey(scope.within, step.id);
  const save = (checkpoint: StepCheckpoint): Observable<WorkflowEvent> =>
    checkpoints?.save(key, checkpoint).pipe(map(() => ({ type: 'checkpoint', ...at, key, checkpoint }))) ??
    EMPTY;
  const end = (given: StepOutputs, text: string | undefined) => {
    const outputs = Object.freeze({ ...given });
    scope.outputs.set(step.id, outputs);
    return { outputs, ...(text === undefined ? {} : { text }) };
  };
  let failed = false;
  const told = (signal: StepSignal): WorkflowEvent => {
    if (signal.kind === 'inner') return signal.event;
    if (signal.kind === 'progress') return { ...signal.progress, ...at };
    const { outputs, text } = signal;
    return {
      type: 'step-end',
      ...at,
      ...end(checkpoints ? keptOutputs(outputs, step.id, path) : outputs, text),
    };
  };
  const pauses = retryConfig(step.retry);

  const attempt = (tries: number): Observable<WorkflowEvent> =>
    defer(() => stepBody(planned, resolveInputs(planned, scope), scope, run)).pipe(
      map(told),
      catchError((cause: unknown) => {
        // That of a step inside this one: nobody may go on.
        if (checkpoints?.isFailure(cause)) return throwError(() => cause as Error);
        const again = tries < pauses.count && mayHeal(cause) && !runsItself(step.type, 'retry');
        const error = stepError(cause, step.id, path);
        const action = again ? 'retry' : (step.on_error ?? 'fail');
        const notice = of<WorkflowEvent>({ type: 'step-error', ...at, error, action });
        if (again) {
          const pause = timer(retryDelay(tries, cause, pauses), run.scheduler).pipe(ignoreElements());
          return concat(notice, pause, attempt(tries + 1));
        }
        if (action === 'fail')
          return concat(
            notice,
            throwError(() => error),
          );
        return concat(
          notice,
          defer(() => {
            failed = true;
            return of(told({ kind: 'outputs', outputs: noOutputs(planned, cause) }));
          }),
        );
      }),
    );
  // What it says it has ended with is kept before anybody hears of it.
  const kept = (events: Observable<WorkflowEvent>): Observable<WorkflowEvent> =>
    checkpoints === undefined
      ? events
      : events.pipe(
          concatMap((event) => {
            if (event.type !== 'step-end' || event.step !== step.id || event.within !== at.within)
              return of(event);
            const { outputs, text } = event;
            const checkpoint: StepCheckpoint = {
              state: 'ended',
              outputs,
              ...(text === undefined ? {} : { text }),
              ...(failed ? { failed } : {}),
            };
            return concat(save(checkpoint), of(event));
          }),
        );

  const work = defer(() => {
    run.spend();
    const known = checkpoints?.take(key);
    if (known?.state === 'ended') {
      started();
      const { outputs, text } = known;
      return concat(
        known.failed === true
          ? endedInside(planned, scope, run)
          : restoreStep(planned, known.outputs, resolveInputs(planned, scope), scope, run),
        defer(() =>
          of<WorkflowEvent>({ type: 'step-restored', ...at, stepType: step.type, ...end(outputs, text) }),
        ),
      );
    }
    const type = known ? 'step-restarted' : 'step-start';
    const start = of<WorkflowEvent>({ type, ...at, stepType: step.type });
    return concat(
      known ? EMPTY : save({ state: 'started' }),
      start.pipe(tap({ complete: started })),
      kept(attempt(0)),
    );
  });
  // What only waits, for a person or for the steps inside it, takes no place: it would keep them from theirs.
  const waits = isAsked(step, scope, run) || runsItself(step.type, 'steps');
  return waits || checkpoints?.peek(key)?.state === 'ended' ? work : run.slots.hold(work);
}

/** Of a step that failed, what others can refer to all the same: the ended steps of a branch. */
function endedInside(planned: PlannedStep, scope: Scope, run: Run): Observable<WorkflowEvent> {
  if (planned.step.type !== 'condition') return EMPTY;
  const inner = Object.values(planned.lists).flatMap(({ steps }) => steps);
  const ended = inner.filter(
    ({ step }) => run.checkpoints?.peek(checkpointKey(scope.within, step.id))?.state === 'ended',
  );
  return concat(...ended.map((step) => runStep(step, scope, run, () => undefined)));
}

function givesSentences(step: PlannedStep['step']): boolean {
  const buffer = 'stream_buffer' in step ? step.stream_buffer : undefined;
  return buffer !== undefined && (buffer.forward_on ?? 'sentence') === 'sentence';
}

function resolveInputs({ step }: PlannedStep, scope: Scope): Readonly<Record<string, unknown>> {
  const inputs = 'inputs' in step ? step.inputs : undefined;
  // A speaking step reads a text that may still be streaming by itself.
  if (step.type === 'tts' || !inputs) return {};
  return resolveValue(inputs, scope) as Readonly<Record<string, unknown>>;
}

function stepError(cause: unknown, id: string, path: string): WorkflowError {
  // It says already which of the steps inside it has failed.
  if (cause instanceof WorkflowError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new WorkflowError(`step ${JSON.stringify(id)} (${path}): ${why}`, {
    path,
    cause,
    retryable: mayHeal(cause),
  });
}

/** The outputs of a step that failed and may: nothing, and why. */
function noOutputs({ step }: PlannedStep, cause: unknown): StepOutputs {
  const fields = stepFields(step) ?? step.outputs ?? [];
  return {
    ...Object.fromEntries(fields.map((field) => [field, null])),
    error: {
      name: cause instanceof Error ? cause.name : 'Error',
      message: cause instanceof Error ? cause.message : String(cause),
    },
  };
}
