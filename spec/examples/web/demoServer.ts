import { createParser } from 'eventsource-parser';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { startExample, type RunningExample } from '../../support/runExample.js';
import type { WireReply } from '../../support/wireServer.js';

/** The example's own server, started as `npm run demo` starts it. */
export interface RunningDemo {
  readonly url: string;
  readonly example: RunningExample;
  /** Ctrl-C; resolves with what it has written to the standard error. */
  end(): Promise<string>;
}

export async function startDemo(
  env: Readonly<Record<string, string>> = {},
  port = '0',
): Promise<RunningDemo> {
  const example = startExample('web/serve', ['--port', port], { env });
  const [, url = ''] = await example.printed(/^(http:\/\/127\.0\.0\.1:\d+)$/m);
  return {
    url,
    example,
    async end() {
      example.process.kill('SIGINT');
      return (await example.ended).stderr;
    },
  };
}

const line = (message: object) => `${JSON.stringify(message)}\n`;

/** What an Ollama sends: a word every so many ms, then the end, or whatever else is to come. */
export function ollamaReply(
  text: string,
  gap: number,
  ending: NonNullable<WireReply['body']> = [
    line({ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' }),
  ],
): WireReply {
  const words = text.match(/\S+\s*/g) ?? [];
  const token = (content: string) => line({ message: { role: 'assistant', content }, done: false });
  return { body: [...words.flatMap((word) => [token(word), { wait: gap }]), ...ending] };
}

/** One request, exactly as it is given: any `Host`, any `Origin`. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string },
): Promise<{ readonly status: number; readonly text: string; readonly headers: IncomingMessage['headers'] }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: options.method, headers: options.headers }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (part: string) => (text += part))
        .on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }))
        .on('error', reject);
    });
    request.on('error', reject).end(options.body);
  });
}

/** An event as it came. */
export interface ServerEvent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Listens to a turn. `lost` closes the connection as a broken network would. */
export function listen(url: string, lastEventId?: string) {
  const events: ServerEvent[] = [];
  const gone = new AbortController();
  const parser = createParser({
    onEvent: ({ id, event, data }) =>
      events.push({ id, event, data: JSON.parse(data) as ServerEvent['data'] }),
  });
  const done = (async () => {
    const response = await fetch(url, {
      signal: gone.signal,
      headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    });
    const decoder = new TextDecoder();
    for await (const part of response.body ?? []) parser.feed(decoder.decode(part, { stream: true }));
  })().catch(() => undefined);
  return { events, done, lost: () => gone.abort() };
}

/** A way to a server that can be cut: every connection through it breaks. */
export async function breakableWay(to: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(one);
          other.destroy();
        });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    close() {
      server.close();
      cut();
    },
  };
}
