import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { isObservable, lastValueFrom, toArray } from 'rxjs';
import * as rxjs from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as operators from '../../operators/index.js';
import * as pipelines from '../../pipelines/index.js';
import { ollama } from '../../providers/ollama/index.js';
import { scriptedVoice } from '../../providers/scripted/index.js';
import * as core from '../../src/index.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { wireServer, type WireServer } from '../support/wireServer.js';

const reply = 'The sky is blue because air scatters light. That is all there is.';
const line = (value: object) => `${JSON.stringify(value)}\n`;

const rows = readFileSync(new URL('../../docs/original-calls.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((row) => row.startsWith('|'))
  .slice(2)
  .map((row) => row.split('|').map((cell) => cell.trim()))
  .map(([, python = '', typescript = '', gives = '']) => ({
    python,
    code: typescript.replace(/^`|`$/g, ''),
    gives,
  }));

describe('the calls of the original guide', () => {
  let server: WireServer;

  beforeAll(async () => {
    for (const name of ['GOOGLE_AI_STUDIO_KEY', 'ANTHROPIC_API_KEY', 'OPENAI_API_KEY']) vi.stubEnv(name, '');
    server = await wireServer(({ json }) => {
      const tokens = reply.match(/\s*\S+/g)!;
      return {
        body:
          json['stream'] === true
            ? [
                ...tokens.map((content) => line({ message: { content }, done: false })),
                line({ message: { content: '' }, done: true, done_reason: 'stop' }),
              ]
            : [line({ message: { content: reply }, done: true, done_reason: 'stop' })],
      };
    });
    vi.stubEnv('OLLAMA_URL', server.url);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });

  it('has a row for each', () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const { code } of rows) expect(code).not.toBe('');
  });

  it.each(rows)('$code', async ({ code, gives }) => {
    const message = 'Why is the sky blue?';
    const scope = {
      ...rxjs,
      ...core,
      ...operators,
      ...pipelines,
      model: ollama({ model: 'llama3.2' }),
      voice: scriptedVoice({ latency: 0, realTimeFactor: 0, msPerWord: 10 }),
      outputDir: temporaryFolder(),
      prompt: message,
      message,
      messages: [{ role: 'user', content: message }],
      history: [
        { role: 'user', content: 'I am Ann.' },
        { role: 'assistant', content: 'Hello Ann.' },
      ],
    };
    const run = async (): Promise<unknown> => {
      const result: unknown = runInNewContext(`(${code})`, scope);
      return isObservable(result)
        ? await lastValueFrom(result.pipe(toArray()), { defaultValue: [] })
        : await result;
    };
    const missing = /^needs (\w+)$/.exec(gives)?.[1];
    if (missing !== undefined) {
      const failure: unknown = await run().catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: 'AuthenticationError', retryable: false });
      expect(String(failure)).toContain(missing);
      return;
    }
    const value = await run();
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
        const events = value as pipelines.StreamingProgress[];
        expect(events.at(-1)).toMatchObject({ status: 'completed', audioFilesGenerated: 2 });
        expect(events.every(({ audioFilesGenerated }) => Number.isInteger(audioFilesGenerated))).toBe(true);
        return;
      }
      default:
        expect(gives).toBe('history');
        expect((value as unknown[]).length).toBeGreaterThan(0);
    }
  });
});
