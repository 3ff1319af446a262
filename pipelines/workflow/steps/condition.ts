import { concat, defer, EMPTY, map, of, type Observable } from 'rxjs';
import { evaluateCondition } from '../evaluateCondition.js';
import { resolveValue } from '../resolveValue.js';
import { outputs, type RunningStep, type StepSignal } from '../runContext.js';
import { runList } from '../runList.js';
import type { Condition, StepOfType } from '../schema.js';

/** Runs one of two lists of steps. */
export function condition({
  step,
  planned,
  scope,
  run,
}: RunningStep<StepOfType<'condition'>>): Observable<StepSignal> {
  const result = evaluateCondition(resolveValue(step.config.if, scope) as Condition);
  const branch = result ? 'then' : 'else';
  const list = planned.lists[branch];
  return concat(
    list ? runList(list, scope, run).pipe(map((event): StepSignal => ({ kind: 'inner', event }))) : EMPTY,
    defer(() => of(outputs({ result, branch }))),
  );
}
