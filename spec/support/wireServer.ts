import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** Never goes on, the connection open. */
export const hang = { act: 'hang' } as const;
/** Closes the connection without ending the body. */
export const drop = { act: 'drop' } as const;
/** Resets the connection. */
export const reset = { act: 'reset' } as const;

/** What the server does besides sending. */
export type WireAct = typeof hang | typeof drop | typeof reset | { readonly wait: number };

/** One thing the server does after the headers. A list that runs out ends the body properly. */
export type WireStep = string | Uint8Array | WireAct;

/** How one request is answered. */
export interface WireReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Before the headers. */
  readonly first?: readonly WireAct[];
  /** An iterator is asked for more only when the socket takes more. */
  readonly body?: Iterable<WireStep>;
}

/** What the server saw of one request. */
export interface WireRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
  /** The port of the client's end: requests on one connection share it. */
  readonly connection: number;
  /** Bytes of the body that have been written so far. */
  written: number;
  /** Steps of the body that have been done so far. */
  steps: number;
  /** `performance.now()` when the client closed before the answer was whole. */
  closedEarlyAt: number | undefined;
}

/** A server that says what its script says. */
export interface WireServer {
  readonly url: string;
  readonly requests: readonly WireRequest[];
  /** The next early close, or the one that was already; undefined after `within` ms without one. */
  earlyClose(request: WireRequest, within?: number): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Starts a server on a loopback port of its own. The script is asked once for each request. */
export async function wireServer(
  script: (request: WireRequest, index: number) => WireReply,
): Promise<WireServer> {
  const requests: WireRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of incoming) parts.push(part as Buffer);
      const text = Buffer.concat(parts).toString();
      const request: WireRequest = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        text,
        json: parsed(text),
        connection: incoming.socket.remotePort ?? 0,
        written: 0,
        steps: 0,
        closedEarlyAt: undefined,
      };
      outgoing.on('close', () => {
        if (!outgoing.writableFinished) request.closedEarlyAt = performance.now();
      });
      requests.push(request);
      const reply = script(request, requests.length - 1);
      for (const step of reply.first ?? []) {
        if (!(await act(step, outgoing, request))) return;
      }
      outgoing.writeHead(reply.status ?? 200, reply.headers);
      outgoing.flushHeaders();
      for (const step of reply.body ?? []) if (!(await act(step, outgoing, request))) return;
      outgoing.end();
    })().catch(() => {
      // The client has gone: closedEarlyAt tells.
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async earlyClose(request, within = 5000) {
      const end = performance.now() + within;
      while (request.closedEarlyAt === undefined && performance.now() < end) await after(2);
      return request.closedEarlyAt;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Does one step; false when nothing may follow. */
async function act(step: WireStep, outgoing: ServerResponse, request: WireRequest): Promise<boolean> {
  if (typeof step === 'object' && 'act' in step) {
    if (step === drop) outgoing.socket?.destroy();
    if (step === reset) outgoing.socket?.resetAndDestroy();
    return false;
  }
  if (outgoing.destroyed) return false;
  if (typeof step === 'object' && 'wait' in step) {
    await after(step.wait);
    return !outgoing.destroyed;
  }
  const bytes = typeof step === 'string' ? Buffer.from(step) : step;
  // Without turning the event loop, a fast script would be one packet and one block.
  const flowing = outgoing.write(bytes);
  request.written += bytes.byteLength;
  request.steps += 1;
  if (!flowing) await flowingAgain(outgoing);
  return !outgoing.destroyed;
}

function flowingAgain(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      outgoing.off('drain', settle);
      outgoing.off('close', settle);
      resolve();
    };
    outgoing.on('drain', settle);
    outgoing.on('close', settle);
  });
}
