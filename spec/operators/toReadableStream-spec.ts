import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable, pipeline } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { concat, defer, map, of, range, Subject, throwError } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toReadableStream } from '../../operators/toReadableStream.js';
import { fromTokens } from '../../src/fromTokens.js';
import { withValve } from '../../src/valve.js';

describe('toReadableStream', () => {
  it('carries every value, and closes', async () => {
    const bytes = range(0, 300).pipe(map((i) => Uint8Array.of(i % 256)));
    const body = new Uint8Array(await new Response(toReadableStream(bytes)).arrayBuffer());
    expect([...body]).toEqual(Array.from({ length: 300 }, (_, i) => i % 256));
    expect(
      await new Response(toReadableStream<Uint8Array<ArrayBuffer>>({})(of(Uint8Array.of(65)))).text(),
    ).toBe('A');
  });

  it('asks nothing of the source before it is read', async () => {
    let subscribed = 0;
    const stream = toReadableStream(defer(() => of(++subscribed)));
    await new Promise((later) => setTimeout(later, 5));
    expect(subscribed).toBe(0);
    expect(await stream.getReader().read()).toEqual({ done: false, value: 1 });
  });

  it('errors after the values before the error', async () => {
    const lost = new Error('lost');
    const reader = toReadableStream(
      concat(
        of(1),
        throwError(() => lost),
      ),
    ).getReader();
    expect(await reader.read()).toEqual({ done: false, value: 1 });
    await expect(reader.read()).rejects.toBe(lost);
    await expect(reader.closed).rejects.toBe(lost);
  });

  it('unsubscribes when it is cancelled, also while a read waits', async () => {
    const source = new Subject<number>();
    const reader = toReadableStream(source).getReader();
    const read = reader.read();
    await Promise.resolve();
    expect(source.observed).toBe(true);
    await reader.cancel();
    expect(source.observed).toBe(false);
    expect(await read).toEqual({ done: true, value: undefined });
  });

  it('keeps a source with the same valve close to a slow reader', async () => {
    let pulled = 0;
    let readable: ReadableStream<string> | undefined;
    withValve({ high: 8, low: 4 }, (valve) => {
      const tokens = fromTokens(
        async function* () {
          for (; pulled < 10_000;) {
            await Promise.resolve();
            yield String(++pulled);
          }
        },
        { valve },
      );
      readable = toReadableStream(tokens, { valve });
      return of(0);
    }).subscribe();
    const reader = readable!.getReader();
    for (let i = 1; i <= 200; i++) {
      const { value } = await reader.read();
      expect(value).toBe(String(i));
      if (i % 20 === 0) {
        await new Promise((later) => setTimeout(later, 1));
        // What waits, what was just read, and the one that the closed valve holds back.
        expect(pulled - i).toBeLessThanOrEqual(10);
      }
    }
    await reader.cancel();
  });

  it('serves a node:http response, and lets go of the source when the client leaves', async () => {
    const source = new Subject<Uint8Array>();
    const server = createServer((_, response) => {
      pipeline(
        Readable.fromWeb(toReadableStream(source) as NodeStream),
        response.writeHead(200, { 'content-type': 'audio/wav' }),
        () => undefined,
      );
      response.flushHeaders();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const response = await new Promise<IncomingMessage>((answered) =>
      get({ port, host: '127.0.0.1' }, answered),
    );
    const observed = () => source.observed;
    while (!observed()) await new Promise((later) => setTimeout(later, 1));
    source.next(Uint8Array.of(72, 105));
    expect(String(await new Promise((data) => response.once('data', data)))).toBe('Hi');
    response.destroy();
    while (observed()) await new Promise((later) => setTimeout(later, 1));
  });

  it('refuses a buffer out of range', () => {
    expect(() => toReadableStream(of(1), { maxBuffered: 0 })).toThrow(TypeError);
    expect(() => toReadableStream({ maxBuffered: 0 })).toThrow(TypeError);
  });
});
