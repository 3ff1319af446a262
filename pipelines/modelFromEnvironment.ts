import { switchMap } from 'rxjs';
import type { ChatModel } from '../src/chatModel.js';
import { debug } from '../src/debug.js';
import { environment } from '../src/environment.js';
import { loadProvider } from './loadProvider.js';

/** Names of models that the environment can configure. */
export type ModelName = 'ollama' | 'gemini' | 'google-genai' | 'anthropic' | 'openai' | 'auto';

/** Which model of a provider. */
export interface ModelFromEnvironmentConfig {
  /** The model's name as its provider has it. Default: the provider's. */
  readonly model?: string | undefined;
}

interface Configurable {
  readonly sdk: string;
  /** The default model, known before the SDK is loaded. */
  readonly model: () => string;
  /** Whether `auto` may choose it. */
  readonly configured: () => boolean;
  readonly load: (config: ModelFromEnvironmentConfig) => Promise<ChatModel>;
}

const has = (...names: string[]) => names.some((name) => environment(name) !== undefined);

/** In the order in which `auto` looks. */
const providers: Readonly<Record<string, Configurable>> = {
  ollama: {
    sdk: 'ollama',
    model: () => environment('OLLAMA_DEFAULT_MODEL') ?? 'llama2',
    configured: () => has('OLLAMA_URL', 'OLLAMA_DEFAULT_MODEL'),
    load: async (config) => (await import('../providers/ollama/index.js')).ollama(config),
  },
  anthropic: {
    sdk: '@anthropic-ai/sdk',
    model: () => 'claude-haiku-5-5',
    configured: () => has('ANTHROPIC_API_KEY'),
    load: async (config) => (await import('../providers/anthropic/index.js')).anthropic(config),
  },
  openai: {
    sdk: 'openai',
    model: () => 'gpt-5.4-mini',
    configured: () => has('OPENAI_API_KEY'),
    load: async (config) => (await import('../providers/openai/index.js')).openai(config),
  },
  gemini: {
    sdk: '@google/generative-ai',
    model: () => 'gemini-2.5-flash',
    configured: () => has('GOOGLE_AI_STUDIO_KEY'),
    load: async (config) => (await import('../providers/gemini/index.js')).gemini(config),
  },
  'google-genai': {
    sdk: '@google/genai',
    model: () => 'gemini-2.5-flash',
    configured: () => has('GOOGLE_AI_STUDIO_KEY'),
    load: async (config) => (await import('../providers/google-genai/index.js')).googleGenAI(config),
  },
};

const log = debug('rx-aloud:environment');

/**
 * The chat model of that name, configured by the environment. Its SDK is imported at the first subscription.
 *
 * `auto` takes the first that is configured, in this order: an Ollama (`OLLAMA_URL` or `OLLAMA_DEFAULT_MODEL`),
 * Anthropic (`ANTHROPIC_API_KEY`), OpenAI (`OPENAI_API_KEY`), Google (`GOOGLE_AI_STUDIO_KEY`); else an Ollama on this
 * machine. Which and why is told at debug level, namespace `rx-aloud:environment`.
 *
 * ```ts
 * modelFromEnvironment('auto')('Why is the sky blue?').subscribe((token) => process.stdout.write(token));
 * ```
 *
 * At subscribe time: a missing key is an `AuthenticationError` that names the variable, a missing SDK a
 * `ProviderError` that names the package. What a provider cannot honour fails there too, with a `TypeError`.
 *
 * @throws TypeError when there is no such name.
 */
export function modelFromEnvironment(name: string, config: ModelFromEnvironmentConfig = {}): ChatModel {
  const provider = name === 'auto' ? choose() : name;
  const found = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (found === undefined) {
    const names = [...Object.keys(providers), 'auto'].join(', ');
    throw new TypeError(
      `modelFromEnvironment: there is no model named ${JSON.stringify(name)}; there are ${names}`,
    );
  }
  const { sdk, model, load } = found;
  const chosen = { model: config.model ?? model() };
  const loaded = loadProvider(provider, sdk, () => load(chosen));
  return Object.assign(
    ((prompt, options) => loaded.pipe(switchMap((chat) => chat(prompt, options)))) as ChatModel,
    {
      events: ((prompt, options) =>
        loaded.pipe(switchMap((chat) => chat.events(prompt, options)))) satisfies ChatModel['events'],
      complete: ((prompt, options) =>
        loaded.pipe(switchMap((chat) => chat.complete(prompt, options)))) satisfies ChatModel['complete'],
      provider,
      ...chosen,
    },
  );
}

/**
 * Names of the models that the environment configures, in the order in which `auto` looks. Says nothing about an
 * Ollama that runs without being named, or whether a key is good: nobody is asked.
 *
 * ```ts
 * const models = configuredModels().map((name) => modelFromEnvironment(name));
 * ```
 */
export function configuredModels(): Exclude<ModelName, 'auto'>[] {
  return Object.entries(providers)
    .filter(([, { configured }]) => configured())
    .map(([name]) => name as Exclude<ModelName, 'auto'>);
}

function choose(): string {
  const found = Object.entries(providers).find(([, { configured }]) => configured());
  if (found === undefined) log('auto: nothing is configured, so ollama on this machine');
  else log(`auto: ${found[0]}, the first that is configured`);
  return found?.[0] ?? 'ollama';
}
