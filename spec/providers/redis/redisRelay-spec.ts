import { afterAll, beforeAll, describe } from 'vitest';
import { redisRelay } from '../../../providers/redis/index.js';
import { redisClients, type ConnectedClient } from '../../support/redisClients.js';
import { redisMissing, redisServer, type RedisServer } from '../../support/redisServer.js';
import { relayConformance } from '../relayConformance.js';

describe.skipIf(redisMissing)('redisRelay', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await redisServer();
  });
  afterAll(() => server.stop());

  relayConformance('redisRelay with a url', (config) => redisRelay({ ...config, url: server.url }));

  describe.each(Object.entries(redisClients))('with a client', (name, connect) => {
    let connected: ConnectedClient;
    beforeAll(async () => {
      connected = await connect(server.url);
    });
    afterAll(() => connected.close());

    relayConformance(`redisRelay with ${name}`, (config) =>
      redisRelay({ ...config, client: connected.client }),
    );
  });
});
