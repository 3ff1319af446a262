import { missingInputs } from './asking.js';
import { environmentModel, environmentVoice, isKnown } from './environmentProvider.js';
import { namesFor } from './llmRequest.js';
import { suggestion } from './nearestName.js';
import { shownName, type Problem } from './problem.js';
import type { RunWorkflowOptions } from './runOptions.js';
import type { Fallback, StepOfType } from './schema.js';
import { everyStep, type PlannedStep, type WorkflowPlan } from './workflowPlan.js';

/** What a workflow needs and the options don't have: known providers, a folder for its files, values for its inputs. */
export function runProblems(plan: WorkflowPlan, options: RunWorkflowOptions): readonly Problem[] {
  const problems = [...everyStep(plan.list)].flatMap((planned) => stepProblems(planned, plan, options));
  if (options.onInput) return [...problems, ...calledProblems(plan, options)];
  // Steps inside conditions may never run; what they ask for is their own failure.
  const missing = plan.list.steps.flatMap(({ step, path }) => {
    if (step.type === 'input' && defaultOf(step as StepOfType<'input'>) !== undefined) return [];
    return missingInputs(step, options.inputs ?? {}).map((name) => ({
      path,
      message: `the input ${shownName(name)} is missing`,
    }));
  });
  return [...problems, ...missing, ...calledProblems(plan, options)];
}

const defaultOf = (step: StepOfType<'input'>) => step.config?.default;

/** What called workflows need of the program; their inputs come from the step that calls. */
function calledProblems(plan: WorkflowPlan, options: RunWorkflowOptions): readonly Problem[] {
  return [...plan.called].flatMap(([workflow, called]) =>
    [
      ...[...everyStep(called.list)].flatMap((planned) => stepProblems(planned, called, options)),
      ...calledProblems(called, options),
    ].map(({ path, message }) => ({ path: `${workflow}: ${path}`, message })),
  );
}

function stepProblems(
  { step: planned, path }: PlannedStep,
  { definition: { config: defaults = {} } }: WorkflowPlan,
  { models = {}, voices = {}, outputDir }: RunWorkflowOptions,
): readonly Problem[] {
  const step = planned as StepOfType<'llm_chat' | 'llm_structured' | 'tts' | 'file_output'>;
  const problems: Problem[] = [];
  const provider = (name: string, mapped: object, make: (provider: string) => unknown, at: string) => {
    if (Object.hasOwn(mapped, name) || isKnown(make, name)) return;
    problems.push({
      path: `${path}.${at}`,
      message: `unknown provider ${shownName(name)}${suggestion(name, [...Object.keys(mapped), ...NAMES])}`,
    });
  };
  switch (step.type) {
    case 'llm_chat':
      for (const name of fallbackProviders(step.config?.fallback))
        provider(name, models, environmentModel, 'config.fallback');
      provider(namesFor(step.config ?? {}, defaults).provider, models, environmentModel, 'config.provider');
      break;
    case 'llm_structured':
      provider(namesFor(step.config, defaults).provider, models, environmentModel, 'config.provider');
      break;
    case 'tts': {
      const name = step.config?.provider ?? defaults.default_tts_provider ?? 'auto';
      provider(name, voices, environmentVoice, 'config.provider');
      const writes = step.config?.output_path !== undefined || step.config?.output_dir !== undefined;
      if (writes && outputDir === undefined) problems.push({ path, message: NO_FOLDER });
      break;
    }
    case 'file_output':
      if (outputDir === undefined) problems.push({ path, message: NO_FOLDER });
      break;
  }
  return problems;
}

/** What people mean most: suggested for a name that is none. */
const NAMES = ['ollama', 'anthropic', 'openai', 'gemini', 'auto'];

const NO_FOLDER = 'this step writes files: the program must give an outputDir';

function fallbackProviders(fallback: Fallback | undefined): readonly string[] {
  if (fallback === undefined || typeof fallback === 'boolean') return [];
  if (typeof fallback === 'string') return [fallback];
  return (Array.isArray(fallback) ? fallback : [fallback]).map(({ provider }) => provider);
}
