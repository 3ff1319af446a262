import type { ChatModel, Voice } from 'rx-aloud';
import {
  configuredModels,
  configuredVoices,
  modelFromEnvironment,
  voiceFromEnvironment,
} from 'rx-aloud/pipelines';
import { flite } from 'rx-aloud/providers/flite';
import { localModel } from '../speak/localModel.js';
import { prompts, scriptedReplies } from './scriptedReplies.js';

/** Models and voices that can be chosen, by id; the first of each is the page's first choice. */
export interface Available {
  readonly models: ReadonlyMap<string, { readonly label: string; readonly model: ChatModel }>;
  readonly voices: ReadonlyMap<string, AvailableVoice>;
  readonly prompts: readonly string[];
}

export interface AvailableVoice {
  readonly label: string;
  readonly voice: Voice;
  /** Makes it ready while the model is still thinking. */
  readonly warm?: () => Promise<void>;
}

/** What works on this machine: the bundled texts and the embedded voice always, and whatever is configured. */
export async function findChoices(): Promise<Available> {
  const names: string[] = configuredModels();
  const models = new Map<string, { label: string; model: ChatModel }>();
  const add = (id: string, model: ChatModel, label = `${model.provider}: ${model.model}`) =>
    models.set(id, { label, model });

  add('scripted', scriptedReplies({ tokensPerSecond: 25, firstTokenAfter: 250 }), 'bundled text, no key');
  // The older SDK for the same key would be the same model twice.
  for (const name of names.filter((name) => name !== 'gemini')) add(name, modelFromEnvironment(name));
  if (!names.includes('ollama')) {
    const found = await localModel();
    if (found !== undefined) add('ollama', modelFromEnvironment('ollama', { model: found }));
  }

  const voices = new Map<string, AvailableVoice>();
  const speakers = { slt: 'a woman', rms: 'a man', awb: 'a Scot', kal16: 'a robot' } as const;
  for (const [speaker, who] of Object.entries(speakers)) {
    const voice = flite({ voice: speaker as keyof typeof speakers });
    voices.set(speaker, { label: `embedded: ${speaker}, ${who}`, voice, warm: () => voice.warm() });
  }
  for (const name of configuredVoices().filter((name) => name !== 'flite')) {
    const voice = voiceFromEnvironment(name);
    voices.set(name, { label: voice.provider, voice });
  }
  return { models, voices, prompts };
}
