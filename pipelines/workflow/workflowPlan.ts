import type { CustomStep, WorkflowDefinition, WorkflowStep } from './schema.js';

/** A step that has been checked, with what it waits for. Numbers are places in its list. */
export interface PlannedStep {
  readonly step: WorkflowStep | CustomStep;
  /** Where it stands in the file, such as `steps[2].config.body[0]`. */
  readonly path: string;
  /** Steps that must have ended before. */
  readonly waitsFor: readonly number[];
  /** Steps that need only have started: this one reads their reply while it streams. */
  readonly streamsFrom: readonly number[];
  /** The lists inside it, by the name of the field in `config`: then, else, body. */
  readonly lists: Readonly<Record<string, PlannedList>>;
}

/** The steps of a workflow, of a branch or of a loop. */
export interface PlannedList {
  readonly steps: readonly PlannedStep[];
  /** Their places in an order that they could run in one by one: the file's, where nothing speaks against it. */
  readonly order: readonly number[];
}

/** A workflow that has been checked as a whole. */
export interface WorkflowPlan {
  readonly definition: WorkflowDefinition;
  readonly list: PlannedList;
  /** The workflows it calls, by what stands in `config.workflow`. */
  readonly called: ReadonlyMap<string, WorkflowPlan>;
}

/** All steps of a list, those inside others included, in the order of the file. */
export function* everyStep(list: PlannedList): Generator<PlannedStep> {
  for (const planned of list.steps) {
    yield planned;
    for (const inner of Object.values(planned.lists)) yield* everyStep(inner);
  }
}

/** The steps whose outputs are a list's result: its output steps, else those that no other step waits for. */
export function resultSteps(list: PlannedList): {
  readonly kind: 'outputs' | 'last';
  readonly steps: readonly PlannedStep[];
} {
  const outputs = [...everyOutput(list)];
  if (outputs.length > 0) return { kind: 'outputs', steps: outputs };
  const used = new Set(list.steps.flatMap(({ waitsFor, streamsFrom }) => [...waitsFor, ...streamsFrom]));
  return { kind: 'last', steps: list.steps.filter((_, index) => !used.has(index)) };
}

function* everyOutput(list: PlannedList): Generator<PlannedStep> {
  for (const planned of list.steps) {
    if (planned.step.type === 'output') yield planned;
    // what a loop's rounds give is in its results
    if (planned.step.type !== 'condition') continue;
    for (const inner of Object.values(planned.lists)) yield* everyOutput(inner);
  }
}
