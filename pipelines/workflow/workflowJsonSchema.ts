import { z } from 'zod';
import { workflowSchema } from './schema.js';

/**
 * The JSON Schema of a workflow file, for editors: what is published as `rx-aloud/workflow.schema.json`.
 *
 * ```ts
 * console.log(JSON.stringify(workflowJsonSchema(), null, 2));
 * ```
 */
export function workflowJsonSchema(): Readonly<Record<string, unknown>> {
  // draft-07 is what editors complete and check best
  return z.toJSONSchema(workflowSchema, { target: 'draft-07' });
}
