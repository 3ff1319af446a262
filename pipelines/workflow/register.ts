import type { ObservableInput } from 'rxjs';

/** What a step gives: values by the names of its outputs. */
export type StepOutputs = Readonly<Record<string, unknown>>;

/** What a handler of one's own is told about the step it is to run. */
export interface StepCall {
  /** The step's id. */
  readonly id: string;
  /** The step’s type, as it was registered. */
  readonly type: string;
  /** As it stands in the file, which is untrusted: check it. */
  readonly config: Readonly<Record<string, unknown>>;
  /** With references replaced. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Runs a step of one's own type: returns its outputs, or a Promise or Observable of them. The last value is the
 * step's outputs; earlier ones are `partial` events. Unsubscribed when the workflow is.
 */
export type StepHandler = (call: StepCall) => ObservableInput<StepOutputs> | StepOutputs;

const BUILT_IN: ReadonlySet<string> = new Set([
  ...[
    'input',
    'output',
    'file_output',
    'llm_chat',
    'llm_structured',
    'tts',
    'condition',
    'loop',
    'agent_call',
  ],
  ...['__proto__', 'constructor', 'prototype'],
]);
const handlers = new Map<string, StepHandler>();

/**
 * Adds a type of step to every workflow of this program. Returns a function that removes it again.
 *
 * ```ts
 * register('shout', ({ inputs }) => ({ text: String(inputs.text).toUpperCase() }));
 * // { "id": "loud", "type": "shout", "inputs": { "text": "{{reply.response}}" }, "outputs": ["text"] }
 * ```
 *
 * @throws TypeError when the type is built in, registered already or no name.
 * @see `handlers` of `runWorkflow`, for types of one run.
 */
export function register(type: string, handler: StepHandler): () => void {
  checkHandler('register', type, handler);
  if (handlers.has(type)) throw new TypeError(`register: type must be a new one, "${type}" is registered`);
  handlers.set(type, handler);
  return () => {
    if (handlers.get(type) === handler) handlers.delete(type);
  };
}

/** Refuses what cannot be a type of step or a handler. */
export function checkHandler(option: string, type: string, handler: unknown): void {
  if (typeof type !== 'string' || !/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(type) || BUILT_IN.has(type))
    throw new TypeError(
      `${option}: type must be a name of letters, digits, _ and - that is not built in, got ${JSON.stringify(type)}`,
    );
  if (typeof handler !== 'function')
    throw new TypeError(`${option}: handler must be a function, got ${typeof handler}`);
}

/** The types that have been registered for the whole program. */
export function registeredTypes(): ReadonlySet<string> {
  return new Set(handlers.keys());
}

/** The handlers of a run: its own before those of the program. */
export function handlersOfRun(
  own: Readonly<Record<string, StepHandler>> = {},
): ReadonlyMap<string, StepHandler> {
  return new Map([...handlers, ...Object.entries(own)]);
}
