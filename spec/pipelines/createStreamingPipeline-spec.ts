import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { createStreamingPipeline, type StreamingProgress } from '../../pipelines/index.js';
import { scriptedModel, scriptedVoice } from '../../providers/scripted/index.js';
import { collect, collectFailure } from '../support/collect.js';
import { marbles } from '../support/marbles.js';
import { readWav } from '../support/readWav.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { wireServer } from '../support/wireServer.js';

const text = 'One two three four five. Six seven eight nine ten.';
const run = (config: Parameters<typeof createStreamingPipeline>[0] = {}) => {
  const outputDir = join(temporaryFolder(), 'audio');
  const asked: (string | undefined)[] = [];
  const pipeline = createStreamingPipeline({
    llmProvider: scriptedModel({ text, tokensPerSecond: 100 }),
    ttsProvider: scriptedVoice({
      latency: 20,
      msPerWord: 100,
      realTimeFactor: 0.1,
      onRequest: ({ options }) => asked.push(options.voice),
    }),
    ...config,
    streamingConfig: { sentenceBufferSize: 1, minChunkLength: 5, outputDir, ...config.streamingConfig },
  });
  return { pipeline, outputDir, asked };
};

describe('createStreamingPipeline', () => {
  it('tells its progress, and its files are there when it says so', () => {
    const { pipeline, outputDir, asked } = run();
    let events: StreamingProgress[] = [];
    marbles(({ flush }) => {
      const progress = pipeline.streamChatToAudio('Count.', { voice: 'low' });
      expect(existsSync(outputDir)).toBe(false);
      progress.pipe(toArray()).subscribe((all) => (events = all));
      flush();
    });
    expect(new Set(events.map(({ status }) => status))).toEqual(
      new Set(['processing', 'buffering', 'finalizing', 'completed']),
    );
    const last = events.at(-1)!;
    expect(last).toMatchObject({ status: 'completed', audioFilesGenerated: 2, text, chunkCount: 10 });
    expect(last.audioFiles.map((path) => readWav(path).data.length)).toEqual([16000, 16000]);
    expect(events.map(({ audioFilesGenerated }) => audioFilesGenerated)).toEqual(
      events.map(({ audioFilesGenerated }) => audioFilesGenerated).sort(),
    );
    expect(asked).toEqual(['low', 'low']);
    const { firstToken, firstSentence, firstAudio, total } = last.latencies;
    expect(firstToken).toBe(0);
    expect(firstAudio).toBe(firstSentence! + 20);
    expect(total).toBeGreaterThan(firstAudio!);
  });

  it('saves what came before a failure, then fails', async () => {
    const { pipeline, outputDir } = run({
      llmProvider: scriptedModel({ text, tokensPerSecond: 1000, failAfter: 7 }),
      fallback: false,
    });
    const { values, error } = await collectFailure(pipeline.streamChatToAudio('Count.'));
    expect(error).toMatchObject({ name: 'ConnectionError' });
    expect(values.at(-1)!.audioFilesGenerated).toBe(2);
    expect(readdirSync(outputDir)).toHaveLength(2);
  });

  it('finishes a broken reply through the regular API', () => {
    const { pipeline } = run({ llmProvider: scriptedModel({ text, failAfter: 3 }) });
    let last: StreamingProgress | undefined;
    marbles(({ flush }) => {
      pipeline.streamChatToAudio('Count.').subscribe((progress) => (last = progress));
      flush();
    });
    expect(last).toMatchObject({ status: 'completed', text, audioFilesGenerated: 2 });
  });

  it('stops on unsubscribe, and leaves only whole files', () => {
    const { pipeline, outputDir } = run();
    marbles(({ expectObservable, flush }) => {
      expectObservable(pipeline.streamChatToAudio('Count.').pipe(toArray()), '^ 74ms !').toBe('');
      flush();
    });
    expect(readdirSync(outputDir).filter((name) => !name.endsWith('.wav'))).toEqual([]);
  });

  it('is for Ollama, a voice of the environment and output/audio unless told otherwise', async () => {
    const reply = { message: { content: 'One. Two.' }, done: true, done_reason: 'stop' };
    const server = await wireServer(() => ({ body: [`${JSON.stringify(reply)}\n`] }));
    vi.stubEnv('OLLAMA_URL', server.url);
    for (const name of ['AZURE_SPEECH_KEY', 'OPENAI_API_KEY', 'COQUI_XTTS_URL']) vi.stubEnv(name, '');
    const files: string[] = [];
    try {
      const events = await collect(createStreamingPipeline().streamChatToAudio('Count.'));
      files.push(...events.at(-1)!.audioFiles);
      expect(events.at(-1)).toMatchObject({ status: 'completed', text: 'One. Two.' });
      for (const event of events) expect(event).toHaveProperty('audioFilesGenerated');
      expect(server.requests.map(({ path }) => path)).toEqual(['/api/chat']);
      expect(files.length).toBeGreaterThan(0);
      for (const path of files) {
        expect(dirname(path)).toBe(resolve('output/audio'));
        // The embedded voice's own rate.
        expect(readWav(path).format.sampleRate).toBe(16_000);
      }
    } finally {
      for (const path of files) rmSync(path);
      await server.close();
      vi.unstubAllEnvs();
    }
  });

  it('needs nothing but defaults, and refuses what is out of range', () => {
    expect(typeof createStreamingPipeline().streamChatToAudio).toBe('function');
    expect(() => createStreamingPipeline({ llmProvider: 'nobody' })).toThrow(TypeError);
    expect(() => createStreamingPipeline({ ttsProvider: 'nobody' })).toThrow(TypeError);
    expect(() => createStreamingPipeline({ streamingConfig: { maxBufferTime: 0 } })).toThrow(/maxBufferTime/);
  });
});
