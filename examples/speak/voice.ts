import type { Voice } from 'rx-aloud';
import { voiceFromEnvironment } from 'rx-aloud/pipelines';
import { flite, type FliteVoiceName } from 'rx-aloud/providers/flite';

const embedded: readonly string[] = ['slt', 'rms', 'awb', 'kal16'] satisfies FliteVoiceName[];
const configured = ['flite', 'azure', 'openai', 'xtts', 'auto'];

/** The voice of that name: a speaker of the embedded one, or one that the environment configures. */
export function findVoice(name: string): Voice {
  if (embedded.includes(name)) {
    const voice = flite({ voice: name as FliteVoiceName });
    // Its thread starts while the model thinks; should that fail, the first utterance will say why.
    voice.warm().catch(() => undefined);
    return voice;
  }
  if (!configured.includes(name)) {
    throw new Error(`unknown voice ${name}; there are ${[...embedded, ...configured].join(', ')}`);
  }
  return voiceFromEnvironment(name);
}
