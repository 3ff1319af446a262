import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe } from 'vitest';
import { redisConversationStore } from '../../../providers/redis/index.js';
import { redisMissing, redisServer, type RedisServer } from '../../support/redisServer.js';
import { storeConformance } from '../storeConformance.js';

describe.skipIf(redisMissing)('redisConversationStore', () => {
  let server: RedisServer;
  let nodeRedis: ReturnType<typeof createClient>;
  let ioredis: Redis;
  let stores = 0;
  beforeAll(async () => {
    server = await redisServer();
    nodeRedis = createClient({ url: server.url });
    nodeRedis.on('error', () => undefined);
    await nodeRedis.connect();
    ioredis = new Redis(server.url);
  });
  afterAll(async () => {
    nodeRedis.destroy();
    ioredis.disconnect();
    await server.stop();
  });

  const prefix = () => `store-${stores++}:`;
  storeConformance('redisConversationStore with node-redis', () =>
    redisConversationStore({ client: nodeRedis, prefix: prefix() }),
  );
  storeConformance('redisConversationStore with ioredis', () =>
    redisConversationStore({ client: ioredis, prefix: prefix() }),
  );
});
