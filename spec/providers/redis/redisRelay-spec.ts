import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe } from 'vitest';
import { redisRelay } from '../../../providers/redis/index.js';
import { redisMissing, redisServer, type RedisServer } from '../../support/redisServer.js';
import { relayConformance } from '../relayConformance.js';

describe.skipIf(redisMissing)('redisRelay', () => {
  let server: RedisServer;
  let nodeRedis: ReturnType<typeof createClient>;
  let ioredis: Redis;
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

  relayConformance('redisRelay with node-redis', (config) => redisRelay({ ...config, client: nodeRedis }));
  relayConformance('redisRelay with ioredis', (config) => redisRelay({ ...config, client: ioredis }));
  relayConformance('redisRelay with a url', (config) => redisRelay({ ...config, url: server.url }));
});
