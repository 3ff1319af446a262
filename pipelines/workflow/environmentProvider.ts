import type { ChatModel } from '../../src/chatModel.js';
import { WorkflowError } from '../../src/errors.js';
import type { Voice } from '../../src/voice.js';

export const ENVIRONMENT_MODELS: readonly string[] = [];
export const ENVIRONMENT_VOICES: readonly string[] = [];

export function environmentModel(provider: string): ChatModel {
  throw new WorkflowError(`unknown provider ${provider}`, { path: '' });
}
export function environmentVoice(provider: string): Voice {
  throw new WorkflowError(`unknown provider ${provider}`, { path: '' });
}
