export type { Problem } from './problem.js';
export { register, type StepCall, type StepHandler, type StepOutputs } from './register.js';
export { workflowSchema, type WorkflowDefinition, type WorkflowStep } from './schema.js';
export { validateWorkflow } from './validateWorkflow.js';
export { workflowGraph } from './workflowGraph.js';
export { workflowJsonSchema } from './workflowJsonSchema.js';
