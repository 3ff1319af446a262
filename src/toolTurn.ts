import type { Message } from './message.js';

/** A model's wish to have a function called. */
export interface ToolCall {
  /** The provider's name for this call; the result is sent back under it. */
  readonly id: string;
  /** Which tool. */
  readonly name: string;
  /** Parsed. */
  readonly arguments: unknown;
  /** Opaque text that the provider wants back with the call, where it has one. */
  readonly signature?: string;
}

/** What a called function has answered. */
export interface ToolResult {
  /** Of the call that it answers. */
  readonly id: string;
  /** Which tool. */
  readonly name: string;
  /** Anything that JSON can hold; a string is sent as it is. */
  readonly result: unknown;
  /** True where the call failed and `result` says why. */
  readonly isError?: boolean;
}

/**
 * The assistant's turn that asks for calls: `metadata.toolCalls`. `text` is what was said along with them.
 *
 * ```ts
 * const call = { id: 'call-1', name: 'weather', arguments: { city: 'Oslo' } };
 * model([
 *   { role: 'user', content: 'Do I need an umbrella?' },
 *   toolCallTurn('', [call]),
 *   toolResultTurn([{ id: call.id, name: call.name, result: 'rain' }]),
 * ]);
 * ```
 */
export function toolCallTurn(text: string, toolCalls: readonly ToolCall[]): Message {
  return { role: 'assistant', content: text, metadata: { toolCalls } };
}

/**
 * The user's turn that answers them: `metadata.toolResults`. Its text is empty.
 *
 * ```ts
 * toolResultTurn([{ id: 'call-1', name: 'weather', result: { rain: true } }]);
 * ```
 */
export function toolResultTurn(toolResults: readonly ToolResult[]): Message {
  return { role: 'user', content: '', metadata: { toolResults } };
}

/**
 * The calls a message asks for; none for an ordinary message. A provider sends them in its own form.
 *
 * ```ts
 * conversation.messages.flatMap(toolCallsOf).map(({ name }) => name); // ['weather']
 * ```
 */
export function toolCallsOf(message: Message): readonly ToolCall[] {
  return list(message, 'toolCalls', (call): call is ToolCall => 'arguments' in call);
}

/**
 * The results a message brings; none for an ordinary message. A provider sends them in its own form.
 *
 * ```ts
 * conversation.messages.flatMap(toolResultsOf).filter(({ isError }) => isError);
 * ```
 */
export function toolResultsOf(message: Message): readonly ToolResult[] {
  return list(message, 'toolResults', (result): result is ToolResult => 'result' in result);
}

/** A tool's result as text, for protocols that take nothing else. */
export function toolResultText({ result }: ToolResult): string {
  return typeof result === 'string' ? result : JSON.stringify(result ?? null);
}

function list<T extends object>(
  message: Message,
  key: string,
  is: (item: object) => item is T,
): readonly T[] {
  const items: unknown = message.metadata?.[key];
  if (items === undefined) return [];
  const wrong = (item: unknown): boolean =>
    typeof item !== 'object' || item === null || !('id' in item) || !('name' in item) || !is(item);
  if (!Array.isArray(items) || items.some(wrong))
    throw new TypeError(
      `metadata.${key} must be a list of { id, name, ${key === 'toolCalls' ? 'arguments' : 'result'} }, ` +
        `was ${JSON.stringify(items)}`,
    );
  return items as readonly T[];
}
