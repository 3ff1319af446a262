import * as bullmq from 'bullmq';
import { redisLink, type RedisLink } from '../../providers/redis/redisLink.js';
import {
  isRedisClient,
  type IoredisClient,
  type IoredisCluster,
  type NodeRedisClient,
  type RedisClient,
} from '../../providers/redis/redisClient.js';
import { redisRelay } from '../../providers/redis/redisRelay.js';
import type { Relay } from '../../src/relay.js';

/** Where Redis is, in words. */
export interface RedisAddress {
  /** `redis://user:password@host:6379/0`, instead of the rest. */
  readonly url?: string | undefined;
  /** Default: 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default: 6379. */
  readonly port?: number | undefined;
  /** Default: none. */
  readonly username?: string | undefined;
  /** Default: none. */
  readonly password?: string | undefined;
  /** The database's number. Default: 0. */
  readonly db?: number | undefined;
}

/**
 * A connected client of yours, of the package `redis` or `ioredis`, or a `Cluster` of `ioredis`, which is not closed; or
 * where Redis is: then a connection of one's own is kept while it is used, by `redis` or else `ioredis`.
 */
export type QueueConnection = NodeRedisClient | IoredisClient | IoredisCluster | RedisAddress;

/** What workflows and workers on one Redis have in common. */
export interface QueueConfig {
  /** Where the queue is. */
  readonly connection: QueueConnection;
  /** What carries the events. Default: `redisRelay` on the same Redis. */
  readonly relay?: Relay | undefined;
  /** Before every key. No `{`. The same for queue and workers. Default: `rx-aloud:`. */
  readonly prefix?: string | undefined;
}

/** A Redis that is asked by BullMQ, by scripts of this package and by the relay. */
export interface QueueParts {
  readonly link: RedisLink;
  readonly relay: Relay;
  /** For BullMQ's own keys: with a hash tag, so that a cluster keeps them together. */
  readonly prefix: string;
  /** What BullMQ is to be given, until what comes with it is called. */
  connect(): Promise<{ readonly connection: bullmq.ConnectionOptions; readonly close: () => void }>;
}

/** The queue's name in BullMQ. */
export const queueName = 'workflows';

/**
 * Nothing is connected before it is used.
 *
 * @throws TypeError when an option is out of range.
 */
export function queueParts(
  name: string,
  { connection, relay, prefix = 'rx-aloud:' }: QueueConfig,
  secrets: readonly string[] = [],
): QueueParts {
  if (isRedisClient(connection) && ('nodeClient' in connection || (isOfRedis(connection) && !adapts)))
    throw new TypeError(
      `${name}: connection must be an instance of ioredis or an address: this BullMQ does not know such a client of redis`,
    );
  const where = isRedisClient(connection) ? { client: connection } : { url: urlOf(name, connection) };
  return {
    link: redisLink(name, { ...where, prefix }),
    relay: relay ?? redisRelay({ ...where, prefix, secrets }),
    prefix: `{${prefix}bull}`,
    async connect() {
      if (isRedisClient(connection)) return { connection: adapted(connection), close: () => undefined };
      const { client, close } = await ownClient(where.url ?? '');
      return { connection: adapted(client), close };
    },
  };
}

function urlOf(name: string, address: RedisAddress | undefined): string {
  if (typeof address !== 'object')
    throw new TypeError(
      `${name}: connection must be a client of redis or ioredis, { url } or { host, port }, got ${typeof address}`,
    );
  const { url, host = '127.0.0.1', port = 6379, username = '', password = '', db = 0 } = address;
  if (url !== undefined) return url;
  const login = password === '' ? '' : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  return `redis://${login}${host.includes(':') ? `[${host}]` : host}:${port}/${db}`;
}

/** Whether BullMQ knows clients of the package `redis`: early versions of 5 know ioredis alone. */
const adapts = 'createNodeRedisClient' in bullmq;

function isOfRedis(client: RedisClient): client is NodeRedisClient {
  return 'sendCommand' in client && !('callBuffer' in client) && !('nodeClient' in client);
}

const adapters = new WeakMap<RedisClient, bullmq.ConnectionOptions>();

/** One adapter for each client: BullMQ would make another one, with listeners of its own, for each queue. */
function adapted(client: RedisClient): bullmq.ConnectionOptions {
  if (!isOfRedis(client)) return client;
  const known = adapters.get(client);
  if (known) return known;
  const adapter = bullmq.createNodeRedisClient(client);
  // While no queue listens to it, its failures would end the process.
  adapter.on('error', () => undefined);
  adapters.set(client, adapter);
  return adapter;
}

async function ownClient(url: string): Promise<{ client: RedisClient; close: () => void }> {
  const ignore = () => undefined;
  try {
    if (!adapts) throw Object.assign(new Error(), { code: 'ERR_MODULE_NOT_FOUND' });
    const { createClient } = await import('redis');
    const client = createClient({ url });
    // BullMQ tells of its failures.
    client.on('error', ignore);
    return { client: client as unknown as NodeRedisClient, close: () => client.destroy() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const { Redis } = await import('ioredis');
    const client = new Redis(url, { maxRetriesPerRequest: null });
    client.on('error', ignore);
    return { client, close: () => client.disconnect() };
  }
}
