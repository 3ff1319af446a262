import { concat, defer, of, type Observable } from 'rxjs';
import type { Run, Scope } from './runContext.js';
import { resultOf, runList } from './runList.js';
import type { WorkflowEvent } from './workflowEvent.js';
import type { WorkflowPlan } from './workflowPlan.js';

/** Runs a workflow that has been checked; its events carry the very `within` that is given. */
export function runPlan(
  plan: WorkflowPlan,
  inputs: Readonly<Record<string, unknown>>,
  run: Run,
  within: readonly string[] = [],
): Observable<WorkflowEvent> {
  return defer(() => {
    const scope: Scope = {
      plan,
      inputs,
      outputs: new Map(),
      live: new Map(),
      parent: undefined,
      round: undefined,
      within,
    };
    const at = { workflow: plan.definition.name, ...(within.length > 0 ? { within } : {}) };
    return concat(
      of<WorkflowEvent>({
        type: run.checkpoints?.anyWithin(within) === true ? 'workflow-resumed' : 'workflow-start',
        ...at,
      }),
      runList(plan.list, scope, run),
      defer(() => of<WorkflowEvent>({ type: 'workflow-end', ...at, outputs: resultOf(plan.list, scope) })),
    );
  });
}
