import type { Observable } from 'rxjs';
import type { ChatModel } from '../src/chatModel.js';
import { GenerationService } from './generationService.js';
import type { ServiceConfig, ModelNamed } from './serviceConfig.js';

/** What the quick functions take beside the prompt: a model's name, or options in full. */
export type QuickConfig = string | ServiceConfig;

const full = (config: QuickConfig = {}): ServiceConfig =>
  typeof config === 'string' ? { model: config } : config;

/**
 * One whole reply: `new GenerationService(model, config).generate(prompt)`.
 *
 * ```ts
 * console.log(await quickGenerate('Why is the sky blue?', 'ollama'));
 * ```
 */
export function quickGenerate(
  prompt: string,
  model: ChatModel | ModelNamed,
  config?: QuickConfig,
): Promise<string> {
  return new GenerationService(model, full(config)).generate(prompt);
}

/**
 * One reply, token by token: `new GenerationService(model, config).generateStream(prompt)`.
 *
 * ```ts
 * quickGenerateStream('Why is the sky blue?', 'ollama').subscribe((token) => process.stdout.write(token));
 * ```
 */
export function quickGenerateStream(
  prompt: string,
  model: ChatModel | ModelNamed,
  config?: QuickConfig,
): Observable<string> {
  return new GenerationService(model, full(config)).generateStream(prompt);
}

/**
 * One whole reply of Ollama.
 *
 * ```ts
 * console.log(await quickGenerateOllama('Why is the sky blue?'));
 * ```
 */
export const quickGenerateOllama = (prompt: string, config?: QuickConfig): Promise<string> =>
  quickGenerate(prompt, 'ollama', config);

/**
 * One reply of Ollama, token by token.
 *
 * ```ts
 * quickGenerateOllamaStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const quickGenerateOllamaStream = (prompt: string, config?: QuickConfig): Observable<string> =>
  quickGenerateStream(prompt, 'ollama', config);

/**
 * One whole reply of Gemini.
 *
 * ```ts
 * console.log(await quickGenerateGemini('Why is the sky blue?'));
 * ```
 */
export const quickGenerateGemini = (prompt: string, config?: QuickConfig): Promise<string> =>
  quickGenerate(prompt, 'gemini', config);

/**
 * One reply of Gemini, token by token.
 *
 * ```ts
 * quickGenerateGeminiStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const quickGenerateGeminiStream = (prompt: string, config?: QuickConfig): Observable<string> =>
  quickGenerateStream(prompt, 'gemini', config);

/**
 * One whole reply of Anthropic.
 *
 * ```ts
 * console.log(await quickGenerateAnthropic('Why is the sky blue?'));
 * ```
 */
export const quickGenerateAnthropic = (prompt: string, config?: QuickConfig): Promise<string> =>
  quickGenerate(prompt, 'anthropic', config);

/**
 * One reply of Anthropic, token by token.
 *
 * ```ts
 * quickGenerateAnthropicStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const quickGenerateAnthropicStream = (prompt: string, config?: QuickConfig): Observable<string> =>
  quickGenerateStream(prompt, 'anthropic', config);

/**
 * One whole reply of OpenAI.
 *
 * ```ts
 * console.log(await quickGenerateOpenAI('Why is the sky blue?'));
 * ```
 */
export const quickGenerateOpenAI = (prompt: string, config?: QuickConfig): Promise<string> =>
  quickGenerate(prompt, 'openai', config);

/**
 * One reply of OpenAI, token by token.
 *
 * ```ts
 * quickGenerateOpenAIStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export const quickGenerateOpenAIStream = (prompt: string, config?: QuickConfig): Observable<string> =>
  quickGenerateStream(prompt, 'openai', config);
