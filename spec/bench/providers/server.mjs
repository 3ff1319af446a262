// Replies of 20,000 tokens in each protocol, one write a token, in a process of its own: its work is not measured.
import { createServer } from 'node:http';

const tokens = Number(process.argv[2]);
const text = (index) => ` token${index % 100}`;
const sse = (value, event) =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(value)}\n\n`;

const protocols = {
  '/v1/chat/completions': {
    type: 'text/event-stream',
    token: (index) =>
      sse({
        id: 'chatcmpl-9a8b7c6d5e4f3a2b1c',
        object: 'chat.completion.chunk',
        created: 1780000000,
        model: 'gpt-5.4-mini-2026-03-17',
        service_tier: 'default',
        system_fingerprint: 'fp_1a2b3c4d5e',
        choices: [{ index: 0, delta: { content: text(index) }, logprobs: null, finish_reason: null }],
        usage: null,
      }),
    end: sse({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) + 'data: [DONE]\n\n',
  },
  '/v1/messages': {
    type: 'text/event-stream',
    begin: sse(
      { type: 'message_start', message: { id: 'm', content: [], usage: { input_tokens: 9 } } },
      'message_start',
    ),
    token: (index) =>
      sse(
        { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: text(index) } },
        'content_block_delta',
      ),
    end:
      sse(
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: tokens } },
        'message_delta',
      ) + sse({ type: 'message_stop' }, 'message_stop'),
  },
  '/api/chat': {
    type: 'application/x-ndjson',
    token: (index) =>
      JSON.stringify({
        model: 'llama3.2',
        created_at: '2026-11-23T04:00:00.000000000Z',
        message: { role: 'assistant', content: text(index) },
        done: false,
      }) + '\n',
    end:
      JSON.stringify({ message: { content: '' }, done: true, done_reason: 'stop', eval_count: tokens }) +
      '\n',
  },
  '/v1beta/models/m:streamGenerateContent': {
    type: 'text/event-stream',
    token: (index) =>
      sse({
        candidates: [{ content: { parts: [{ text: text(index) }], role: 'model' }, index: 0 }],
        usageMetadata: {
          promptTokenCount: 9,
          candidatesTokenCount: index,
          totalTokenCount: 9 + index,
          promptTokensDetails: [{ modality: 'TEXT', tokenCount: 9 }],
        },
        modelVersion: 'gemini-2.5-flash',
        responseId: 'aB3dE5fG7hI9jK1lM3nO5pQ',
      }),
    end: sse({ candidates: [{ content: { parts: [{ text: '' }] }, finishReason: 'STOP' }] }),
  },
};
for (const protocol of Object.values(protocols)) {
  protocol.lines = Array.from({ length: tokens }, (_, index) => Buffer.from(protocol.token(index)));
}

const server = createServer((request, response) => {
  const { type, begin, lines, end } = protocols[request.url.split('?')[0]];
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': type });
    if (begin !== undefined) response.write(begin);
    let next = 0;
    const go = () => {
      while (next < lines.length) if (!response.write(lines[next++])) return void response.once('drain', go);
      response.end(end);
    };
    go();
  });
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
