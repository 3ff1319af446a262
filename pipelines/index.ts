export {
  configuredModels,
  modelFromEnvironment,
  type ModelFromEnvironmentConfig,
  type ModelName,
} from './modelFromEnvironment.js';
export {
  configuredVoices,
  voiceFromEnvironment,
  type VoiceFromEnvironmentConfig,
  type VoiceName,
} from './voiceFromEnvironment.js';
export type { StepCheckpoint, WorkflowCheckpoints } from './workflow/checkpoint.js';
export { register, type StepCall, type StepHandler, type StepOutputs } from './workflow/register.js';
export type { WorkflowModels, WorkflowVoices } from './workflow/resolveProvider.js';
export type { Question as WorkflowQuestion } from './workflow/question.js';
export type { RunWorkflowOptions } from './workflow/runOptions.js';
export { runWorkflow } from './workflow/runWorkflow.js';
export type {
  AgentCallStep,
  ConditionStep,
  FileOutputStep,
  InputStep,
  LlmChatStep,
  LlmStructuredStep,
  LoopStep,
  OutputStep,
  TtsStep,
  WorkflowDefinition,
  WorkflowStep,
} from './workflow/workflowDefinition.js';
export type { WorkflowEvent } from './workflow/workflowEvent.js';
export { ChatService } from './chatService.js';
export {
  ConversationService,
  type ConversationServiceConfig,
  type ConversationSummary,
} from './conversationService.js';
export { converse, type ConverseConfig } from './converse.js';
export {
  createAnthropicChat,
  createAnthropicConversation,
  createAnthropicGeneration,
  createChatService,
  createConversation,
  createGeminiChat,
  createGeminiConversation,
  createGeminiGeneration,
  createGenerationService,
  createOllamaChat,
  createOllamaConversation,
  createOllamaGeneration,
  createOpenAIChat,
  createOpenAIConversation,
  createOpenAIGeneration,
} from './createServices.js';
export {
  createStreamingPipeline,
  type StreamingConfig,
  type StreamingLatencies,
  type StreamingPipeline,
  type StreamingPipelineConfig,
  type StreamingProgress,
} from './createStreamingPipeline.js';
export { GenerationService, type BatchConfig } from './generationService.js';
export {
  quickChat,
  quickChatAnthropic,
  quickChatAnthropicStream,
  quickChatGemini,
  quickChatGeminiStream,
  quickChatOllama,
  quickChatOllamaStream,
  quickChatOpenAI,
  quickChatOpenAIStream,
  quickChatStream,
} from './quickChat.js';
export {
  quickGenerate,
  quickGenerateAnthropic,
  quickGenerateAnthropicStream,
  quickGenerateGemini,
  quickGenerateGeminiStream,
  quickGenerateOllama,
  quickGenerateOllamaStream,
  quickGenerateOpenAI,
  quickGenerateOpenAIStream,
  quickGenerateStream,
  type QuickConfig,
} from './quickGenerate.js';
export type { ModelNamed, ServiceConfig } from './serviceConfig.js';
