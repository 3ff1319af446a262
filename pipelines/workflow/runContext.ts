import type { Observable, ReplaySubject, SchedulerLike } from 'rxjs';
import type { ChatModel } from '../../src/chatModel.js';
import type { Conversation } from '../../src/conversation.js';
import type { Voice } from '../../src/voice.js';
import type { Question } from './question.js';
import type { StepHandler, StepOutputs } from './register.js';
import type { RunCheckpoints } from './runCheckpoints.js';
import type { StepProgress, WorkflowEvent } from './workflowEvent.js';
import type { WorkflowStep } from './schema.js';
import type { PlannedStep, WorkflowPlan } from './workflowPlan.js';
import type { Slots } from './slots.js';

/** What all steps of a run share, those of called workflows included. */
export interface Run {
  readonly model: (provider: string, model: string | undefined) => ChatModel;
  readonly voice: (provider: string, voice: string | undefined) => Voice;
  readonly ask: ((question: Question) => Observable<unknown>) | undefined;
  readonly conversation: (id: string) => Conversation;
  readonly outputDir: string | undefined;
  readonly handlers: ReadonlyMap<string, StepHandler>;
  /** Steps at the same time. */
  readonly slots: Slots;
  /** Questions at the same time: one. */
  readonly asking: Slots;
  readonly checkpoints: RunCheckpoints | undefined;
  readonly scheduler: SchedulerLike;
  /** Counts every step that is started. */
  readonly spend: () => void;
}

/** A reply that is read while it streams. */
export interface LiveReply {
  readonly text: ReplaySubject<string>;
  /** Whether its pieces are whole sentences already. */
  readonly sentences: boolean;
}

/** What steps can refer to: those of one list, and of the lists around it. */
export interface Scope {
  readonly plan: WorkflowPlan;
  /** The values that the workflow was run with. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Map<string, StepOutputs>;
  /** The replies of steps that are read while they stream. */
  readonly live: Map<string, LiveReply>;
  readonly parent: Scope | undefined;
  /** In the round of a loop. */
  readonly round: { readonly loop: string; readonly item: unknown; readonly index: number } | undefined;
  readonly within: readonly string[];
}

/** A scope below another one. */
export function innerScope(parent: Scope, more: Partial<Pick<Scope, 'round' | 'within'>>): Scope {
  return { ...parent, outputs: new Map(), live: new Map(), round: undefined, parent, ...more };
}

/** What a running step says: what it shows, what it gives, or an event of a step inside it as it is. */
export type StepSignal =
  | { readonly kind: 'progress'; readonly progress: StepProgress }
  | { readonly kind: 'outputs'; readonly outputs: StepOutputs; readonly text?: string }
  | { readonly kind: 'inner'; readonly event: WorkflowEvent };

export const progress = (value: StepProgress): StepSignal => ({ kind: 'progress', progress: value });
export const token = (text: string): StepSignal => progress({ type: 'token', text });
export const outputs = (values: StepOutputs, text?: string): StepSignal => ({
  kind: 'outputs',
  outputs: values,
  ...(text === undefined ? {} : { text }),
});

/** A step that is to run, with its references replaced. */
export interface RunningStep<Step = WorkflowStep> {
  readonly step: Step;
  readonly planned: PlannedStep;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly scope: Scope;
  readonly run: Run;
}
