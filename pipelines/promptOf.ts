import type { Conversation } from '../src/conversation.js';
import type { Message } from '../src/message.js';

/**
 * What a model is asked for the next reply of a conversation. Where the history limit has cut a question off, its
 * answer goes as well: a conversation that begins with the assistant is refused by some providers.
 */
export function promptOf(conversation: Conversation): readonly Message[] {
  const { messages } = conversation;
  const begins = messages.findIndex(({ role }) => role === 'user');
  return messages.filter(({ role }, index) => role === 'system' || index >= begins);
}
