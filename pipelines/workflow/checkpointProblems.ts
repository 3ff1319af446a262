import { formatPath } from '../../src/fieldPath.js';
import type { WorkflowCheckpoints } from './checkpoint.js';
import type { Problem } from './problem.js';
import { shownName } from './problem.js';
import type { StepOfType } from './schema.js';
import { stepFields } from './stepFields.js';
import { isObject } from './stepTree.js';
import type { PlannedList, PlannedStep, WorkflowPlan } from './workflowPlan.js';

/** What an earlier run left that this workflow cannot have left: it was another one. */
export function checkpointProblems(
  plan: WorkflowPlan,
  checkpoints: WorkflowCheckpoints = {},
): readonly Problem[] {
  const ids = new Map<WorkflowPlan, Places>();
  const placesOf = (of: WorkflowPlan): Places => {
    const known = ids.get(of) ?? places(of.list, [], new Map());
    ids.set(of, known);
    return known;
  };
  return Object.entries(checkpoints).flatMap(([key, checkpoint]) => {
    const path = formatPath(['checkpoints', key]);
    const found = findStep(plan, key, placesOf);
    const wrong = found ? valueProblem(found, checkpoint) : 'the workflow has no such step';
    return wrong === undefined ? [] : [{ path, message: wrong }];
  });
}

/** Steps by id, with the loops around them. */
type Places = Map<string, { readonly planned: PlannedStep; readonly loops: string }>;

function places(list: PlannedList, loops: readonly string[], found: Places): Places {
  for (const planned of list.steps) {
    const { id, type } = planned.step;
    found.set(id, { planned, loops: loops.join('/') });
    const inside = type === 'loop' ? [...loops, id] : loops;
    for (const inner of Object.values(planned.lists)) places(inner, inside, found);
  }
  return found;
}

function findStep(
  plan: WorkflowPlan,
  key: string,
  placesOf: (plan: WorkflowPlan) => Places,
): PlannedStep | undefined {
  const names = key.split('/');
  const last = names.pop() ?? '';
  let here = plan;
  let loops: string[] = [];
  const at = (id: string) => {
    const place = placesOf(here).get(id);
    return place?.loops === loops.join('/') ? place.planned : undefined;
  };
  for (const name of names) {
    const round = /^([^[]+)\[\d{1,9}\]$/.exec(name)?.[1];
    const owner = at(round ?? name);
    if (owner?.step.type !== (round === undefined ? 'agent_call' : 'loop')) return undefined;
    if (round !== undefined) {
      loops = [...loops, round];
      continue;
    }
    const called = here.called.get((owner.step as StepOfType<'agent_call'>).config.workflow);
    if (!called) return undefined;
    here = called;
    loops = [];
  }
  return at(last);
}

function valueProblem({ step }: PlannedStep, checkpoint: unknown): string | undefined {
  if (!isObject(checkpoint)) return 'must be an object';
  const { state, outputs } = checkpoint;
  if (state === 'started') return undefined;
  if (state !== 'ended') return 'state must be started or ended';
  if (!isObject(outputs)) return 'outputs must be an object';
  // What a registered type gives is its handler's business.
  const built = BUILT_IN_FIELDS.has(step.type) ? stepFields({ ...step, on_error: 'fail' }) : undefined;
  const missing = built?.find((field) => !Object.hasOwn(outputs, field));
  return missing === undefined ? undefined : `outputs has no ${shownName(missing)}, which this step gives`;
}

const BUILT_IN_FIELDS: ReadonlySet<string> = new Set([
  ...['input', 'output', 'file_output', 'llm_chat', 'llm_structured', 'tts', 'condition', 'loop'],
]);
