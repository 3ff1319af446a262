import {
  wireServer,
  type WireReply,
  type WireRequest,
  type WireServer,
  type WireStep,
} from './wireServer.js';

/** A server that streams 24 kHz PCM for the text of each request, in pieces of odd length. */
export interface PcmServer extends WireServer {
  /** The answers that are being sent. */
  readonly running: number;
}

/** Bytes of a word, an even number that the pieces don't divide. */
export const bytesPerWord = 4000;
/** Bytes that travel together. */
const pieceBytes = 999;

/** The samples of a text: as long as it has words, and different for different texts. */
export function pcmOf(text: string): Uint8Array {
  const words = text.match(/[\p{L}\p{N}']+/gu) ?? [];
  const seed = words.join('').length;
  return Uint8Array.from({ length: words.length * bytesPerWord }, (_, index) => (index * seed) % 251);
}

/** More audio than all buffers between a server and a reader hold, in bytes. */
export const endlessBytes = 2 ** 26;

/** So much silence. */
export function endless(): WireReply {
  function* body(): Generator<Uint8Array> {
    const piece = new Uint8Array(2 ** 16);
    for (let sent = 0; sent < endlessBytes; sent += piece.length) yield piece;
  }
  return { headers: { 'Content-Type': 'audio/wav' }, body: body() };
}

/** Starts it. `script` may answer a request otherwise; `textOf` finds the text in one. */
export async function pcmServer(
  textOf: (request: WireRequest) => string,
  script: (request: WireRequest, text: string) => WireReply | undefined = () => undefined,
): Promise<PcmServer> {
  let running = 0;
  function* stream(text: string): Generator<WireStep> {
    running++;
    try {
      const bytes = pcmOf(text);
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        yield bytes.subarray(at, at + pieceBytes);
        yield { wait: 1 };
      }
    } finally {
      running--;
    }
  }
  const server = await wireServer((request) => {
    const text = textOf(request);
    return script(request, text) ?? { headers: { 'Content-Type': 'audio/wav' }, body: stream(text) };
  });
  return Object.defineProperty(server as PcmServer, 'running', { get: () => running });
}
