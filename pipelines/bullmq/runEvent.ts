import type { WorkflowEvent } from '../workflow/workflowEvent.js';

/** What the listeners of a queued run see: the workflow's own events, of all attempts, in one stream. */
export type RunEvent =
  | WorkflowEvent
  /** The attempt has failed with what can heal: the next one goes on from the steps that have ended. */
  | {
      readonly type: 'run-retry';
      /** The number of the attempt that failed: 1 for the first. */
      readonly attempt: number;
      /** Milliseconds until the next one, at least. */
      readonly delay: number;
      /** What it failed with. */
      readonly error: Error;
    };
