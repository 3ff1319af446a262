import { defer, map, type Observable } from 'rxjs';
import { writeInside } from '../insideFolder.js';
import { asText, resolveValue } from '../resolveValue.js';
import { outputs, type RunningStep, type StepSignal } from '../runContext.js';
import type { StepOfType } from '../schema.js';

/** Writes a file below the run's folder for outputs. It appears when it is whole. */
export function fileOutput({
  step,
  inputs,
  scope,
  run,
}: RunningStep<StepOfType<'file_output'>>): Observable<StepSignal> {
  const { content } = inputs;
  const { file_path: path, format = typeof content === 'string' ? 'text' : 'json' } = step.config;
  const text = format === 'text' ? asText(content) : `${JSON.stringify(content, null, 2)}\n`;
  return defer(() => writeInside(run.outputDir, asText(resolveValue(path, scope)), text)).pipe(
    map((written) => outputs({ file_path: written, success: true })),
  );
}
