interface WithProcess {
  readonly process?: { readonly versions?: { readonly node?: string } };
}

interface SocketModule {
  readonly WebsocketMessageAdapter?: { forceNpmWebSocket: boolean };
}

let prepared: Promise<void> | undefined;

/**
 * Has the SDK open its sockets with its own `ws` in Node. Since Node 22 there is a global WebSocket too, which the SDK
 * would take, and through which a refused key looks like any other failure. In a browser there is no choice.
 */
export function prepareSocket(): Promise<void> {
  return (prepared ??= prepare());
}

async function prepare(): Promise<void> {
  if ((globalThis as WithProcess).process?.versions?.node === undefined) return;
  // Not spelled out in the import, so that a bundler doesn't take a second copy of the SDK along.
  const path =
    'microsoft-cognitiveservices-speech-sdk/distrib/lib/src/common.browser/WebsocketMessageAdapter.js';
  try {
    const { WebsocketMessageAdapter } = (await import(path)) as SocketModule;
    if (WebsocketMessageAdapter) WebsocketMessageAdapter.forceNpmWebSocket = true;
  } catch {
    // A version that keeps it elsewhere: then a refused key is a ConnectionError.
  }
}
