import { experimental_generateSpeech as generateSpeech, smoothStream, streamText } from 'ai';
import { voiceConfig } from '../scripts.mjs';
import { feed, wordsOf } from './feed.mjs';

const { latency, msPerWord, realTimeFactor } = voiceConfig;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };

/** The script, as a language model of the AI SDK. */
export const languageModel = (script, began) => ({
  specificationVersion: 'v3',
  provider: 'scripted',
  modelId: 'scripted',
  supportedUrls: {},
  doGenerate: () => Promise.reject(new Error('streaming only')),
  doStream: async () => ({
    stream: ReadableStream.from(
      (async function* () {
        yield { type: 'stream-start', warnings: [] };
        yield { type: 'text-start', id: '1' };
        for await (const delta of feed(script, began)) yield { type: 'text-delta', id: '1', delta };
        yield { type: 'text-end', id: '1' };
        yield { type: 'finish', finishReason: { unified: 'stop' }, usage };
      })(),
    ),
  }),
});
const speechModel = {
  specificationVersion: 'v3',
  provider: 'scripted',
  modelId: 'scripted',
  doGenerate: async ({ text }) => {
    await pause(latency + wordsOf(text) * msPerWord * realTimeFactor);
    return {
      audio: new Uint8Array(64),
      warnings: [],
      response: { timestamp: new Date(0), modelId: 'scripted', headers: {} },
    };
  },
};

/** The AI SDK has no pipe from text to speech: streamText in sentences, then generateSpeech for each in turn. */
export async function aiSdk(script) {
  const began = performance.now();
  const { textStream } = streamText({
    model: languageModel(script, began),
    prompt: '?',
    experimental_transform: smoothStream({ delayInMs: null, chunking: /[^.!?]+[.!?]+\s/ }),
  });
  let first;
  let ready;
  for await (const text of textStream) {
    if (wordsOf(text) === 0) continue;
    await generateSpeech({ model: speechModel, text, maxRetries: 0 });
    ready = performance.now() - began;
    first ??= ready;
  }
  return { first, ready };
}
