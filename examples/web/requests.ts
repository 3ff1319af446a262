import type { IncomingMessage } from 'node:http';

/** A request that is not served; the message says why, to whoever made it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const loopback = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses what another site's page could have sent: a name that somebody else's DNS points here, or a request that
 * changes something and comes from elsewhere.
 */
export function checkSender(request: IncomingMessage, host: string): void {
  const named = request.headers.host ?? '';
  if (![...loopback, host].includes(named.replace(/:\d+$/, ''))) {
    throw new Refusal(421, 'this page is served under its own address only');
  }
  if (request.method === 'GET') return;
  if (request.headers.origin !== `http://${named}`) {
    throw new Refusal(403, 'only this page itself may ask for that');
  }
  // A form of another site cannot send this type without asking first.
  if (request.headers['content-type'] !== 'application/json') {
    throw new Refusal(415, 'the body must be application/json');
  }
}

/** The body as JSON, up to that many bytes. */
export async function readBody(request: IncomingMessage, most: number): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) throw new Refusal(413, `the body is longer than ${most} bytes`);
    parts.push(part);
  }
  try {
    const value = JSON.parse(Buffer.concat(parts).toString()) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Told below.
  }
  throw new Refusal(400, 'the body must be a JSON object');
}
