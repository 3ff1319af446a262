// An HTTP server that streams replies as server-sent events: text as it comes, then what is being spoken.
// npm run example -- server-sent-events, then: curl -N "http://127.0.0.1:3000/?q=Why+is+the+sky+blue"
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { connect, merge } from 'rxjs';
import { bufferSentences, serverSentEvents, toAsyncIterable, toSpeech } from 'rx-aloud/operators';
import { flite } from 'rx-aloud/providers/flite';
import { scriptedModel } from 'rx-aloud/providers/scripted';

const model = scriptedModel({
  text: 'The sky is blue because air scatters light. It scatters blue light the most.',
  tokensPerSecond: 30,
  onEnd: (_, how) => console.log(`the model's request ended: ${how}`),
});
const voice = flite();

const server = createServer((request, response) => {
  const question = new URL(request.url ?? '/', 'http://localhost').searchParams.get('q');
  if (question === null) {
    response.writeHead(400, { 'content-type': 'text/plain' }).end('Ask something: /?q=Why\n');
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const events = model(question).pipe(
    // One request for both: the text for the screen, and the speech.
    connect((tokens) => merge(tokens, tokens.pipe(bufferSentences(), toSpeech(voice)))),
    serverSentEvents({ audio: 'base64' }),
  );
  // A client that goes away unsubscribes: request and synthesis end.
  pipeline(Readable.from(toAsyncIterable(events)), response, () => undefined);
});

server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?q=Why+is+the+sky+blue`);
});
process.once('SIGINT', () => {
  server.close();
  server.closeAllConnections();
});
