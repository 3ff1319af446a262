import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { isObservable, lastValueFrom, toArray } from 'rxjs';
import * as rxjs from 'rxjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as operators from '../../operators/index.js';
import * as pipelines from '../../pipelines/index.js';
import { azureSpeech } from '../../providers/azure-speech/index.js';
import { ollama } from '../../providers/ollama/index.js';
import { scriptedVoice } from '../../providers/scripted/index.js';
import * as core from '../../src/index.js';
import { anthropicWire } from '../providers/anthropicWire.js';
import { googleGenAIWire } from '../providers/geminiWire.js';
import { ollamaWire } from '../providers/ollamaWire.js';
import { openaiWire } from '../providers/openaiWire.js';
import { azureServer, type AzureServer } from '../support/azureServer.js';
import { pcmOf } from '../support/pcmServer.js';
import { readWav } from '../support/readWav.js';
import { recordedReply } from '../support/recordedReply.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import {
  reset,
  wireServer,
  type WireReply,
  type WireRequest,
  type WireServer,
} from '../support/wireServer.js';

const tokens = ['The sky', ' is blue be', 'cause air', ' scatters light.', ' That is all', ' there is.'];
const reply = tokens.join('');
const azureKey = '0123456789abcdef0123456789abcdef';
const message = 'Why is the sky blue?';
const history = [
  { role: 'user', content: 'I am Ann.' },
  { role: 'assistant', content: 'Hello Ann.' },
];

/** The servers, by where their SDKs ask; the recording is the same reply in each protocol. */
const chats = [
  { path: '/api/chat', wire: ollamaWire, variable: undefined },
  { path: '/v1/chat/completions', wire: openaiWire, variable: 'OPENAI_API_KEY' },
  { path: '/v1/messages', wire: anthropicWire, variable: 'ANTHROPIC_API_KEY' },
  { path: '/v1beta/models/', wire: googleGenAIWire, variable: 'GOOGLE_AI_STUDIO_KEY' },
].map((chat) => ({ ...chat, recorded: recordedReply(chat.wire, tokens) }));
const latents = { 'Ana Florence': { gpt_cond_latent: [[0.25, 1]], speaker_embedding: [0.5] } };

const rows = readFileSync(new URL('../../docs/original-calls.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((row) => row.startsWith('|'))
  .map((row) => row.split('|').map((cell) => cell.trim()))
  .filter(([, , code = '', gives = '']) => code.startsWith('`') && gives !== '')
  .map(([, python = '', typescript = '', gives = '']) => ({
    python,
    code: typescript.replace(/^`|`$/g, ''),
    gives,
  }));
/** Who is asked is said in the code; else it is Ollama. */
const keyOf = (code: string) =>
  /gemini|google/i.test(code)
    ? 'GOOGLE_AI_STUDIO_KEY'
    : /anthropic/i.test(code)
      ? 'ANTHROPIC_API_KEY'
      : /openai/i.test(code)
        ? 'OPENAI_API_KEY'
        : undefined;
/** Azure's SDK reaches its region only: by name it can be made, and told from one without a key. */
const isAzureByName = (code: string) => code.includes("'azure'");
const fallsBack = (code: string) => !/\bmodel\(/.test(code) || code.includes('fallbackToComplete');
const streams = ({ code, gives }: (typeof rows)[number]) =>
  gives === 'tokens' || gives === 'progress' || /\bmodel\(/.test(code);

describe('the calls of the original guide', () => {
  let server: WireServer;
  let azure: AzureServer;
  let broken = false;
  let asked: { readonly key: string | undefined; readonly stream: boolean; readonly said: string }[] = [];

  const chat = (request: WireRequest): WireReply => {
    const { wire, variable, recorded } = chats.find(({ path }) => request.path.startsWith(path))!;
    const stream = recorded.asksForStream(request);
    const { messages } = wire.readRequest(request);
    asked.push({ key: variable, stream, said: messages.map(({ content }) => content).join('\n') });
    if (!stream) return recorded.rest(request);
    return broken ? recorded.cut(recorded.bytes.length / 2, reset) : recorded.streamed;
  };
  beforeAll(async () => {
    azure = await azureServer({ key: azureKey });
    server = await wireServer((request) => {
      const { path, json } = request;
      if (path.startsWith('/studio_speakers')) return { body: [JSON.stringify(latents)] };
      if (path.startsWith('/tts_stream')) return { body: [pcmOf(String(json['text']))] };
      if (path.startsWith('/v1/audio/speech')) return { body: [pcmOf(String(json['input']))] };
      return chat(request);
    });
  });
  afterAll(async () => {
    await azure.close();
    await server.close();
  });
  beforeEach(() => {
    broken = false;
    asked = [];
    for (const { variable } of chats) if (variable !== undefined) vi.stubEnv(variable, 'key-0123456789');
    vi.stubEnv('OLLAMA_URL', server.url);
    vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
    vi.stubEnv('ANTHROPIC_BASE_URL', server.url);
    vi.stubEnv('GOOGLE_GEMINI_BASE_URL', server.url);
    vi.stubEnv('COQUI_XTTS_URL', server.url);
    vi.stubEnv('AZURE_SPEECH_KEY', azureKey);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const run = async (code: string): Promise<unknown> => {
    const scope = {
      ...rxjs,
      ...core,
      ...operators,
      ...pipelines,
      azureSpeech,
      azureHost: azure.url,
      model: ollama({ model: 'llama3.2' }),
      voice: scriptedVoice({ latency: 0, realTimeFactor: 0, msPerWord: 10 }),
      outputDir: temporaryFolder(),
      prompt: message,
      message,
      messages: [{ role: 'user', content: message }],
      history,
    };
    const result: unknown = runInNewContext(`(${code})`, scope);
    return isObservable(result)
      ? await lastValueFrom(result.pipe(toArray()), { defaultValue: [] })
      : await result;
  };
  const check = (gives: string, value: unknown) => {
    switch (gives) {
      case 'text':
        expect([value].flat()).toEqual([reply]);
        return;
      case 'tokens':
        expect((value as string[]).join('')).toBe(reply);
        return;
      case 'pipeline':
        expect(typeof (value as pipelines.StreamingPipeline).streamChatToAudio).toBe('function');
        return;
      case 'progress': {
        // One row keeps only what it asks for.
        const events = value as Partial<pipelines.StreamingProgress>[];
        const last = events.at(-1)!;
        expect(last).toMatchObject({ status: 'completed', audioFilesGenerated: 2 });
        for (const path of last.audioFiles ?? []) expect(readWav(path).data.length).toBeGreaterThan(1000);
        expect(events.every(({ audioFilesGenerated }) => Number.isInteger(audioFilesGenerated))).toBe(true);
        return;
      }
      default:
        expect(gives).toBe('history');
        expect((value as unknown[]).length).toBeGreaterThan(0);
    }
  };

  it('has a row for each, and one for each provider', () => {
    expect(rows.length).toBeGreaterThan(45);
    const keys = rows.map(({ code }) => keyOf(code));
    for (const { variable } of chats) {
      expect(keys.filter((key) => key === variable).length).toBeGreaterThan(6);
    }
  });

  const local = rows.filter(({ code }) => !isAzureByName(code));

  it.each(local)('$code', async ({ code, gives }) => {
    const value = await run(code);
    check(gives, value);
    if (gives === 'history' || gives === 'pipeline') {
      expect(asked).toEqual([]);
      return;
    }
    // One request of the right kind to the right server, with the question at its end.
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ key: keyOf(code), stream: streams({ python: '', code, gives }) });
    expect(asked[0]!.said.endsWith(message)).toBe(true);
    if (code.includes('history')) expect(asked[0]!.said).toContain('Hello Ann.');
    if (gives === 'tokens' && !code.includes('takeLast')) {
      expect((value as string[]).length).toBeGreaterThan(1);
    }
  });

  it.each(local.filter(streams))('$code, its stream broken in the middle', async ({ code, gives }) => {
    broken = true;
    if (!fallsBack(code)) {
      await expect(run(code)).rejects.toMatchObject({ name: 'ConnectionError', retryable: true });
      expect(asked).toHaveLength(1);
      return;
    }
    check(gives, await run(code));
    // The regular API is asked once, of the same provider, and for the rest only.
    expect(asked.map(({ stream }) => stream)).toEqual([true, false]);
    expect(asked.map(({ key }) => key)).toEqual([keyOf(code), keyOf(code)]);
    expect(asked[1]!.said).toContain('The sky is blue');
  });

  it.each(rows.filter(({ code }) => keyOf(code) !== undefined))('$code, without a key', async ({ code }) => {
    const missing = isAzureByName(code) ? 'AZURE_SPEECH_KEY' : keyOf(code)!;
    vi.stubEnv(missing, '');
    const failure: unknown = await run(code).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'AuthenticationError', retryable: false });
    expect(String(failure)).toContain(missing);
    if (!isAzureByName(code)) expect(asked).toEqual([]);
  });
});
