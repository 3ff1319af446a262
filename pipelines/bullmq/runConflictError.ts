import { AloudError } from '../../src/errors.js';

/** A run of that id is there already, with another definition or other inputs. Not retryable. */
export class RunConflictError extends AloudError {
  override readonly name = 'RunConflictError';
  /** The run. */
  readonly id: string;

  constructor(id: string) {
    super(`workflowQueue: the run ${id} is there already, with another definition or other inputs`, {
      retryable: false,
    });
    this.id = id;
  }
}
