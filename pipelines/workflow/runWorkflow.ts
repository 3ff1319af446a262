import { catchError, defer, from, switchMap, throwError, type Observable } from 'rxjs';
import { WorkflowError } from '../../src/errors.js';
import { logged } from '../../src/logged.js';
import { checkHandler } from './register.js';
import type { RunWorkflowOptions } from './runOptions.js';
import type { WorkflowDefinition } from './workflowDefinition.js';
import type { WorkflowEvent } from './workflowEvent.js';

/**
 * Runs a workflow from a JSON file, or from its parsed content, and tells everything that happens. Steps run as soon
 * as what they refer to is there, all others at the same time; a `tts` step speaks a reply while it is still
 * streaming. Cold: every subscription is a new run, and unsubscribing stops every running step.
 *
 * ```
 * ask     (s e)                          s step-start   t token   a audio   e step-end
 * reply       s-t-t-t-t-t-e
 * speak       s-------a-a-a-a-e
 * show                        (s e)
 * ```
 *
 * ```ts
 * runWorkflow('streaming-chat.json', {
 *   inputs: { user_message: 'Why is the sky blue?' },
 *   models: { ollama: (model = 'llama3.2') => ollama({ model }) },
 * }).subscribe((event) => {
 *   if (event.type === 'token') process.stdout.write(event.text);
 * });
 * ```
 *
 * A file is untrusted: it names providers and never addresses or keys, nothing in it is evaluated, and files are read
 * and written only in their folders. All that is wrong with it is told at once, before anything runs, as a
 * `WorkflowError` with `problems`. When a step fails, its `step-error` is followed by a `WorkflowError` with the
 * step's path and its failure as the cause, unless the step says `"on_error": "continue"`.
 *
 * A run that is to outlive its process keeps `checkpoints`; a later one goes on from them:
 *
 * ```
 * first run    ask <>  reply <-t-t-          the process dies
 * second run   resumed  ask restored  reply restarted-t-t-t-t>  speak <>
 * ```
 *
 * The outputs of the workflow are those of its output steps, together; without one, those of its last step, or of its
 * last steps by their ids.
 *
 * `zod` has to be installed; it is loaded, with the rest, at the first subscription.
 *
 * @param definition a path, or the parsed content of a file.
 * @throws TypeError when an option is out of range.
 * @see `rx-aloud/pipelines/workflow` for `validateWorkflow` and the schema.
 */
export function runWorkflow(
  definition: WorkflowDefinition | Readonly<Record<string, unknown>> | string | URL,
  options: RunWorkflowOptions = {},
): Observable<WorkflowEvent> {
  checkOptions(definition, options);
  // Loaded late, so that who only imports a neighbour needs neither zod nor Node.
  return defer(() => from(import('./startRun.js'))).pipe(
    catchError((cause: unknown) => throwError(() => withoutZod(cause))),
    switchMap(({ startRun }) => startRun(definition, options)),
    logged('rx-aloud:workflow', typeof definition === 'string' ? { definition } : {}),
  );
}

function withoutZod(cause: unknown): Error {
  const { code, message } = cause as Error & { readonly code?: unknown };
  return code === 'ERR_MODULE_NOT_FOUND' && message.includes("'zod'")
    ? new WorkflowError('workflows need the package zod: npm install zod', { path: '', cause })
    : (cause as Error);
}

function checkOptions(definition: unknown, options: RunWorkflowOptions): void {
  const refuse = (name: string, value: unknown, allowed: string): never => {
    throw new TypeError(`runWorkflow: ${name} must be ${allowed}, got ${kindOf(value)}`);
  };
  if (definition === '' || (typeof definition !== 'string' && !isObject(definition)))
    refuse('definition', definition, "a path or a workflow's content");
  const { inputs, outputDir, models, voices, onInput, conversations, handlers, maxConcurrency, workflowDir } =
    options;
  const { checkpoints, saveCheckpoint } = options;
  for (const [name, value] of Object.entries({ inputs, models, voices, handlers, checkpoints }))
    if (value !== undefined && !isObject(value)) refuse(name, value, 'an object');
  for (const [name, value] of Object.entries({ outputDir, workflowDir }))
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      refuse(name, value, "a folder's path");
  for (const [name, value] of [...Object.entries(models ?? {}), ...Object.entries(voices ?? {})])
    if (typeof value !== 'function') refuse(name, value, 'a model, a voice or a function that makes one');
  for (const [name, value] of Object.entries({ onInput, saveCheckpoint }))
    if (value !== undefined && typeof value !== 'function') refuse(name, value, 'a function');
  if (conversations !== undefined && !((conversations as unknown) instanceof Map))
    refuse('conversations', conversations, 'a Map of conversations by id');
  if (maxConcurrency !== undefined && !(Number.isInteger(maxConcurrency) && maxConcurrency > 0))
    refuse('maxConcurrency', maxConcurrency, 'a whole number over 0');
  for (const [type, handler] of Object.entries(handlers ?? {}))
    checkHandler('runWorkflow: handlers', type, handler);
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Numbers as they are; of anything else only the kind, for it may be a secret. */
function kindOf(value: unknown): string {
  if (value === '') return 'an empty text';
  return typeof value === 'number'
    ? String(value)
    : value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : typeof value;
}
