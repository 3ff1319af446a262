import { firstValueFrom, reduce, type Observable } from 'rxjs';
import { accumulateConversation } from '../operators/accumulateConversation.js';
import type { ChatModel } from '../src/chatModel.js';
import {
  Conversation,
  type ConversationConfig,
  type ConversationMessage,
  type ConversationStats,
} from '../src/conversation.js';
import { promptOf } from './promptOf.js';
import { forWhole, replyOf } from './replyOf.js';
import {
  serviceSettings,
  type ServiceConfig,
  type ServiceSettings,
  type ModelNamed,
} from './serviceConfig.js';

/** How a {@link ConversationService} converses. */
export interface ConversationServiceConfig
  extends ServiceConfig, Pick<ConversationConfig, 'id' | 'historyLimit'> {
  /** A conversation to go on with. Default: a new one, with `id` and `historyLimit`. */
  readonly conversation?: Conversation | undefined;
}

/** A conversation at a glance. */
export interface ConversationSummary extends ConversationStats {
  /** The conversation’s. */
  readonly id: string;
  /** What the user said first; null before. */
  readonly firstPrompt: string | null;
  /** The last reply; null before. */
  readonly lastResponse: string | null;
}

type Metadata = Readonly<Record<string, unknown>>;

/**
 * A conversation that remembers. Messages are sent one after the other: a second one sent while a reply is still
 * coming waits until that reply has ended, and sees it in the history. What a failed or unsubscribed reply had said
 * stays in the history, marked `interrupted`.
 *
 * ```ts
 * const service = new ConversationService('anthropic', { historyLimit: 40 });
 * service.addSystemMessage('Be brief.');
 * service.sendMessageStream('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 */
export class ConversationService {
  /** The conversation itself: state, search, statistics, export. */
  readonly conversation: Conversation;
  readonly #settings: ServiceSettings;

  /**
   * @param model A provider's name ('ollama', 'gemini', 'anthropic', 'openai', 'auto') or a chat model. Default: 'ollama'.
   * @throws TypeError for an unknown name or an option out of range.
   */
  constructor(
    model: ChatModel | ModelNamed = 'ollama',
    { conversation, id, historyLimit, ...config }: ConversationServiceConfig = {},
  ) {
    this.#settings = serviceSettings('ConversationService', model, config);
    this.conversation =
      conversation ??
      new Conversation({
        ...(id !== undefined && { id }),
        ...(historyLimit !== undefined && { historyLimit }),
      });
  }

  /** Sets the system message, in the place of an earlier one. */
  addSystemMessage(text: string): void {
    this.conversation.system(text);
  }

  /** Sends a message and adds both it and the whole reply to the history. */
  sendMessage(message: string, metadata?: Metadata): Promise<string> {
    const { model, options } = this.#settings;
    const reply = this.#turn(message, metadata, () =>
      model.complete(promptOf(this.conversation), forWhole(options)),
    );
    return firstValueFrom(reply.pipe(reduce((text, piece) => text + piece, '')), { defaultValue: '' });
  }

  /**
   * Sends a message when subscribed, and emits the reply token by token; finished by the regular API when streaming
   * fails. `metadata` is kept with the message. Each subscription sends it again.
   */
  sendMessageStream(message: string, metadata?: Metadata): Observable<string> {
    const { model, options, fallback } = this.#settings;
    return this.#turn(message, metadata, () =>
      replyOf(model, promptOf(this.conversation), options, fallback),
    );
  }

  /** Every message, the system message first. */
  getConversationHistory(): readonly ConversationMessage[] {
    return this.conversation.messages;
  }

  /** What the user said first; null before that. */
  getFirstPrompt(): string | null {
    return this.conversation.messages.find(({ role }) => role === 'user')?.content ?? null;
  }

  /** What the user said last. */
  getLastPrompt(): string | null {
    return this.conversation.messages.findLast(({ role }) => role === 'user')?.content ?? null;
  }

  /** The first reply. */
  getFirstResponse(): string | null {
    return this.conversation.messages.find(({ role }) => role === 'assistant')?.content ?? null;
  }

  /** The last reply. */
  getLastResponse(): string | null {
    return this.conversation.messages.findLast(({ role }) => role === 'assistant')?.content ?? null;
  }

  /** How many messages there are, the system message included. */
  getTotalMessages(): number {
    return this.conversation.messages.length;
  }

  /** The conversation at a glance. */
  getConversationSummary(): ConversationSummary {
    return {
      id: this.conversation.id,
      ...this.conversation.stats(),
      firstPrompt: this.getFirstPrompt(),
      lastResponse: this.getLastResponse(),
    };
  }

  #turn(
    message: string,
    metadata: Metadata | undefined,
    reply: () => Observable<string>,
  ): Observable<string> {
    return this.conversation.inTurn(() => {
      this.conversation.add('user', message, metadata);
      return reply().pipe(accumulateConversation(this.conversation));
    });
  }
}
