import { AloudError } from '../../src/errors.js';

/** A file has lost something in its middle: no crash while writing does that. Not retryable. */
export class CorruptConversationError extends AloudError {
  override readonly name = 'CorruptConversationError';
  /** The file. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(`${path}: ${message}`, { retryable: false });
    this.path = path;
  }
}
