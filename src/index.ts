export type { AudioFormat } from './audioFormat.js';
export type {
  ChatEvent,
  ChatModel,
  ChatOptions,
  CompleteOptions,
  FinishReason,
  JsonSchema,
  ToolDefinition,
  Usage,
} from './chatModel.js';
export {
  AloudError,
  AuthenticationError,
  ConnectionError,
  MalformedReplyError,
  OverloadedError,
  ProviderError,
  RateLimitError,
  ReplyDivergedError,
  SpeechError,
  StalledReplyError,
  ToolError,
  TruncatedReplyError,
  WorkflowError,
  type ProviderErrorName,
  type ProviderErrorOptions,
} from './errors.js';
export { isAbort, mayHeal } from './mayHeal.js';
export type { Message, Prompt, Role } from './message.js';
export { toJsonSchema, type SchemaIssue } from './jsonSchema.js';
export type { RetryConfig } from './retryDelay.js';
export type { SpeechEvent } from './speechEvent.js';
export {
  toolCallsOf,
  toolCallTurn,
  toolResultsOf,
  toolResultTurn,
  type ToolCall,
  type ToolResult,
} from './toolTurn.js';
export { createValve, withValve, type Valve, type ValveConfig } from './valve.js';
export type { SpeakOptions, Voice, VoiceEvent } from './voice.js';
export { parseWavHeader, wavHeader, wavHeaderLength, type WavHeader } from './wav.js';
export {
  Conversation,
  type ConversationChange,
  type ConversationConfig,
  type ConversationMessage,
  type ConversationState,
  type ConversationStats,
  type HistoryLimit,
} from './conversation.js';
export { debug, disableDebug, enableDebug, type DebugLog, type DebugSink } from './debug.js';
export {
  defineChatModel,
  type ChatModelDefinition,
  type ChatRequest,
  type ReplyPart,
} from './defineChatModel.js';
export { defineVoice, type VoiceDefinition, type VoiceTimeouts } from './defineVoice.js';
export { fromTokens, type FromTokensConfig } from './fromTokens.js';
export { trackHeard, type Heard, type HeardTracker } from './heard.js';
export {
  ConversationConflictError,
  openConversation,
  type ConversationStore,
  type StoredConversation,
} from './conversationStore.js';
export { keepConversation } from './keepConversation.js';
export { memoryStore } from './memoryStore.js';
export { memoryRelay, type MemoryRelayConfig } from './memoryRelay.js';
export {
  ProducerLostError,
  RelayAbortedError,
  RelayEndedError,
  RelayFencedError,
  RelayGapError,
  RelayOverflowError,
  RelayOwnedError,
  RelayedError,
  type Relay,
  type RelayEnd,
  type RelayEntry,
  type RelayOpenOptions,
  type RelayProducer,
  type RelayReplayOptions,
} from './relay.js';
export type { RelayConfig } from './relayOptions.js';
