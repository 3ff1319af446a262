import { defaultIfEmpty, defer, EMPTY, endWith, filter, map, pairwise, type Observable } from 'rxjs';
import { fromReturned } from './asking.js';
import type { StepHandler, StepOutputs } from './register.js';
import { outputs, progress, type Run, type RunningStep, type Scope, type StepSignal } from './runContext.js';
import type { CustomStep, StepOfType, StepType, WorkflowStep } from './schema.js';
import { agentCall } from './steps/agentCall.js';
import { condition } from './steps/condition.js';
import { fileOutput } from './steps/fileOutput.js';
import { input } from './steps/input.js';
import { llmChat, restoreReply } from './steps/llmChat.js';
import { llmStructured } from './steps/llmStructured.js';
import { loop } from './steps/loop.js';
import { output } from './steps/output.js';
import { tts } from './steps/tts.js';
import type { WorkflowEvent } from './workflowEvent.js';
import type { PlannedStep } from './workflowPlan.js';

type Bodies = {
  readonly [Type in StepType]: (running: RunningStep<StepOfType<Type>>) => Observable<StepSignal>;
};

const BODIES: Bodies = {
  input,
  output,
  file_output: fileOutput,
  llm_chat: llmChat,
  llm_structured: llmStructured,
  tts,
  condition,
  loop,
  agent_call: agentCall,
};

/** What a step does itself that is done for the others: try again, and hold places for the steps inside it. */
const ITSELF: { readonly retry: ReadonlySet<string>; readonly steps: ReadonlySet<string> } = {
  retry: new Set(['llm_chat', 'tts']),
  steps: new Set(['condition', 'loop', 'agent_call']),
};

export function runsItself(type: string, what: keyof typeof ITSELF): boolean {
  return ITSELF[what].has(type);
}

/** What a step does, by its type. */
export function stepBody(
  planned: PlannedStep,
  inputs: Readonly<Record<string, unknown>>,
  scope: Scope,
  run: Run,
): Observable<StepSignal> {
  const { step } = planned;
  const handler = run.handlers.get(step.type);
  if (handler) return custom(handler, step, inputs);
  const body = BODIES[step.type as StepType] as (running: RunningStep) => Observable<StepSignal>;
  return body({ step: step as WorkflowStep, planned, inputs, scope, run });
}

/**
 * What a step that an earlier run has ended leaves to others beside its outputs: the reply that they read as if it
 * streamed, its turn of a conversation, and the steps inside it, which are restored in turn.
 */
export function restoreStep(
  planned: PlannedStep,
  ended: StepOutputs,
  inputs: Readonly<Record<string, unknown>>,
  scope: Scope,
  run: Run,
): Observable<WorkflowEvent> {
  const { step } = planned;
  if (step.type === 'llm_chat')
    restoreReply({ step: step as StepOfType<'llm_chat'>, planned, inputs, scope, run }, ended);
  if (!runsItself(step.type, 'steps')) return EMPTY;
  return stepBody(planned, inputs, scope, run).pipe(
    filter((signal) => signal.kind === 'inner'),
    map(({ event }) => event),
  );
}

/** Early values of a handler are shown, its last one is what the step gives. */
function custom(
  handler: StepHandler,
  { id, type, config = {} }: WorkflowStep | CustomStep,
  inputs: Readonly<Record<string, unknown>>,
): Observable<StepSignal> {
  const DONE = Symbol('done');
  return defer(() => fromReturned<StepOutputs>(handler({ id, type, config, inputs }))).pipe(
    defaultIfEmpty<StepOutputs, StepOutputs>({}),
    endWith(DONE),
    pairwise(),
    map(([value, next]) => {
      if (typeof value !== 'object' || Array.isArray(value))
        throw new TypeError('a handler must give an object of outputs');
      return next === DONE ? outputs(value) : progress({ type: 'partial', value });
    }),
  );
}
