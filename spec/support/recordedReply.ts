import type { ChatWire } from '../providers/chatConformance.js';
import type { WireReply, WireRequest, WireStep } from './wireServer.js';

/** One reply, as a server of a protocol gives it: streamed, or as much as is still to be said. */
export interface RecordedReply {
  /** The stream, whole. */
  readonly bytes: Buffer;
  readonly streamed: WireReply;
  /** The first bytes of the stream, and what comes a moment later: a reset throws away what has not been read. */
  cut(offset: number, ...then: WireStep[]): WireReply;
  /** The answer to a request that is not streamed: it goes on from what the assistant has said so far. */
  rest(request: WireRequest): WireReply;
  /** Whether a request asks for a stream. */
  asksForStream(request: WireRequest): boolean;
}

/** Records a reply in a protocol's bytes. */
export function recordedReply(wire: ChatWire, tokens: readonly string[]): RecordedReply {
  const reply = tokens.join('');
  const headers = wire.streamHeaders === undefined ? {} : { headers: wire.streamHeaders };
  const bytes = Buffer.from([wire.begin ?? '', ...tokens.map(wire.text), wire.finish('stop')].join(''));
  return {
    bytes,
    streamed: { ...headers, body: [bytes] },
    cut: (offset, ...then) => ({
      ...headers,
      body: [bytes.subarray(0, offset), ...(then.length > 0 ? [{ wait: 1 }] : []), ...then],
    }),
    rest(request) {
      const said = wire.readRequest(request).messages.findLast(({ role }) => role === 'assistant');
      const begun = said !== undefined && reply.startsWith(said.content) ? said.content.length : 0;
      return { headers: { 'content-type': 'application/json' }, body: [wire.whole(reply.slice(begun))] };
    },
    asksForStream: ({ json, path }) => json['stream'] === true || path.includes(':streamGenerateContent'),
  };
}
