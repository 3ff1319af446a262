import { asyncScheduler, defer, from, identity, switchMap, type Observable } from 'rxjs';
import type { ChatModel } from '../../src/chatModel.js';
import type { Voice } from '../../src/voice.js';
import { Conversation } from '../../src/conversation.js';
import { fromReturned } from './asking.js';
import { BOUNDS } from './bounds.js';
import { checkpointProblems } from './checkpointProblems.js';
import { environmentModel, environmentVoice } from './environmentProvider.js';
import { loadPlan } from './loadPlan.js';
import { plainJson } from './plainJson.js';
import { problemsError } from './problem.js';
import { handlersOfRun } from './register.js';
import { createRunCheckpoints } from './runCheckpoints.js';
import { resolveProvider } from './resolveProvider.js';
import type { Run } from './runContext.js';
import type { RunWorkflowOptions } from './runOptions.js';
import { runPlan } from './runPlan.js';
import { runProblems } from './runProblems.js';
import { createSlots } from './slots.js';
import type { WorkflowEvent } from './workflowEvent.js';
import type { WorkflowPlan } from './workflowPlan.js';

/** Reads and checks a workflow, then runs it. */
export function startRun(definition: unknown, options: RunWorkflowOptions): Observable<WorkflowEvent> {
  return defer(() => {
    const handlers = handlersOfRun(options.handlers);
    return from(loadPlan(definition, new Set(handlers.keys()), options.workflowDir)).pipe(
      switchMap((plan) => startPlan(plan, options)),
    );
  });
}

/** What is put around every model and voice of a run, such as a rate limit. */
export interface AroundProviders {
  readonly model: (model: ChatModel) => ChatModel;
  readonly voice: (voice: Voice) => Voice;
}

/** Runs a workflow that has been read and checked, if the options have all that it needs. */
export function startPlan(
  plan: WorkflowPlan,
  options: RunWorkflowOptions,
  around: AroundProviders = { model: identity, voice: identity },
): Observable<WorkflowEvent> {
  return defer(() => {
    const { value, problems } = plainJson({ inputs: options.inputs ?? {} }, BOUNDS.resolvedLength);
    const found = [
      ...problems,
      ...runProblems(plan, options),
      ...checkpointProblems(plan, options.checkpoints),
    ];
    if (found.length > 0) throw problemsError(found, plan.definition.name);
    const { inputs } = value as { readonly inputs: Readonly<Record<string, unknown>> };
    return runPlan(plan, inputs, createRun(plan, options, around));
  });
}

function createRun({ definition }: WorkflowPlan, options: RunWorkflowOptions, around: AroundProviders): Run {
  const { models = {}, voices = {}, onInput, conversations = new Map<string, Conversation>() } = options;
  const allowed = definition.config?.max_concurrency ?? BOUNDS.defaultConcurrency;
  let left: number = BOUNDS.stepRuns;
  return {
    model: (provider, model) =>
      around.model(resolveProvider<ChatModel>(models, provider, model, environmentModel)),
    voice: (provider, voice) =>
      around.voice(resolveProvider<Voice>(voices, provider, voice, environmentVoice)),
    ask: onInput && ((question) => defer(() => fromReturned<unknown>(onInput(question)))),
    conversation(id) {
      const known = conversations.get(id) ?? new Conversation({ id });
      conversations.set(id, known);
      return known;
    },
    outputDir: options.outputDir,
    handlers: handlersOfRun(options.handlers),
    slots: createSlots(Math.min(allowed, options.maxConcurrency ?? allowed)),
    asking: createSlots(1),
    checkpoints: createRunCheckpoints(options),
    scheduler: options.scheduler ?? asyncScheduler,
    spend() {
      if (--left < 0) throw new RangeError(`a run must not start more than ${BOUNDS.stepRuns} steps`);
    },
  };
}
