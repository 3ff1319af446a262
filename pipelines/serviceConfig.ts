import type { ChatModel, ChatOptions } from '../src/chatModel.js';
import { shown } from '../src/shown.js';
import { modelFromEnvironment, type ModelName } from './modelFromEnvironment.js';

/** A provider's name, as `modelFromEnvironment` knows it: 'ollama', 'gemini', 'anthropic', 'openai', 'auto'. */
export type ModelNamed = ModelName | 'auto' | (string & {});

/** What every service takes: the options of each request, and how it asks. */
export interface ServiceConfig extends ChatOptions {
  /** The model of a provider that is given by name. Default: the environment's, else the provider's. */
  readonly model?: string | undefined;
  /** Whether the regular API finishes a reply whose stream has failed. Default: true. */
  readonly fallback?: boolean | undefined;
}

/** A service's model and what goes along with each request. */
export interface ServiceSettings {
  readonly model: ChatModel;
  readonly options: ChatOptions;
  readonly fallback: boolean;
}

/** @throws TypeError when the model is neither one nor a known name, or an option is out of range. */
export function serviceSettings(
  service: string,
  model: ChatModel | ModelNamed,
  { model: name, fallback = true, ...options }: ServiceConfig,
): ServiceSettings {
  if (typeof fallback !== 'boolean') {
    throw new TypeError(`${service}: fallback must be true or false, got ${shown(fallback)}`);
  }
  if (typeof model === 'function') {
    if (name !== undefined) {
      throw new TypeError(`${service}: model (${name}) goes with a provider's name, not with a chat model`);
    }
    return { model, options, fallback };
  }
  return { model: modelFromEnvironment(model, name === undefined ? {} : { model: name }), options, fallback };
}
