import { TestScheduler } from 'rxjs/testing';
import { expect } from 'vitest';

/** Runs a marble spec in virtual time; frames are compared deeply, with vitest's own difference on failure. */
export function marbles(run: Parameters<TestScheduler['run']>[0]): void {
  new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  }).run(run);
}
