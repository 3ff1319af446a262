import { firstValueFrom, type Observable } from 'rxjs';
import type { ChatModel } from '../src/chatModel.js';
import type { Message } from '../src/message.js';
import { forWhole, replyOf } from './replyOf.js';
import {
  serviceSettings,
  type ServiceConfig,
  type ServiceSettings,
  type ModelNamed,
} from './serviceConfig.js';

/**
 * A chat whose history the caller keeps. Nothing is remembered between calls.
 *
 * ```ts
 * const chat = new ChatService('gemini');
 * const history = [{ role: 'user', content: 'I am Ann.' }, { role: 'assistant', content: 'Hello Ann.' }] as const;
 * chat.chatStream('Who am I?', history).subscribe((token) => process.stdout.write(token));
 * ```
 */
export class ChatService {
  readonly #settings: ServiceSettings;

  /**
   * @param model A provider's name ('ollama', 'gemini', 'anthropic', 'openai', 'auto') or a chat model. Default: 'ollama'.
   * @throws TypeError for an unknown name or an option out of range.
   */
  constructor(model: ChatModel | ModelNamed = 'ollama', config: ServiceConfig = {}) {
    this.#settings = serviceSettings('ChatService', model, config);
  }

  /** The whole reply to a message after a history. */
  chat(message: string, history: readonly Message[] = []): Promise<string> {
    return this.chatWithMessages([...history, { role: 'user', content: message }]);
  }

  /** The reply to a message after a history, token by token; finished by the regular API when streaming fails. */
  chatStream(message: string, history: readonly Message[] = []): Observable<string> {
    return this.chatWithMessagesStream([...history, { role: 'user', content: message }]);
  }

  /** The whole reply to a conversation. */
  chatWithMessages(messages: readonly Message[]): Promise<string> {
    const { model, options } = this.#settings;
    return firstValueFrom(model.complete(messages, forWhole(options)), { defaultValue: '' });
  }

  /** The reply to a conversation, token by token; finished by the regular API when streaming fails. */
  chatWithMessagesStream(messages: readonly Message[]): Observable<string> {
    const { model, options, fallback } = this.#settings;
    return replyOf(model, messages, options, fallback);
  }
}
