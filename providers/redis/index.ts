export type {
  IoredisClient,
  IoredisCluster,
  NodeRedisClient,
  NodeRedisCluster,
  RedisClient,
} from './redisClient.js';
export { redisConversationStore, type RedisConversationStoreConfig } from './redisConversationStore.js';
export type { RedisLinkConfig } from './redisLink.js';
export { redisRelay, type RedisRelayConfig } from './redisRelay.js';
