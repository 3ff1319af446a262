import type { ObservableInput, SchedulerLike } from 'rxjs';
import type { Conversation } from '../../src/conversation.js';
import type { StepCheckpoint, WorkflowCheckpoints } from './checkpoint.js';
import type { StepHandler } from './register.js';
import type { WorkflowModels, WorkflowVoices } from './resolveProvider.js';
import type { Question } from './question.js';

/** What a workflow runs with. A file names things; what they stand for is decided here. */
export interface RunWorkflowOptions {
  /** Values by the names that input steps list in `outputs`; `message` for a model's step that has none. */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
  /** The folder that files are written below, made when it is missing. Without it a step that writes is refused. */
  readonly outputDir?: string | undefined;
  /** What is not mapped comes from the environment, as in `modelFromEnvironment`. */
  readonly models?: WorkflowModels | undefined;
  /** What is not mapped comes from the environment, as in `voiceFromEnvironment`. */
  readonly voices?: WorkflowVoices | undefined;
  /**
   * Asks the user for what `inputs` lacks; one question at a time, in the order of the file, when the steps before it
   * have ended. An empty answer takes the step's default. Default: nobody is asked, and what is missing is refused.
   */
  readonly onInput?:
    ((question: Question) => ObservableInput<unknown> | string | number | boolean | undefined) | undefined;
  /** Conversations by id, to be continued; new ones are put in. Default: new ones for each run. */
  readonly conversations?: Map<string, Conversation> | undefined;
  /** Handlers of this run by type of step, before those of `register`. */
  readonly handlers?: Readonly<Record<string, StepHandler>> | undefined;
  /** Steps at the same time, whatever the file allows. A whole number over 0. Default: the file's, or 8. */
  readonly maxConcurrency?: number | undefined;
  /** The folder that called workflows have to be in. Default: the file's own; a definition as an object has none. */
  readonly workflowDir?: string | undefined;
  /**
   * How far an earlier run of the same definition and inputs came, from its `checkpoint` events: a step that had ended
   * is not run again, one that had only started is announced as `step-restarted`. `{}` for a first run that is to tell
   * its own. Outputs that are not plain JSON are then the step's failure.
   */
  readonly checkpoints?: WorkflowCheckpoints | undefined;
  /**
   * Keeps a checkpoint. The run waits for what it returns: nothing that a step says is emitted, and no other step goes
   * on from it, before it is kept. Its failure ends the run, whatever the step's `on_error` says.
   */
  readonly saveCheckpoint?:
    ((key: string, checkpoint: StepCheckpoint) => ObservableInput<unknown> | undefined) | undefined;
  /** Where time passes. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}
