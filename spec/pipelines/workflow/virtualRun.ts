import { map, type Observable } from 'rxjs';
import { checkWorkflow } from '../../../pipelines/workflow/checkWorkflow.js';
import { problemsError } from '../../../pipelines/workflow/problem.js';
import type { RunWorkflowOptions } from '../../../pipelines/workflow/runOptions.js';
import { startPlan } from '../../../pipelines/workflow/startRun.js';
import type { WorkflowPlan } from '../../../pipelines/workflow/workflowPlan.js';
import type { WorkflowEvent } from '../../../pipelines/index.js';

/** A run without the files and the late loading, so that it can be told in virtual time. */
export function virtualRun(
  steps: readonly unknown[],
  options: RunWorkflowOptions = {},
  config: object = {},
  /** The workflows that it calls. */
  files: Readonly<Record<string, readonly unknown[]>> = {},
): Observable<WorkflowEvent> {
  const registered = new Set(Object.keys(options.handlers ?? {}));
  const plan = (name: string, of: readonly unknown[], called = new Map<string, WorkflowPlan>()) => {
    const checked = checkWorkflow({ name, config, steps: of }, { registered, called });
    if ('problems' in checked) throw problemsError(checked.problems);
    return checked.plan;
  };
  const called = Object.entries(files).map(([file, inner]) => [file, plan(file, inner)] as const);
  return startPlan(plan('w', steps, new Map(called)), options);
}

/**
 * Events in few words: `a<` start, `a:text` token, `a>` end, `a!fail` error, `a~` speech; `a<<` restarted, `a==`
 * restored, `a+` a checkpoint.
 */
export function brief(events: Observable<WorkflowEvent>): Observable<string> {
  return events.pipe(
    map((event) => {
      switch (event.type) {
        case 'workflow-start':
          return '[';
        case 'workflow-resumed':
          return '[[';
        case 'step-restarted':
          return `${event.step}<<`;
        case 'step-restored':
          return `${event.step}==`;
        case 'checkpoint':
          return `${event.key}+${event.checkpoint.state}`;
        case 'workflow-end':
          return ']';
        case 'step-start':
          return `${event.step}<`;
        case 'step-end':
          return `${event.step}>`;
        case 'step-error':
          return `${event.step}!${event.action}`;
        case 'token':
          return `${event.step}:${event.text}`;
        case 'partial':
          return `${event.step}=${JSON.stringify(event.value)}`;
        default:
          return `${event.step}~${event.type}`;
      }
    }),
  );
}
