import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import type { RedisClient } from '../../providers/redis/index.js';

/** A connected client of a user's own. */
export interface ConnectedClient {
  readonly client: RedisClient;
  close(): void;
}

type ClientName = 'node-redis' | 'ioredis';

const ignore = () => undefined;

/** A client of each package, for the Redis at a URL. */
export const redisClients: Readonly<Record<ClientName, (url: string) => Promise<ConnectedClient>>> = {
  async 'node-redis'(url) {
    const client = createClient({ url });
    client.on('error', ignore);
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  ioredis(url) {
    const client = new Redis(url);
    client.on('error', ignore);
    return Promise.resolve({ client, close: () => client.disconnect() });
  },
};

/** A cluster's client of ioredis; `commandTimeout` in milliseconds. */
export function ioredisCluster(ports: readonly number[], commandTimeout?: number): Promise<ConnectedClient> {
  const client = new Cluster(
    ports.map((port) => ({ host: '127.0.0.1', port })),
    { redisOptions: { commandTimeout } },
  );
  client.on('error', ignore);
  return Promise.resolve({ client, close: () => client.disconnect() });
}

/** A cluster's client of each package, given the ports of some of its machines. */
export const clusterClients: Readonly<
  Record<ClientName, (ports: readonly number[]) => Promise<ConnectedClient>>
> = {
  async 'node-redis'(ports) {
    const client = createCluster({
      rootNodes: ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })),
      // Milliseconds after which it asks the others about a machine that does not answer: specs do not wait for five seconds.
      topologyRefreshOnReconnectionAttemptStrategy: 500,
    });
    client.on('error', ignore);
    await client.connect();
    return { client, close: () => client.destroy() };
  },
  // Less than a read that blocks takes.
  ioredis: (ports) => ioredisCluster(ports, 200),
};
