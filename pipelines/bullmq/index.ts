export type { QueueConfig, QueueConnection, RedisAddress } from './queueConnection.js';
export type { RateLimit } from './rateLimits.js';
export { RunConflictError } from './runConflictError.js';
export type { RunEvent } from './runEvent.js';
export {
  workflowQueue,
  type EnqueueOptions,
  type RunEventsOptions,
  type WorkflowQueue,
  type WorkflowQueueConfig,
} from './workflowQueue.js';
export { workflowWorker, type WorkerEvent, type WorkflowWorkerConfig } from './workflowWorker.js';
