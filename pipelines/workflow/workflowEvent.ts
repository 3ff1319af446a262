import type { SpeechEvent } from '../../src/speechEvent.js';
import type { StepCheckpoint } from './checkpoint.js';
import type { StepOutputs } from './register.js';

/** Where an event comes from. */
interface OfStep {
  /** The step's id. */
  readonly step: string;
  /** The steps around it, outermost first: `each[2]` for round 2 of a loop, the id of an `agent_call`. */
  readonly within?: readonly string[];
}

/** A workflow in an `agent_call` has the steps around it; the one that was run has none. */
interface OfWorkflow {
  /** The workflow's name. */
  readonly workflow: string;
  readonly within?: readonly string[];
}

/** What a step shows while it runs. Speech events are those of `toSpeech`, with the step that speaks. */
export type StepProgress =
  | { readonly type: 'token'; readonly text: string }
  /** What there is so far of an object that is still being written, or an early value of a registered handler. */
  | { readonly type: 'partial'; readonly value: unknown }
  | SpeechEvent;

/** What happens in a workflow. A failed workflow ends with its `step-error`, then the error itself. */
export type WorkflowEvent =
  | ({ readonly type: 'workflow-start' } & OfWorkflow)
  /** In place of the start: an earlier run's `checkpoints` are gone on from. */
  | ({ readonly type: 'workflow-resumed' } & OfWorkflow)
  | ({
      readonly type: 'step-start';
      /** The step's `type`. */
      readonly stepType: string;
    } & OfStep)
  /** In place of the start: an earlier run had started it. What that one showed of it is void. */
  | ({
      readonly type: 'step-restarted';
      /** The step's `type`. */
      readonly stepType: string;
    } & OfStep)
  /** In place of start and end: an earlier run has ended it. These are its outputs, whatever was shown of it. */
  | ({
      readonly type: 'step-restored';
      /** The step's `type`. */
      readonly stepType: string;
      /** What it had given. */
      readonly outputs: StepOutputs;
      /** An output step's values as its `format` says, for printing. */
      readonly text?: string;
    } & OfStep)
  | (StepProgress & OfStep)
  | ({
      readonly type: 'step-end';
      /** What it gives. */
      readonly outputs: StepOutputs;
      /** An output step's values as its `format` says, for printing. */
      readonly text?: string;
    } & OfStep)
  | ({
      readonly type: 'step-error';
      /** What it failed with. */
      readonly error: Error;
      /** What comes of it: another attempt, the rest of the workflow without its outputs, or the end. */
      readonly action: 'retry' | 'continue' | 'fail';
    } & OfStep)
  /** Only in a run with `checkpoints` or `saveCheckpoint`: plain JSON, for a later run. Comes before the step's end. */
  | ({
      readonly type: 'checkpoint';
      /** Its name among `WorkflowCheckpoints`. */
      readonly key: string;
      /** How far the step has come. */
      readonly checkpoint: StepCheckpoint;
    } & OfStep)
  | ({
      readonly type: 'workflow-end';
      /** What its output steps give, else the last step. */
      readonly outputs: StepOutputs;
    } & OfWorkflow);
