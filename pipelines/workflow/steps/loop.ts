import { concat, defer, from, map, mergeMap, of, tap, type Observable } from 'rxjs';
import { BOUNDS } from '../bounds.js';
import type { StepOutputs } from '../register.js';
import { innerScope, outputs, type RunningStep, type StepSignal } from '../runContext.js';
import { resultOf, runList } from '../runList.js';
import type { StepOfType } from '../schema.js';

/** Runs its body once for each item of a list, one after the other unless it may run several at once. */
export function loop({
  step,
  planned,
  inputs,
  scope,
  run,
}: RunningStep<StepOfType<'loop'>>): Observable<StepSignal> {
  const { max_iterations: limit = BOUNDS.defaultLoopRounds, max_concurrency: concurrency = 1 } = step.config;
  const { items } = inputs;
  const body = planned.lists['body'];
  if (!body || !Array.isArray(items)) throw new TypeError('items must be a list');
  if (items.length > limit)
    throw new RangeError(`items has ${items.length} values, more than max_iterations (${limit}) allows`);
  const results: StepOutputs[] = [];
  return concat(
    from(items as readonly unknown[]).pipe(
      mergeMap((item, index) => {
        const round = innerScope(scope, {
          round: { loop: step.id, item, index },
          within: [...scope.within, `${step.id}[${index}]`],
        });
        return runList(body, round, run).pipe(
          tap({
            complete: () => {
              results[index] = resultOf(body, round);
            },
          }),
          map((event): StepSignal => ({ kind: 'inner', event })),
        );
      }, concurrency),
    ),
    defer(() => of(outputs({ results, count: items.length }))),
  );
}
