import type { ChatModel } from '../src/chatModel.js';
import { ChatService } from './chatService.js';
import { ConversationService, type ConversationServiceConfig } from './conversationService.js';
import { GenerationService } from './generationService.js';
import type { ServiceConfig, ModelNamed } from './serviceConfig.js';

/**
 * `new GenerationService(model, config)`.
 *
 * ```ts
 * const reply = await createGenerationService('ollama').generate('Why is the sky blue?');
 * ```
 */
export const createGenerationService = (
  model?: ChatModel | ModelNamed,
  config?: ServiceConfig,
): GenerationService => new GenerationService(model, config);

/**
 * `new ChatService(model, config)`.
 *
 * ```ts
 * createChatService('ollama').chatStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const createChatService = (model?: ChatModel | ModelNamed, config?: ServiceConfig): ChatService =>
  new ChatService(model, config);

/**
 * `new ConversationService(model, config)`.
 *
 * ```ts
 * const talk = createConversation('ollama');
 * await talk.sendMessage('My name is Ada.');
 * console.log(await talk.sendMessage('What is my name?'));
 * ```
 */
export const createConversation = (
  model?: ChatModel | ModelNamed,
  config?: ConversationServiceConfig,
): ConversationService => new ConversationService(model, config);

/**
 * One-shot generation with Ollama.
 *
 * ```ts
 * const reply = await createOllamaGeneration().generate('Why is the sky blue?');
 * ```
 */
export const createOllamaGeneration = (config?: ServiceConfig): GenerationService =>
  new GenerationService('ollama', config);

/**
 * A chat with Ollama whose history the caller keeps.
 *
 * ```ts
 * createOllamaChat().chatStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const createOllamaChat = (config?: ServiceConfig): ChatService => new ChatService('ollama', config);

/**
 * A conversation with Ollama that remembers.
 *
 * ```ts
 * const talk = createOllamaConversation();
 * await talk.sendMessage('My name is Ada.');
 * console.log(await talk.sendMessage('What is my name?'));
 * ```
 */
export const createOllamaConversation = (config?: ConversationServiceConfig): ConversationService =>
  new ConversationService('ollama', config);

/**
 * One-shot generation with Gemini.
 *
 * ```ts
 * const reply = await createGeminiGeneration().generate('Why is the sky blue?');
 * ```
 */
export const createGeminiGeneration = (config?: ServiceConfig): GenerationService =>
  new GenerationService('gemini', config);

/**
 * A chat with Gemini whose history the caller keeps.
 *
 * ```ts
 * createGeminiChat().chatStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const createGeminiChat = (config?: ServiceConfig): ChatService => new ChatService('gemini', config);

/**
 * A conversation with Gemini that remembers.
 *
 * ```ts
 * const talk = createGeminiConversation();
 * await talk.sendMessage('My name is Ada.');
 * console.log(await talk.sendMessage('What is my name?'));
 * ```
 */
export const createGeminiConversation = (config?: ConversationServiceConfig): ConversationService =>
  new ConversationService('gemini', config);

/**
 * One-shot generation with Anthropic.
 *
 * ```ts
 * const reply = await createAnthropicGeneration().generate('Why is the sky blue?');
 * ```
 */
export const createAnthropicGeneration = (config?: ServiceConfig): GenerationService =>
  new GenerationService('anthropic', config);

/**
 * A chat with Anthropic whose history the caller keeps.
 *
 * ```ts
 * createAnthropicChat().chatStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const createAnthropicChat = (config?: ServiceConfig): ChatService =>
  new ChatService('anthropic', config);

/**
 * A conversation with Anthropic that remembers.
 *
 * ```ts
 * const talk = createAnthropicConversation();
 * await talk.sendMessage('My name is Ada.');
 * console.log(await talk.sendMessage('What is my name?'));
 * ```
 */
export const createAnthropicConversation = (config?: ConversationServiceConfig): ConversationService =>
  new ConversationService('anthropic', config);

/**
 * One-shot generation with OpenAI.
 *
 * ```ts
 * const reply = await createOpenAIGeneration().generate('Why is the sky blue?');
 * ```
 */
export const createOpenAIGeneration = (config?: ServiceConfig): GenerationService =>
  new GenerationService('openai', config);

/**
 * A chat with OpenAI whose history the caller keeps.
 *
 * ```ts
 * createOpenAIChat().chatStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const createOpenAIChat = (config?: ServiceConfig): ChatService => new ChatService('openai', config);

/**
 * A conversation with OpenAI that remembers.
 *
 * ```ts
 * const talk = createOpenAIConversation();
 * await talk.sendMessage('My name is Ada.');
 * console.log(await talk.sendMessage('What is my name?'));
 * ```
 */
export const createOpenAIConversation = (config?: ConversationServiceConfig): ConversationService =>
  new ConversationService('openai', config);
