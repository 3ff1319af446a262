import { tokenize } from '@livekit/agents';

/** LiveKit's own sentence stream, as its voice pipeline uses it. */
export async function liveKit(tokens) {
  const stream = new tokenize.basic.SentenceTokenizer({ minSentenceLength: 1, retainFormat: true }).stream();
  let chunks = 0;
  const reader = (async () => {
    for await (const { token } of stream) chunks += token.length > 0 ? 1 : 0;
  })();
  for (const token of tokens) stream.pushText(token);
  stream.endInput();
  await reader;
  return chunks;
}
