import { smoothStream } from 'ai';

/** The AI SDK's smoothStream, told to cut at sentence ends. */
export async function aiSdk(tokens) {
  const transform = smoothStream({ delayInMs: null, chunking: /[\s\S]*?[.!?]+\s/ })({ tools: {} });
  const source = new ReadableStream({
    start(controller) {
      for (const text of tokens) controller.enqueue({ type: 'text-delta', id: '1', text });
      controller.close();
    },
  });
  let chunks = 0;
  for await (const part of source.pipeThrough(transform)) chunks += part.type === 'text-delta' ? 1 : 0;
  return chunks;
}
