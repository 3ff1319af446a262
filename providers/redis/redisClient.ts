/** What is sent: text, or bytes as they are. */
export type RedisArgument = string | Buffer;

/** What of a client of the package `redis` (node-redis 6) is used. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  readonly options?: { readonly socket?: object | undefined } | undefined;
  sendCommand(args: readonly RedisArgument[], options?: object): Promise<unknown>;
  duplicate(overrides?: object): NodeRedisClient;
  connect(): Promise<unknown>;
  destroy(): void;
  on(event: string, listener: never): unknown;
  off(event: string, listener: never): unknown;
}

/** What of a cluster of the package `redis` is used. */
export interface NodeRedisCluster {
  readonly isOpen: boolean;
  readonly slots: readonly ({ readonly master: object } | undefined)[];
  sendCommand(
    firstKey: RedisArgument | undefined,
    isReadonly: boolean | undefined,
    args: RedisArgument[],
    options?: object,
  ): Promise<unknown>;
  nodeClient(node: never): NodeRedisClient | Promise<NodeRedisClient>;
}

/** What of an instance of `ioredis` (5 or 6) is used. */
export interface IoredisClient {
  readonly status: string;
  readonly isCluster: boolean;
  readonly options: object;
  callBuffer(command: string, ...args: (RedisArgument | number)[]): Promise<unknown>;
  duplicate(...overrides: never[]): IoredisClient;
  disconnect(reconnect?: boolean): void;
  on(event: string, listener: never): unknown;
  off(event: string, listener: never): unknown;
}

/** What of a `Cluster` of `ioredis` is used besides. */
export interface IoredisCluster extends IoredisClient {
  /** By slot: `host:port` of its master, then of its replicas. */
  readonly slots: readonly (readonly string[] | undefined)[];
  nodes(role: 'master'): readonly IoredisClient[];
  refreshSlotsCache(): void;
}

/** A client of one's own: of `redis`, of `ioredis`, or a cluster of either. */
export type RedisClient = NodeRedisClient | NodeRedisCluster | IoredisClient | IoredisCluster;

/** One way to ask Redis, whichever client is behind it. Texts of answers come as bytes. */
export interface RedisConnection {
  /** Whether keys of different hash tags may be on different machines. */
  readonly isCluster: boolean;
  /** Whether its owner has closed it: no answer will ever come. */
  readonly isClosed: boolean;
  /** What the client puts before each key by itself. */
  readonly keyPrefix: string;
  /** `key` is one of the keys that the command is about: it tells a cluster where to ask. */
  call(key: string, args: RedisArgument[]): Promise<unknown>;
  /** Has a cluster's client look anew who has that key. */
  readonly lookAnew?: ((key: string) => void) | undefined;
  /** A connection of its own to where that key is: for commands that block. Whoever asks for it closes it. */
  dedicated(key: string): Promise<RedisConnection>;
  /** Calls back whenever it has broken, until what it returns is called. */
  onBreak(broken: () => void): () => void;
  close(): void;
}

/** Bulk strings (`$`, 36 in ASCII) as bytes; no limit to how long a command may wait for its connection. */
const nodeRedisOptions = { typeMapping: { 36: Buffer }, timeout: undefined };

function ignore(): void {
  // A client without a listener for its errors ends the process; what matters of them is told by the commands' failures.
}

/** What every client emits when it begins to connect again. */
function onReconnecting(client: NodeRedisClient | IoredisClient, broken: () => void): () => void {
  client.on('reconnecting', broken as never);
  return () => client.off('reconnecting', broken as never);
}

const isIoredis = (client: RedisClient): client is IoredisClient => 'callBuffer' in client;
const isNodeRedisCluster = (client: RedisClient): client is NodeRedisCluster => 'nodeClient' in client;

/** Whether something can be asked as one of the clients that are known here. */
export function isRedisClient(client: unknown): client is RedisClient {
  if (typeof client !== 'object' || client === null) return false;
  return (
    'callBuffer' in client || ('sendCommand' in client && ('duplicate' in client || 'nodeClient' in client))
  );
}

/** A client as a connection. Closing it closes the client. */
export function connectionOf(client: RedisClient): RedisConnection {
  if (isIoredis(client)) return ofIoredis(client);
  return isNodeRedisCluster(client) ? ofNodeRedisCluster(client) : ofNodeRedis(client);
}

function ofNodeRedis(client: NodeRedisClient): RedisConnection {
  return {
    isCluster: false,
    keyPrefix: '',
    get isClosed() {
      return !client.isOpen;
    },
    call: (_key, args) => client.sendCommand(args, nodeRedisOptions),
    dedicated: () => Promise.resolve(duplicateOf(client, {})),
    onBreak: (broken) => onReconnecting(client, broken),
    close: () => client.destroy(),
  };
}

function duplicateOf(client: NodeRedisClient, overrides: object): RedisConnection {
  const duplicate = client.duplicate({ ...overrides, disableOfflineQueue: false });
  duplicate.on('error', ignore as never);
  duplicate.connect().catch(ignore);
  return ofNodeRedis(duplicate);
}

function ofNodeRedisCluster(cluster: NodeRedisCluster): RedisConnection {
  return {
    isCluster: true,
    keyPrefix: '',
    get isClosed() {
      return !cluster.isOpen;
    },
    call(key, args) {
      // Of a slot that nobody had when it last looked it asks anybody, is told who has it by now, and looks again.
      const known = cluster.slots[slotOf(key)] === undefined ? undefined : key;
      return cluster.sendCommand(known, false, args, nodeRedisOptions);
    },
    lookAnew(key) {
      // Asked without a key it takes its machines in turn, one of which may be the silent one: whoever of two does not
      // have that key says where to look.
      for (let asked = 0; asked < 2; asked++) {
        cluster.sendCommand(undefined, false, ['PTTL', key], nodeRedisOptions).catch(ignore);
      }
    },
    async dedicated(key) {
      const node = cluster.slots[slotOf(key)]?.master;
      if (node === undefined) throw nobodyHas(key);
      const client = await cluster.nodeClient(node as never);
      // Whoever reads through it notices a break, and asks anew which machine it is: that one may never come back.
      return duplicateOf(client, { socket: { ...client.options?.socket, reconnectStrategy: false } });
    },
    // Its machines come and go, and it says so of none.
    onBreak: () => ignore,
    close: ignore,
  };
}

function ofIoredis(client: IoredisClient | IoredisCluster): RedisConnection {
  const { keyPrefix = '', enableAutoPipelining = false } = client.options as {
    readonly keyPrefix?: string;
    readonly enableAutoPipelining?: boolean;
  };
  const commands = client as unknown as Readonly<
    Record<string, (...args: RedisArgument[]) => Promise<unknown>>
  >;
  // Whoever reads through a duplicate notices a break, and makes another.
  const overrides = {
    keyPrefix,
    maxRetriesPerRequest: null,
    commandTimeout: undefined,
    enableOfflineQueue: true,
    enableAutoPipelining: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => null,
  };
  return {
    isCluster: client.isCluster,
    keyPrefix,
    get isClosed() {
      // Of a cluster that has ended, the last machine to go may make that `close` again.
      return client.status === 'end' || (client.isCluster && client.status === 'close');
    },
    call(_key, [command = '', ...args]) {
      const name = String(command);
      // In an automatic pipeline `callBuffer` loses the command's name.
      const named = enableAutoPipelining ? commands[`${name.toLowerCase()}Buffer`]?.(...args) : undefined;
      return named ?? client.callBuffer(name, ...args);
    },
    onBreak: (broken) => onReconnecting(client, broken),
    lookAnew: 'slots' in client ? () => client.refreshSlotsCache() : undefined,
    dedicated(key) {
      const node = 'slots' in client ? machineOf(client, `${keyPrefix}${key}`) : client;
      if (node === undefined) return Promise.reject(nobodyHas(key));
      const duplicate = node.duplicate(overrides as never);
      duplicate.on('error', ignore as never);
      return Promise.resolve(ofIoredis(duplicate));
    },
    close: () => client.disconnect(),
  };
}

/** The master that has the slot of a key, as far as the cluster's client knows. */
function machineOf(cluster: IoredisCluster, key: string): IoredisClient | undefined {
  const [master] = cluster.slots[slotOf(key)] ?? [];
  return cluster.nodes('master').find(({ options }) => {
    const { host, port } = options as { readonly host?: string; readonly port?: number };
    return `${host}:${port}` === master;
  });
}

function nobodyHas(key: string): Error {
  return new Error(`CLUSTERDOWN no machine for the slot of ${key}`);
}

/** The slot of a key, of 16,384: CRC16 (XMODEM) of its hash tag, or of all of it. */
export function slotOf(key: string): number {
  const open = key.indexOf('{');
  const close = key.indexOf('}', open + 1);
  const hashed = open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key;
  let crc = 0;
  for (const byte of Buffer.from(hashed)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  }
  return (crc & 0xffff) % 16_384;
}
