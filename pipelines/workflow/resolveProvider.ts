import type { ChatModel } from '../../src/chatModel.js';
import type { Voice } from '../../src/voice.js';

/** Models by the names that files use; a function without `provider` makes one for the model that a file names. */
export type WorkflowModels = Readonly<Record<string, ChatModel | ((model?: string) => ChatModel)>>;
/** Voices by the names that files use; a function without `provider` makes one for the voice that a file names. */
export type WorkflowVoices = Readonly<Record<string, Voice | ((voice?: string) => Voice)>>;

/** What a model and a voice have in common, and a function that makes one has not. */
interface Provider {
  readonly provider: string;
}

/**
 * What stands for a provider's name: the host's own, and where it has none, what `otherwise` makes of the name. A file
 * that names no provider (`auto`) gets the host's only one, or the host's own of what `otherwise` would choose.
 */
export function resolveProvider<T extends Provider>(
  mapped: Readonly<Record<string, T | ((name?: string) => T)>>,
  provider: string,
  name: string | undefined,
  otherwise: (provider: string, name: string | undefined) => T,
): T {
  const known = Object.keys(mapped);
  const key =
    provider === 'auto' && !Object.hasOwn(mapped, provider) && known.length === 1 ? known[0] : provider;
  const entry = key !== undefined && Object.hasOwn(mapped, key) ? mapped[key] : undefined;
  if (entry !== undefined) return isReady(entry) ? entry : entry(name);
  const other = otherwise(provider, name);
  const chosen = other.provider;
  return provider === 'auto' && Object.hasOwn(mapped, chosen)
    ? resolveProvider(mapped, chosen, name, otherwise)
    : other;
}

function isReady<T extends Provider>(entry: T | ((name?: string) => T)): entry is T {
  return 'provider' in entry;
}
