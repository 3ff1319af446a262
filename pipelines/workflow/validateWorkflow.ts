import { checkWorkflow } from './checkWorkflow.js';
import { problemsError } from './problem.js';
import { registeredTypes } from './register.js';
import type { WorkflowDefinition } from './schema.js';

/**
 * Checks a definition without running it. Returns a frozen copy that holds nothing but JSON.
 *
 * What is checked: fields and their bounds, types of steps, references (missing, circular, to a field that no step
 * gives), duplicate ids, names that reach a prototype, paths, and that no URL or key is written in it. The files of
 * `agent_call` steps are read only by `runWorkflow`.
 *
 * ```ts
 * try {
 *   validateWorkflow(JSON.parse(text));
 * } catch (error) {
 *   if (error instanceof WorkflowError) for (const { path, message } of error.problems) console.error(path, message);
 * }
 * ```
 *
 * @throws WorkflowError with all problems at once; its `path` is the first one's.
 */
export function validateWorkflow(definition: unknown): WorkflowDefinition {
  const checked = checkWorkflow(definition, { registered: registeredTypes(), called: new Map() });
  if ('problems' in checked) throw problemsError(checked.problems);
  return checked.plan.definition;
}
