export {
  modelFromEnvironment,
  type ModelFromEnvironmentConfig,
  type ModelName,
} from './modelFromEnvironment.js';
export {
  voiceFromEnvironment,
  type VoiceFromEnvironmentConfig,
  type VoiceName,
} from './voiceFromEnvironment.js';
export { register, type StepCall, type StepHandler, type StepOutputs } from './workflow/register.js';
export type { WorkflowModels, WorkflowVoices } from './workflow/resolveProvider.js';
export type { Question as WorkflowQuestion } from './workflow/runContext.js';
export type { RunWorkflowOptions } from './workflow/runOptions.js';
export { runWorkflow } from './workflow/runWorkflow.js';
export type { WorkflowDefinition, WorkflowStep } from './workflow/schema.js';
export type { WorkflowEvent } from './workflow/workflowEvent.js';
