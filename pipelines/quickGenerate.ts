import type { Observable } from 'rxjs';
import type { ChatModel } from '../src/chatModel.js';
import { GenerationService } from './generationService.js';
import type { ServiceConfig, ModelNamed } from './serviceConfig.js';

/** What the quick functions take beside the prompt: a model's name, or options in full. */
export type QuickConfig = string | ServiceConfig;

const full = (config: QuickConfig = {}): ServiceConfig =>
  typeof config === 'string' ? { model: config } : config;

/** One whole reply: `new GenerationService(model, config).generate(prompt)`. */
export function quickGenerate(
  prompt: string,
  model: ChatModel | ModelNamed,
  config?: QuickConfig,
): Promise<string> {
  return new GenerationService(model, full(config)).generate(prompt);
}

/** One reply, token by token: `new GenerationService(model, config).generateStream(prompt)`. */
export function quickGenerateStream(
  prompt: string,
  model: ChatModel | ModelNamed,
  config?: QuickConfig,
): Observable<string> {
  return new GenerationService(model, full(config)).generateStream(prompt);
}

/** One whole reply of Ollama. */
export const quickGenerateOllama = (prompt: string, config?: QuickConfig): Promise<string> =>
  quickGenerate(prompt, 'ollama', config);

/** One reply of Ollama, token by token. */
export const quickGenerateOllamaStream = (prompt: string, config?: QuickConfig): Observable<string> =>
  quickGenerateStream(prompt, 'ollama', config);

/** One whole reply of Gemini. */
export const quickGenerateGemini = (prompt: string, config?: QuickConfig): Promise<string> =>
  quickGenerate(prompt, 'gemini', config);

/** One reply of Gemini, token by token. */
export const quickGenerateGeminiStream = (prompt: string, config?: QuickConfig): Observable<string> =>
  quickGenerateStream(prompt, 'gemini', config);

/** One whole reply of Anthropic. */
export const quickGenerateAnthropic = (prompt: string, config?: QuickConfig): Promise<string> =>
  quickGenerate(prompt, 'anthropic', config);

/** One reply of Anthropic, token by token. */
export const quickGenerateAnthropicStream = (prompt: string, config?: QuickConfig): Observable<string> =>
  quickGenerateStream(prompt, 'anthropic', config);

/** One whole reply of OpenAI. */
export const quickGenerateOpenAI = (prompt: string, config?: QuickConfig): Promise<string> =>
  quickGenerate(prompt, 'openai', config);

/** One reply of OpenAI, token by token. */
export const quickGenerateOpenAIStream = (prompt: string, config?: QuickConfig): Observable<string> =>
  quickGenerateStream(prompt, 'openai', config);
