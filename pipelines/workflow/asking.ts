import {
  defaultIfEmpty,
  defer,
  from,
  isObservable,
  map,
  of,
  take,
  type Observable,
  type ObservableInput,
} from 'rxjs';
import { WorkflowError } from '../../src/errors.js';
import { takesMessage } from './checkWorkflow.js';
import type { Question } from './question.js';
import type { Run, Scope } from './runContext.js';
import { inputNames } from './stepFields.js';
import type { PlannedStep } from './workflowPlan.js';

/** The names that a step would have to ask for: neither the run nor the file gives them. */
export function missingInputs(
  step: PlannedStep['step'],
  inputs: Readonly<Record<string, unknown>>,
): readonly string[] {
  const given = (name: string) => Object.hasOwn(inputs, name);
  if (takesMessage(step)) return given('message') ? [] : ['message'];
  if (step.type !== 'input') return [];
  const own = 'inputs' in step && step.inputs ? step.inputs : {};
  return inputNames(step).filter((name) => !given(name) && !Object.hasOwn(own, name));
}

/** Whether a step is going to ask the user. */
export function isAsked(step: PlannedStep['step'], scope: Scope, run: Run): boolean {
  return run.ask !== undefined && missingInputs(step, scope.inputs).length > 0;
}

/**
 * The answer to a question, or the default where the answer is empty or nobody can be asked. Without either it fails.
 * One question at a time.
 */
export function answer(question: Question, path: string, run: Run): Observable<unknown> {
  const { name, default: otherwise } = question;
  const { ask } = run;
  const asked = ask ? run.asking.hold(defer(() => ask(question))) : of(undefined);
  return asked.pipe(
    take(1),
    defaultIfEmpty(undefined),
    map((value) => {
      const given = value === undefined || value === '' ? otherwise : value;
      if (given === undefined)
        throw new WorkflowError(`the input ${JSON.stringify(name)} is missing (${path})`, { path });
      return given;
    }),
  );
}

/** What a function of the user's returns: a value, or a promise, an async iterable or an Observable of one. */
export function fromReturned<T>(returned: ObservableInput<T> | T): Observable<T> {
  if (isObservable(returned)) return returned;
  if (typeof returned === 'object' && returned !== null) {
    if ('then' in returned && typeof returned.then === 'function') return from(returned);
    if (Symbol.asyncIterator in returned) return from(returned as AsyncIterable<T>);
  }
  return of(returned as T);
}
