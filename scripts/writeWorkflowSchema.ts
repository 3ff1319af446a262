import { writeFileSync } from 'node:fs';
import { workflowJsonSchema } from '../pipelines/workflow/workflowJsonSchema.js';

writeFileSync(
  new URL('../workflow.schema.json', import.meta.url),
  `${JSON.stringify(workflowJsonSchema(), null, 2)}\n`,
);
