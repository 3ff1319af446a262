import type { ChatModel, ChatOptions } from 'rx-aloud';
import { scriptedModel, scriptedVoice } from 'rx-aloud/providers/scripted';

const reply =
  'This is a scripted reply: no model was asked. It comes token by token, as a real one would. Try it with one.';

/** Stand-ins for every provider that the example files name. */
export const offline = {
  models: Object.fromEntries(
    ['ollama', 'anthropic', 'gemini', 'openai', 'auto'].map((name) => [name, () => standIn()]),
  ),
  voices: { auto: scriptedVoice({ msPerWord: 200, realTimeFactor: 0.1 }) },
};

/** Says the same to everything, save that an object is asked for: then one that fits. */
function standIn(): ChatModel {
  const talk = scriptedModel({ text: reply, tokensPerSecond: 60 });
  const write = (schema: unknown) =>
    scriptedModel({ text: JSON.stringify(example(schema)), tokensPerSecond: 60 });
  const answer = (options?: ChatOptions) => (options?.schema ? write(options.schema) : talk);
  return Object.assign((...[prompt, options]: Parameters<ChatModel>) => answer(options)(prompt, options), {
    events: (...[prompt, options]: Parameters<ChatModel>) => answer(options).events(prompt, options),
    complete: (...[prompt, options]: Parameters<ChatModel>) => answer(options).complete(prompt, options),
    provider: 'scripted',
    model: 'scripted',
  });
}

/** A value of a JSON Schema's simple kinds. */
function example(schema: unknown): unknown {
  const { type, properties, items, minimum } = schema as Readonly<Record<string, unknown>>;
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(properties ?? {}).map(([name, inner]) => [name, example(inner)]),
      );
    case 'array':
      return [example(items)];
    case 'number':
    case 'integer':
      return typeof minimum === 'number' ? minimum : 1;
    case 'boolean':
      return true;
    default:
      return 'something';
  }
}
