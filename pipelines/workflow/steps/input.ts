import { concatMap, from, map, of, reduce, type Observable } from 'rxjs';
import { answer, missingInputs } from '../asking.js';
import { asText, resolveValue } from '../resolveValue.js';
import { outputs, type RunningStep, type StepSignal } from '../runContext.js';
import type { StepOfType } from '../schema.js';
import { inputNames } from '../stepFields.js';

/** Takes values from the run's inputs, from the file, or from the user. */
export function input({
  step,
  planned,
  inputs,
  scope,
  run,
}: RunningStep<StepOfType<'input'>>): Observable<StepSignal> {
  const { prompt = '', default: otherwise } = step.config ?? {};
  const missing = new Set(missingInputs(step, scope.inputs));
  return from(inputNames(step)).pipe(
    concatMap((name) => {
      const value = missing.has(name)
        ? answer(
            { step: step.id, name, prompt: asText(resolveValue(prompt, scope)), default: otherwise },
            planned.path,
            run,
          )
        : of(Object.hasOwn(scope.inputs, name) ? scope.inputs[name] : inputs[name]);
      return value.pipe(map((given) => [name, given] as const));
    }),
    reduce((all, [name, value]) => ({ ...all, [name]: value }), {}),
    map((values) => outputs(values)),
  );
}
