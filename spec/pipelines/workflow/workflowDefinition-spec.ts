import { describe, expectTypeOf, it } from 'vitest';
import type * as inferred from '../../../pipelines/workflow/schema.js';
import type { WorkflowDefinition } from '../../../pipelines/workflow/workflowDefinition.js';

/** Every field required, so that one that is missing on either side is seen. */
type Whole<T> = T extends object ? { [Key in keyof T]-?: Whole<Exclude<T[Key], undefined>> } : T;

// Checked by the compiler: `npm run types` fails where the types that are written out and the schema part.
describe('the types of a workflow', () => {
  it('are those of its schema', () => {
    expectTypeOf<Whole<WorkflowDefinition>>().toExtend<Whole<inferred.WorkflowDefinition>>();
    expectTypeOf<Whole<inferred.WorkflowDefinition>>().toExtend<Whole<WorkflowDefinition>>();
    expectTypeOf<WorkflowDefinition>().toExtend<inferred.WorkflowDefinition>();
    expectTypeOf<inferred.WorkflowDefinition>().toExtend<WorkflowDefinition>();
  });
});
