import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { createParser } from 'eventsource-parser';
import { concat, of, Subject, throwError } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toServerSentEvents } from '../../operators/toServerSentEvents.js';

/** What a client makes of it, by a parser that is not ours. */
const received = (text: string) => {
  const events: unknown[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => events.push([id, event, JSON.parse(data)]),
    onError: (error) => events.push(error),
  });
  parser.feed(text);
  return events;
};

describe('toServerSentEvents', () => {
  it('is what a client understands', async () => {
    const text = await new Response(toServerSentEvents(of('Grüße 🎉\n\n', { type: 'finish' }))).text();
    expect(received(text)).toEqual([
      ['1', 'text', 'Grüße 🎉\n\n'],
      ['2', 'finish', { type: 'finish' }],
      [undefined, 'end', {}],
    ]);
  });

  it('tells a failure as an event and closes in good order', async () => {
    const failing = concat(
      of('a'),
      throwError(() => new Error('lost')),
    );
    expect(received(await new Response(toServerSentEvents(failing)).text())).toEqual([
      ['1', 'text', 'a'],
      [undefined, 'failure', { name: 'Error', message: 'lost' }],
    ]);
  });

  it('stands at the end of a pipe that has no source yet', async () => {
    const stream = toServerSentEvents({ lastEventId: '1' })(of('a', 'b'));
    expect(received(await new Response(stream).text())).toEqual([
      ['2', 'text', 'b'],
      [undefined, 'end', {}],
    ]);
  });

  it('serves node:http, with a heartbeat, and lets go of the source when the client leaves', async () => {
    const source = new Subject<string>();
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      pipeline(
        Readable.fromWeb(toServerSentEvents(source, { heartbeat: 20 }) as NodeStream),
        response,
        () => undefined,
      );
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const response = await new Promise<IncomingMessage>((answered) =>
      get({ port, host: '127.0.0.1' }, answered),
    );
    expect(String(await new Promise((data) => response.once('data', data)))).toBe(':\n\n');
    expect(source.observed).toBe(true);
    response.destroy();
    while (source.observed) await new Promise((later) => setTimeout(later, 1));
  });

  it('refuses values out of range at call time', () => {
    expect(() => toServerSentEvents(of(1), { heartbeat: -1 })).toThrow(TypeError);
    expect(() => toServerSentEvents({ maxBuffered: -1 })).toThrow(TypeError);
  });
});
