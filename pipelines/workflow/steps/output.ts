import { of, type Observable } from 'rxjs';
import { asText } from '../resolveValue.js';
import { outputs, type RunningStep, type StepSignal } from '../runContext.js';
import type { StepOfType } from '../schema.js';

/** Gives its inputs as the workflow's outputs, and as a text to print. */
export function output({ step, inputs }: RunningStep<StepOfType<'output'>>): Observable<StepSignal> {
  const entries = Object.entries(inputs);
  const [only] = entries;
  const text =
    step.config?.format !== 'text'
      ? JSON.stringify(inputs, null, 2)
      : entries.length === 1 && only
        ? asText(only[1])
        : entries.map(([name, value]) => `${name}: ${asText(value)}`).join('\n');
  return of(outputs(inputs, text));
}
