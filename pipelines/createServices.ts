import type { ChatModel } from '../src/chatModel.js';
import { ChatService } from './chatService.js';
import { ConversationService, type ConversationServiceConfig } from './conversationService.js';
import { GenerationService } from './generationService.js';
import type { ServiceConfig, ModelNamed } from './serviceConfig.js';

/** `new GenerationService(model, config)`. */
export const createGenerationService = (
  model?: ChatModel | ModelNamed,
  config?: ServiceConfig,
): GenerationService => new GenerationService(model, config);

/** `new ChatService(model, config)`. */
export const createChatService = (model?: ChatModel | ModelNamed, config?: ServiceConfig): ChatService =>
  new ChatService(model, config);

/** `new ConversationService(model, config)`. */
export const createConversation = (
  model?: ChatModel | ModelNamed,
  config?: ConversationServiceConfig,
): ConversationService => new ConversationService(model, config);

/** One-shot generation with Ollama. */
export const createOllamaGeneration = (config?: ServiceConfig): GenerationService =>
  new GenerationService('ollama', config);

/** A chat with Ollama whose history the caller keeps. */
export const createOllamaChat = (config?: ServiceConfig): ChatService => new ChatService('ollama', config);

/** A conversation with Ollama that remembers. */
export const createOllamaConversation = (config?: ConversationServiceConfig): ConversationService =>
  new ConversationService('ollama', config);

/** One-shot generation with Gemini. */
export const createGeminiGeneration = (config?: ServiceConfig): GenerationService =>
  new GenerationService('gemini', config);

/** A chat with Gemini whose history the caller keeps. */
export const createGeminiChat = (config?: ServiceConfig): ChatService => new ChatService('gemini', config);

/** A conversation with Gemini that remembers. */
export const createGeminiConversation = (config?: ConversationServiceConfig): ConversationService =>
  new ConversationService('gemini', config);

/** One-shot generation with Anthropic. */
export const createAnthropicGeneration = (config?: ServiceConfig): GenerationService =>
  new GenerationService('anthropic', config);

/** A chat with Anthropic whose history the caller keeps. */
export const createAnthropicChat = (config?: ServiceConfig): ChatService =>
  new ChatService('anthropic', config);

/** A conversation with Anthropic that remembers. */
export const createAnthropicConversation = (config?: ConversationServiceConfig): ConversationService =>
  new ConversationService('anthropic', config);

/** One-shot generation with OpenAI. */
export const createOpenAIGeneration = (config?: ServiceConfig): GenerationService =>
  new GenerationService('openai', config);

/** A chat with OpenAI whose history the caller keeps. */
export const createOpenAIChat = (config?: ServiceConfig): ChatService => new ChatService('openai', config);

/** A conversation with OpenAI that remembers. */
export const createOpenAIConversation = (config?: ConversationServiceConfig): ConversationService =>
  new ConversationService('openai', config);
