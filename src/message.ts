/** Who speaks in a conversation. */
export type Role = 'system' | 'user' | 'assistant';

/** One turn of a conversation. */
export interface Message {
  /** Who speaks. */
  readonly role: Role;
  /** What is said. */
  readonly content: string;
  /** Whatever the application keeps with a turn; providers read only the keys they document. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What a chat model is asked: one user message as a string, or a whole conversation, oldest first. */
export type Prompt = string | readonly Message[];

/** The conversation a prompt stands for: a string is one user message. */
export function toMessages(prompt: Prompt): readonly Message[] {
  return typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
}
