import type { CompleteOptions } from './chatModel.js';
import { toJsonSchema } from './jsonSchema.js';
import type { Prompt } from './message.js';

/** Names of the options a chat call can have. */
export type ChatOptionName = keyof CompleteOptions;

const roles = new Set(['system', 'user', 'assistant']);
const efforts = new Set<unknown>([true, false, 'low', 'medium', 'high']);
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const over0 = (value: unknown) => typeof value === 'number' && value > 0;

/** For every option: whether a value is right, and what is allowed. */
const rules: Readonly<Record<ChatOptionName, readonly [(value: unknown) => boolean, string]>> = {
  system: [(value) => typeof value === 'string', 'a string'],
  temperature: [(value) => Number.isFinite(value) && Number(value) >= 0, 'a finite number of 0 or more'],
  maxTokens: [(value) => Number.isInteger(value) && Number(value) >= 1, 'a whole number of 1 or more'],
  topP: [(value) => over0(value) && Number(value) <= 1, 'a number over 0 and up to 1'],
  stop: [
    (value) => [value].flat().every((text) => typeof text === 'string' && text !== ''),
    'a text or a list of texts, none of them empty',
  ],
  seed: [(value) => Number.isInteger(value), 'a whole number'],
  schema: [(value) => isObject(value) || typeof value === 'function', 'a Standard Schema or a JSON Schema'],
  tools: [
    (value) =>
      Array.isArray(value) && new Set(value.map(nameOf)).size === value.length && value.every(nameOf),
    'a list of tools with names, each name once',
  ],
  reasoning: [(value) => efforts.has(value), "true, false, 'low', 'medium' or 'high'"],
  signal: [(value) => value instanceof AbortSignal, 'an AbortSignal'],
  firstTokenTimeout: [over0, 'a number of milliseconds over 0'],
  idleTimeout: [over0, 'a number of milliseconds over 0'],
  valve: [(value) => isObject(value) && 'open$' in value, 'a valve'],
  continueFrom: [(value) => typeof value === 'string', 'a string'],
};

function nameOf(tool: unknown): string {
  const name = isObject(tool) && 'name' in tool ? tool.name : undefined;
  return typeof name === 'string' ? name : '';
}

/** Names of the options that have been given a value. */
export function givenOptions(options: CompleteOptions): ChatOptionName[] {
  return (Object.keys(options) as ChatOptionName[]).filter((name) => options[name] !== undefined);
}

/**
 * Refuses what is no prompt, an option out of its range, and one that the provider cannot honour.
 *
 * @throws TypeError naming the option, the value, and what is allowed.
 */
export function checkChatCall(
  provider: string,
  prompt: Prompt,
  options: CompleteOptions,
  unsupported: readonly ChatOptionName[] = [],
): void {
  const isPrompt =
    typeof prompt === 'string' ||
    (Array.isArray(prompt) &&
      prompt.every((m: unknown) => isObject(m) && roles.has(roleOf(m)) && hasContent(m)));
  if (!isPrompt) {
    throw new TypeError(
      `${provider}: the prompt must be a string or a list of messages { role: 'system' | 'user' | 'assistant', content }, got ${show(prompt)}`,
    );
  }
  if (!isObject(options)) {
    throw new TypeError(`${provider}: options must be an object, got ${show(options)}`);
  }
  for (const name of givenOptions(options)) {
    const value: unknown = options[name];
    if (!(name in rules)) {
      throw new TypeError(
        `${provider}: there is no option ${name} (${show(value)}); there are ${Object.keys(rules).join(', ')}`,
      );
    }
    if (unsupported.includes(name)) {
      throw new TypeError(
        `${provider}: the option ${name} (${show(value)}) is not supported by this provider; leave it out`,
      );
    }
    const [isRight, allowed] = rules[name];
    if (!isRight(value)) {
      throw new TypeError(`${provider}: ${name} must be ${allowed}, got ${show(value)}`);
    }
  }
  // What cannot be written as a JSON Schema says so now.
  if (options.schema !== undefined) toJsonSchema(options.schema);
  for (const { name, parameters } of options.tools ?? []) {
    try {
      toJsonSchema(parameters);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(`${provider}: tools: the parameters of ${name}: ${why}`, { cause });
    }
  }
}

function roleOf(message: object): string {
  return 'role' in message && typeof message.role === 'string' ? message.role : '';
}

function hasContent(message: object): boolean {
  return 'content' in message && typeof message.content === 'string';
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'function' || typeof value === 'symbol') return typeof value;
  if (isObject(value)) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}
