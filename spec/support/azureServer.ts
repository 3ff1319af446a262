import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';

/** What goes wrong with an utterance: named in its text, as in "Hello FAULT-silence". */
export type AzureFault =
  | 'badparameters'
  | 'silence'
  | 'stall'
  | 'hangup'
  | 'drop'
  | 'badjson'
  | 'badmetadata'
  | 'badresponse'
  | 'noaudio'
  | 'oddaudio';

/** One utterance, as the service saw it. */
export interface AzureTurn {
  readonly requestId: string;
  readonly ssml: string;
  /** The JSON of `synthesis.context`. */
  readonly context: Record<string, unknown>;
  /** Which connection it came on, from 0. */
  readonly connection: number;
}

/** A service that speaks Azure's protocol on a loopback port. */
export interface AzureServer {
  /** `ws://127.0.0.1:…` */
  readonly url: string;
  readonly turns: readonly AzureTurn[];
  /** Paths of the text messages of each connection, in order. */
  readonly messages: readonly (readonly string[])[];
  /** Turns that are being answered. */
  readonly running: number;
  /** Connections that are open. */
  readonly open: number;
  close(): Promise<void>;
}

const bytesPerWord = 4800;

/** The words of an SSML document's text, unescaped. */
function wordsOf(ssml: string): string[] {
  const text = ssml
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');
  return text.match(/[\p{L}\p{N}'-]+/gu) ?? [];
}

/** Starts it. Keys `status-429`, `status-503` … are refused with that status, any but `key` with 401. */
export async function azureServer({ key }: { readonly key: string }): Promise<AzureServer> {
  const turns: AzureTurn[] = [];
  const messages: string[][] = [];
  let running = 0;
  const http = createServer((_, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true });

  http.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const url = new URL(request.url ?? '', 'ws://loopback');
    const name = 'Ocp-Apim-Subscription-Key';
    const given = request.headers[name.toLowerCase()] ?? url.searchParams.get(name);
    if (given === key && url.pathname === '/tts/cognitiveservices/websocket/v1') {
      sockets.handleUpgrade(request, socket, head, serve);
      return;
    }
    const status = /^status-(\d+)/.exec(String(given))?.[1] ?? '401';
    // Services have been seen to repeat the key they refuse.
    socket.end(`HTTP/1.1 ${status} No ${String(given)}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  });

  const serve = (socket: WebSocket) => {
    const connection = messages.push([]) - 1;
    let context: Record<string, unknown> = {};
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const [head = '', ...rest] = data.toString().split('\r\n\r\n');
      const body = rest.join('\r\n\r\n');
      const headers = new Map(
        head
          .split('\r\n')
          .map((line) => [
            line.slice(0, line.indexOf(':')).toLowerCase(),
            line.slice(line.indexOf(':') + 1).trim(),
          ]),
      );
      const path = headers.get('path') ?? '';
      messages[connection]?.push(path);
      if (path === 'synthesis.context') context = JSON.parse(body) as Record<string, unknown>;
      if (path !== 'ssml') return;
      const requestId = headers.get('x-requestid') ?? '';
      turns.push({ requestId, ssml: body, context, connection });
      running++;
      void speak(socket, requestId, body).finally(() => running--);
    });
  };

  const speak = async (socket: WebSocket, requestId: string, ssml: string) => {
    const fault = /FAULT-([a-z]+)/.exec(ssml)?.[1] as AzureFault | undefined;
    const isOpen = () => socket.readyState === socket.OPEN;
    const text = (path: string, body: unknown) => {
      const payload = typeof body === 'string' ? body : JSON.stringify(body);
      if (isOpen()) {
        socket.send(
          `X-RequestId:${requestId}\r\nContent-Type:application/json\r\nPath:${path}\r\n\r\n${payload}`,
        );
      }
    };
    const audio = (payload: Uint8Array) => {
      const head = Buffer.from(`X-RequestId:${requestId}\r\nX-StreamId:S1\r\nPath:audio\r\n`);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(head.length);
      if (isOpen()) socket.send(Buffer.concat([length, head, payload]));
    };
    const untilGone = () => (isOpen() ? once(socket, 'close') : undefined);

    if (fault === 'silence') {
      await untilGone();
      return;
    }
    if (fault === 'badparameters') {
      socket.close(1007, `bad parameters, with key ${key}`);
      return;
    }
    text('turn.start', { context: { serviceTag: 'spec' } });
    text('response', fault === 'badresponse' ? { audio: {} } : { audio: { type: 'inline', streamId: 'S1' } });
    const words = wordsOf(ssml);
    for (const [index, word] of words.entries()) {
      if (!isOpen()) return;
      const metadata = {
        Type: 'WordBoundary',
        Data: {
          Offset: index * 1_000_000,
          Duration: 900_000,
          text: { Text: word, Length: word.length, BoundaryType: 'WordBoundary' },
        },
      };
      if (index === 1 && fault === 'badjson') text('audio.metadata', '{"Metadata":[');
      else if (index === 1 && fault === 'badmetadata')
        text('audio.metadata', { Metadata: [{ Type: 'WordBoundary' }] });
      else text('audio.metadata', { Metadata: [metadata] });
      const samples = Uint8Array.from(
        { length: bytesPerWord },
        (_, at) => (at * (index + word.length)) % 251,
      );
      if (fault !== 'noaudio') {
        // Cut inside a sample, as a network of one's own choosing might.
        audio(samples.subarray(0, 1601));
        audio(samples.subarray(1601));
      }
      await after(1);
      if (index === 0 && fault === 'stall') {
        await untilGone();
        return;
      }
      if (index === 0 && fault === 'hangup') {
        socket.close(1000, 'enough');
        return;
      }
      if (index === 0 && fault === 'drop') {
        socket.terminate();
        return;
      }
    }
    if (fault === 'oddaudio') audio(new Uint8Array(1));
    const full = { Type: 'SessionEnd', Data: { Offset: words.length * 1_000_000 } };
    text('audio.metadata', { Metadata: [full] });
    text('turn.end', {});
  };

  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    turns,
    messages,
    get running() {
      return running;
    },
    get open() {
      return sockets.clients.size;
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
