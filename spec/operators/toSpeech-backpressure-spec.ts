import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { tap } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bufferSentences } from '../../operators/bufferSentences.js';
import { toSpeech } from '../../operators/toSpeech.js';
import { ollama } from '../../providers/ollama/index.js';
import { scriptedVoice } from '../../providers/scripted/index.js';
import { withValve } from '../../src/index.js';
import { wireServer, type WireServer } from '../support/wireServer.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
setFlagsFromString('--no-expose-gc');

const tokens = 100_000;
/** Tokens to a sentence; the server writes as many lines at once. */
const sentence = 25;
/** Makes a line about a kilobyte, so that the whole reply is far more than what sockets can hold. */
const padding = 'x'.repeat(900);
const line = (content: string, done = false) =>
  `${JSON.stringify({ model: padding, message: { role: 'assistant', content }, done })}\n`;
const token = (index: number) =>
  `${index % sentence === 0 ? 'W' : ' w'}ord${index}${index % sentence === sentence - 1 ? '. ' : ''}`;

function* body(): Generator<string> {
  for (let index = 0; index < tokens; index += sentence) {
    yield Array.from({ length: sentence }, (_, more) => line(token(index + more))).join('');
  }
  yield line('', true);
}

describe('toSpeech, from a fast server to a slow voice', () => {
  let server: WireServer;
  beforeAll(async () => {
    server = await wireServer(() => ({
      headers: { 'content-type': 'application/x-ndjson' },
      body: body(),
    }));
  });
  afterAll(() => server.close());

  it(
    'reads no further ahead than the valve allows, keeps nothing, loses nothing',
    { timeout: 120_000 },
    async () => {
      const model = ollama({ baseURL: server.url, model: 'fast' });
      // Two sentences in two milliseconds: the server alone could send the whole reply in a fraction of a second.
      const voice = scriptedVoice({
        latency: 2,
        msPerWord: 1,
        realTimeFactor: 0,
        sampleRate: 1000,
        words: false,
      });
      let read = 0;
      let spoken = 0;
      let lead = 0;
      let serverLead = 0;
      let said = '';
      let order = 0;
      const heaps: number[] = [];
      const began = performance.now();

      await new Promise<void>((resolve, reject) => {
        withValve({ high: 8, low: 4 }, (valve) =>
          model('Go on and on.', { valve, idleTimeout: 20_000 }).pipe(
            tap(() => {
              read++;
              lead = Math.max(lead, read - spoken);
            }),
            bufferSentences({ valve }),
            toSpeech(voice, { valve, idleTimeout: 20_000 }),
          ),
        ).subscribe({
          next: (event) => {
            if (event.type === 'utterance-start') expect(event.index).toBe(order++);
            if (event.type !== 'utterance-end') return;
            // Kept as a digest: the spec must not be what grows.
            let expected = '';
            for (let index = spoken; expected.length < event.text.length; index++) {
              expected += token(index);
              spoken++;
            }
            if (expected !== event.text) reject(new Error(`"${event.text}" where "${expected}" was due`));
            said = event.text;
            serverLead = Math.max(serverLead, (server.requests[0]?.steps ?? 0) * sentence - spoken);
            if (spoken % (tokens / 20) < 2 * sentence) {
              collectGarbage();
              heaps.push(process.memoryUsage().heapUsed / 2 ** 20);
            }
          },
          error: reject,
          complete: resolve,
        });
      });

      const took = performance.now() - began;
      expect(spoken).toBe(tokens);
      expect(said.endsWith(token(tokens - 1))).toBe(true);
      // Eight chunks of two sentences, the sentences being read, and what was parsed of the last packet.
      expect(lead).toBeLessThan(12 * 2 * sentence);
      // What sockets hold, kernel included; the reply is some 100 MB.
      expect(serverLead).toBeLessThan(tokens / 2);
      // The reply's own text, which the provider keeps in case it breaks off, is all that grows.
      const growth = (heaps.at(-2) ?? Infinity) - (heaps[1] ?? 0);
      expect(growth).toBeLessThan(4);
      console.log(
        `${tokens} tokens in ${(took / 1000).toFixed(1)} s; read ahead at most ${lead} tokens, ` +
          `sent ahead ${serverLead}; live heap ${heaps.map((heap) => heap.toFixed(1)).join(' ')} MB`,
      );
    },
  );
});
