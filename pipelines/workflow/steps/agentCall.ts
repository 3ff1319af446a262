import { map, tap, type Observable } from 'rxjs';
import { concatLast } from '../concatLast.js';
import type { StepOutputs } from '../register.js';
import { outputs, type RunningStep, type StepSignal } from '../runContext.js';
import { runPlan } from '../runPlan.js';
import type { StepOfType } from '../schema.js';

/** Runs another workflow; its events pass through, its outputs are the step's. */
export function agentCall({
  step,
  inputs,
  scope,
  run,
}: RunningStep<StepOfType<'agent_call'>>): Observable<StepSignal> {
  const plan = scope.plan.called.get(step.config.workflow);
  if (!plan) throw new Error('the called workflow has not been read');
  const within = [...scope.within, step.id];
  let given: StepOutputs = {};
  const events = runPlan(plan, inputs, run, within).pipe(
    tap((event) => {
      if (event.type === 'workflow-end' && event.within === within) given = event.outputs;
    }),
    map((event): StepSignal => ({ kind: 'inner', event })),
  );
  return concatLast(events, () => outputs({ outputs: given, ...given }));
}
