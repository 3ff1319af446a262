import type { ChatModel } from '../../src/chatModel.js';
import type { Voice } from '../../src/voice.js';
import { modelFromEnvironment } from '../modelFromEnvironment.js';
import { voiceFromEnvironment } from '../voiceFromEnvironment.js';

/** The environment's model of a provider that the host has not mapped. It loads nothing before the first request. */
export function environmentModel(provider: string, model?: string): ChatModel {
  return modelFromEnvironment(provider, model === undefined ? {} : { model });
}

/** The environment's voice of a provider that the host has not mapped. */
export function environmentVoice(provider: string, voice?: string): Voice {
  return voiceFromEnvironment(provider, voice === undefined ? {} : { voice });
}

/** Whether the environment knows a provider by that name, configured or not. */
export function isKnown(make: (provider: string) => unknown, provider: string): boolean {
  try {
    make(provider);
    return true;
  } catch {
    return false;
  }
}
