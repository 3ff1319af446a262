import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { configuredVoices, voiceFromEnvironment } from '../../pipelines/voiceFromEnvironment.js';
import { azureSpeech } from '../../providers/azure-speech/index.js';
import { flite } from '../../providers/flite/index.js';
import { openaiSpeech } from '../../providers/openai/index.js';
import { xtts } from '../../providers/xtts/index.js';
import { AuthenticationError, enableDebug } from '../../src/index.js';

const variables = ['AZURE_SPEECH_KEY', 'AZURE_SPEECH_REGION', 'OPENAI_API_KEY', 'COQUI_XTTS_URL'];
const environment = (values: Record<string, string>) => {
  for (const name of variables) vi.stubEnv(name, values[name]);
};
afterEach(() => vi.unstubAllEnvs());

describe('voiceFromEnvironment', () => {
  it.each([
    ['azure', azureSpeech],
    ['azure-speech', azureSpeech],
    ['openai', openaiSpeech],
    ['xtts', xtts],
    ['flite', flite],
  ])('%s knows its format before it is loaded', (name, factory) => {
    environment({ COQUI_XTTS_URL: 'http://127.0.0.1:9' });
    expect(voiceFromEnvironment(name).format).toEqual(factory().format);
    expect(voiceFromEnvironment(name).provider).toBe(factory().provider);
    expect(voiceFromEnvironment(name).maxConcurrency).toBe(factory().maxConcurrency);
  });

  it.each([
    [{}, 'flite'],
    [{ COQUI_XTTS_URL: 'http://127.0.0.1:9' }, 'xtts'],
    [{ COQUI_XTTS_URL: 'http://127.0.0.1:9', OPENAI_API_KEY: 'k' }, 'openai'],
    [{ AZURE_SPEECH_KEY: 'k', OPENAI_API_KEY: 'k' }, 'openai'],
    [{ AZURE_SPEECH_KEY: 'k', AZURE_SPEECH_REGION: 'r', OPENAI_API_KEY: 'k' }, 'azure-speech'],
  ])('auto with %o is %s', (values, provider) => {
    environment(values);
    expect(voiceFromEnvironment('auto').provider).toBe(provider);
  });

  it('says at debug level what auto has chosen', () => {
    const lines: string[] = [];
    const off = enableDebug('rx-aloud:environment', (_namespace, message, details) =>
      lines.push(`${message} ${JSON.stringify(details)}`),
    );
    environment({ AZURE_SPEECH_KEY: 'secret-key' });
    voiceFromEnvironment('auto');
    off();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/flite.*embedded.*azure: AZURE_SPEECH_REGION missing/);
    expect(lines[0]).not.toContain('secret-key');
  });

  it.each([
    [{}, ['flite']],
    [{ AZURE_SPEECH_KEY: 'k' }, ['flite']],
    [{ AZURE_SPEECH_KEY: 'k', AZURE_SPEECH_REGION: 'r', COQUI_XTTS_URL: 'u' }, ['azure', 'xtts', 'flite']],
    [{ OPENAI_API_KEY: 'k' }, ['openai', 'flite']],
  ])('%j configures %j', (values, names) => {
    environment(values);
    expect(configuredVoices()).toEqual(names);
  });

  it('refuses a name it does not know, naming those it does', () => {
    expect(() => voiceFromEnvironment('hal')).toThrow(/hal.*flite.*auto/);
    expect(() => voiceFromEnvironment('constructor')).toThrow(TypeError);
  });

  it.each([
    ['azure', 'AZURE_SPEECH_KEY'],
    ['azure-speech', 'AZURE_SPEECH_KEY'],
    ['openai', 'OPENAI_API_KEY'],
    ['xtts', 'COQUI_XTTS_URL'],
  ])('%s unconfigured fails when subscribed, naming %s', async (name, variable) => {
    environment({});
    const error: unknown = await lastValueFrom(voiceFromEnvironment(name)('Hello.')).catch(
      (reason: unknown) => reason,
    );
    if (name === 'openai') expect(error).toBeInstanceOf(AuthenticationError);
    expect((error as Error).message).toContain(variable);
  });

  it('speaks with the embedded voice', async () => {
    environment({});
    const events = await lastValueFrom(
      voiceFromEnvironment('auto', { voice: 'kal16' })('Hello.').pipe(toArray()),
    );
    expect(events.some((event) => event.type === 'audio' && event.data.length > 1000)).toBe(true);
  });
});
