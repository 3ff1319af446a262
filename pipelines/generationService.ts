import { defaultIfEmpty, firstValueFrom, from, map, mergeMap, toArray, type Observable } from 'rxjs';
import type { ChatModel } from '../src/chatModel.js';
import type { Prompt } from '../src/message.js';
import { shown } from '../src/shown.js';
import { forWhole, replyOf } from './replyOf.js';
import {
  serviceSettings,
  type ServiceConfig,
  type ServiceSettings,
  type ModelNamed,
} from './serviceConfig.js';

/** How a batch is worked through. */
export interface BatchConfig {
  /** Requests at the same time. A whole number over 0. Default: 3. */
  readonly concurrency?: number | undefined;
}

/**
 * One prompt, one reply, nothing remembered. The plain methods make one regular request and return a `Promise`, the
 * `Stream` methods return a cold Observable of tokens, finished by the regular API when streaming fails.
 *
 * ```ts
 * const service = new GenerationService('ollama', { model: 'llama3.2', temperature: 0.7 });
 * service.generateStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export class GenerationService {
  readonly #settings: ServiceSettings;

  /**
   * @param model A provider's name ('ollama', 'gemini', 'anthropic', 'openai', 'auto') or a chat model. Default: 'ollama'.
   * @throws TypeError for an unknown name or an option out of range.
   */
  constructor(model: ChatModel | ModelNamed = 'ollama', config: ServiceConfig = {}) {
    this.#settings = serviceSettings('GenerationService', model, config);
  }

  /** The whole reply. Rejects with what the provider failed with. */
  generate(prompt: string): Promise<string> {
    return firstValueFrom(this.#whole(prompt), { defaultValue: '' });
  }

  /** The reply, token by token. */
  generateStream(prompt: string): Observable<string> {
    return this.#stream(prompt);
  }

  /** The whole reply under a system prompt. */
  generateWithSystemPrompt(prompt: string, systemPrompt: string): Promise<string> {
    return firstValueFrom(this.#whole(withSystem(prompt, systemPrompt)), { defaultValue: '' });
  }

  /** The reply under a system prompt, token by token. */
  generateWithSystemPromptStream(prompt: string, systemPrompt: string): Observable<string> {
    return this.#stream(withSystem(prompt, systemPrompt));
  }

  /**
   * The replies to many prompts, in their order. The first failure rejects and ends the other requests.
   *
   * @throws TypeError when `concurrency` is out of range.
   */
  batchGenerate(prompts: readonly string[], { concurrency = 3 }: BatchConfig = {}): Promise<string[]> {
    if (!(concurrency >= 1 && Number.isInteger(concurrency))) {
      throw new TypeError(
        `GenerationService.batchGenerate: concurrency must be a whole number over 0, got ${shown(concurrency)}`,
      );
    }
    const replies = from(prompts).pipe(
      mergeMap((prompt, index) => this.#whole(prompt).pipe(map((reply) => ({ index, reply }))), concurrency),
      toArray(),
      map((all) => all.sort((a, b) => a.index - b.index).map(({ reply }) => reply)),
    );
    return firstValueFrom(replies, { defaultValue: [] });
  }

  #whole(prompt: Prompt): Observable<string> {
    const { model, options } = this.#settings;
    return model.complete(prompt, forWhole(options)).pipe(defaultIfEmpty(''));
  }

  #stream(prompt: Prompt): Observable<string> {
    const { model, options, fallback } = this.#settings;
    return replyOf(model, prompt, options, fallback);
  }
}

function withSystem(prompt: string, systemPrompt: string): Prompt {
  return [
    { role: 'system', content: systemPrompt },
    { role: 'user', content: prompt },
  ];
}
