import type { StepOutputs } from './register.js';

/** How far a step has come. Plain JSON. */
export type StepCheckpoint =
  | {
      /** It had begun. */
      readonly state: 'started';
    }
  | {
      /** It had come to its end. */
      readonly state: 'ended';
      /** What it gave. */
      readonly outputs: StepOutputs;
      /** An output step's values as its `format` says. */
      readonly text?: string;
      /** It failed, and the workflow went on without it. */
      readonly failed?: true;
    };

/**
 * How far a run has come, by step: its id, after the steps around it, such as `answer`, `each[2]/translate` for round 2
 * of a loop, `poet/verse` for a step of the workflow that `poet` calls.
 */
export type WorkflowCheckpoints = Readonly<Record<string, StepCheckpoint>>;

/** Where a step's checkpoint is kept: ids have neither `/` nor `[`. */
export function checkpointKey(within: readonly string[], id: string): string {
  return [...within, id].join('/');
}
