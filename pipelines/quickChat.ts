import type { Observable } from 'rxjs';
import type { ChatModel } from '../src/chatModel.js';
import { ChatService } from './chatService.js';
import type { QuickConfig } from './quickGenerate.js';
import type { ServiceConfig, ModelNamed } from './serviceConfig.js';

const full = (config: QuickConfig = {}): ServiceConfig =>
  typeof config === 'string' ? { model: config } : config;

/**
 * One whole reply to a message: `new ChatService(model, config).chat(message)`.
 *
 * ```ts
 * console.log(await quickChat('Why is the sky blue?', 'ollama'));
 * ```
 */
export function quickChat(
  message: string,
  model: ChatModel | ModelNamed,
  config?: QuickConfig,
): Promise<string> {
  return new ChatService(model, full(config)).chat(message);
}

/**
 * One reply to a message, token by token: `new ChatService(model, config).chatStream(message)`.
 *
 * ```ts
 * quickChatStream('Why is the sky blue?', 'ollama').subscribe((token) => process.stdout.write(token));
 * ```
 */
export function quickChatStream(
  message: string,
  model: ChatModel | ModelNamed,
  config?: QuickConfig,
): Observable<string> {
  return new ChatService(model, full(config)).chatStream(message);
}

/**
 * One whole reply of Ollama to a message.
 *
 * ```ts
 * console.log(await quickChatOllama('Why is the sky blue?'));
 * ```
 */
export const quickChatOllama = (message: string, config?: QuickConfig): Promise<string> =>
  quickChat(message, 'ollama', config);

/**
 * One reply of Ollama to a message, token by token.
 *
 * ```ts
 * quickChatOllamaStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const quickChatOllamaStream = (message: string, config?: QuickConfig): Observable<string> =>
  quickChatStream(message, 'ollama', config);

/**
 * One whole reply of Gemini to a message.
 *
 * ```ts
 * console.log(await quickChatGemini('Why is the sky blue?'));
 * ```
 */
export const quickChatGemini = (message: string, config?: QuickConfig): Promise<string> =>
  quickChat(message, 'gemini', config);

/**
 * One reply of Gemini to a message, token by token.
 *
 * ```ts
 * quickChatGeminiStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const quickChatGeminiStream = (message: string, config?: QuickConfig): Observable<string> =>
  quickChatStream(message, 'gemini', config);

/**
 * One whole reply of Anthropic to a message.
 *
 * ```ts
 * console.log(await quickChatAnthropic('Why is the sky blue?'));
 * ```
 */
export const quickChatAnthropic = (message: string, config?: QuickConfig): Promise<string> =>
  quickChat(message, 'anthropic', config);

/**
 * One reply of Anthropic to a message, token by token.
 *
 * ```ts
 * quickChatAnthropicStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const quickChatAnthropicStream = (message: string, config?: QuickConfig): Observable<string> =>
  quickChatStream(message, 'anthropic', config);

/**
 * One whole reply of OpenAI to a message.
 *
 * ```ts
 * console.log(await quickChatOpenAI('Why is the sky blue?'));
 * ```
 */
export const quickChatOpenAI = (message: string, config?: QuickConfig): Promise<string> =>
  quickChat(message, 'openai', config);

/**
 * One reply of OpenAI to a message, token by token.
 *
 * ```ts
 * quickChatOpenAIStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const quickChatOpenAIStream = (message: string, config?: QuickConfig): Observable<string> =>
  quickChatStream(message, 'openai', config);
