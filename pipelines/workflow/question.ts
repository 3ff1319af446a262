/** What a step asks the user. */
export interface Question {
  /** The step's id. */
  readonly step: string;
  /** The input's name. */
  readonly name: string;
  /** The step's `prompt`; empty where it has none. */
  readonly prompt: string;
  /** What is taken when the answer is empty; undefined where the step has none. */
  readonly default?: unknown;
}
