import { afterAll, beforeAll, describe } from 'vitest';
import { redisConversationStore } from '../../../providers/redis/index.js';
import { redisClients, type ConnectedClient } from '../../support/redisClients.js';
import { redisMissing, redisServer, type RedisServer } from '../../support/redisServer.js';
import { storeConformance } from '../storeConformance.js';

describe.skipIf(redisMissing).each(Object.entries(redisClients))(
  'redisConversationStore',
  (name, connect) => {
    let server: RedisServer;
    let connected: ConnectedClient;
    let stores = 0;
    beforeAll(async () => {
      server = await redisServer();
      connected = await connect(server.url);
    });
    afterAll(async () => {
      connected.close();
      await server.stop();
    });

    storeConformance(`redisConversationStore with ${name}`, () =>
      redisConversationStore({ client: connected.client, prefix: `store-${stores++}:` }),
    );
  },
);
