import type { SpeechSynthesizer } from 'microsoft-cognitiveservices-speech-sdk';

/** A connection as the SDK has it inside: known before it is open, unlike all that its surface tells of. */
interface InnerConnection {
  open(): Promise<unknown>;
  dispose(): Promise<void>;
}

/** What makes a synthesizer's connections. It has no public name. */
interface ConnectionFactory {
  create?: (this: ConnectionFactory, ...settings: unknown[]) => Promise<InnerConnection>;
}

/**
 * Tells of each connection that a synthesizer is about to open. `connecting` gets what gives that connection up, also
 * in the middle of its handshake. A version of the SDK that keeps its connections elsewhere tells nothing.
 */
export function onConnect(synthesizer: SpeechSynthesizer, connecting: (giveUp: () => void) => void): void {
  const inner = Object(synthesizer) as { readonly privConnectionFactory?: ConnectionFactory };
  const factory = inner.privConnectionFactory;
  const create = factory?.create;
  if (!factory || typeof create !== 'function') return;
  factory.create = async (...settings) => {
    const connection = await create.apply(factory, settings);
    connecting(() => {
      // One that has not begun has nothing to close, and would be opened next.
      connection.open = () => Promise.reject(new Error('given up'));
      connection.dispose().catch(() => undefined);
    });
    return connection;
  };
}
