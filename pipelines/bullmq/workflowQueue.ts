import { Queue } from 'bullmq';
import { defer, from, map, of, switchMap, type Observable } from 'rxjs';
import type { RelayEntry } from '../../src/relay.js';
import { checkedRetry, type RetryConfig } from '../../src/retryDelay.js';
import { loadPlan } from '../workflow/loadPlan.js';
import { registeredTypes } from '../workflow/register.js';
import type { WorkflowDefinition } from '../workflow/workflowDefinition.js';
import { queueName, queueParts, type QueueConfig } from './queueConnection.js';
import { packRun, type QueuedRun } from './queuedRun.js';
import { RunConflictError } from './runConflictError.js';
import type { RunEvent } from './runEvent.js';
import { runStore } from './runStore.js';

/** Where workflows are queued. */
export interface WorkflowQueueConfig extends QueueConfig {
  /** Types of step of one's own that the workers know, besides those that are registered here. */
  readonly types?: readonly string[] | undefined;
  /** Milliseconds that a run which has ended keeps its id. 1000 or more. Default: one day. */
  readonly keep?: number | undefined;
}

/** A run to be queued. */
export interface EnqueueOptions {
  /** The run's name, used once: up to 128 letters, digits, `.`, `_` and `-`, not digits alone. */
  readonly id: string;
  /** As in `runWorkflow`; plain JSON. */
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Attempts after one that failed with what can heal, beyond what steps do themselves; the next goes on from the steps
   * that have ended. `retryAfter` of a provider is honoured. Default: 2, after 250 ms, then 500 ms.
   */
  readonly retry?: number | RetryConfig | undefined;
  /** Milliseconds from the run's first step to its end, pauses and crashes included. Over 0. Default: no limit. */
  readonly timeout?: number | undefined;
  /** The folder of the workflows that it calls; a file's own by default. They are read once, and go with the run. */
  readonly workflowDir?: string | undefined;
}

/** Where to begin to listen. */
export interface RunEventsOptions {
  /** The cursor of the last event that is known already. Default: from the beginning. */
  readonly after?: string | undefined;
  /**
   * Milliseconds to wait for another worker once one has died, before `ProducerLostError`. Default: `Infinity`, for the
   * queue keeps the run.
   */
  readonly successorWithin?: number | undefined;
}

/** A queue of workflows, on one Redis. */
export interface WorkflowQueue {
  /**
   * Queues a run, unless one of that id is there, then emits its events from the beginning: of all attempts, in one
   * stream. Completes with the run, fails with its error. Unsubscribing leaves the run alone: `cancel` ends it.
   *
   * Fails with `WorkflowError` for a wrong definition, before anything is queued, and with `RunConflictError` when the
   * id is that of another run.
   */
  enqueue(
    definition: WorkflowDefinition | Readonly<Record<string, unknown>> | string | URL,
    options: EnqueueOptions,
  ): Observable<RunEvent>;
  /** The events of a run, from any machine; waits for one that isn't queued yet. */
  events(id: string, options?: RunEventsOptions): Observable<RelayEntry<RunEvent>>;
  /** Ends a run, wherever it is; its listeners see `RelayAbortedError`. Emits whether it had not ended before. */
  cancel(id: string): Observable<boolean>;
}

/**
 * Runs workflows on other machines: a run is queued here, made there by a `workflowWorker`, and listened to anywhere,
 * while it runs and afterwards. It survives the end of any of them.
 *
 * ```
 * enqueue            s-t-t-        ...      -r-t-t-t-e|     s start  t token  e end
 * a worker           <----X it dies                         r step-restarted
 * another worker                  <---------------->
 * events, later                                     (st…e|)
 * ```
 *
 * ```ts
 * const queue = workflowQueue({ connection: { url: 'redis://127.0.0.1:6379' } });
 * queue.enqueue('streaming-chat.json', { id: 'sky-1', inputs: { user_message: 'Why?' } }).subscribe((event) => {
 *   if (event.type === 'token') process.stdout.write(event.text);
 * });
 * ```
 *
 * All of it is cold: nothing happens, and nothing is connected, before subscribing.
 *
 * Needs `bullmq` (5.60 or newer, or 6), `zod`, and `redis` or `ioredis`: early versions of BullMQ 5 know the latter alone.
 *
 * @throws TypeError when an option is out of range.
 */
export function workflowQueue(config: WorkflowQueueConfig): WorkflowQueue {
  const parts = queueParts('workflowQueue', config);
  const { types = [], keep = 86_400_000 } = config;
  if (!(keep >= 1000 && keep < Infinity))
    throw new TypeError(`workflowQueue: keep must be milliseconds from 1000, got ${keep}`);
  const store = runStore(parts.link);

  const withQueue = async <T>(work: (queue: Queue<QueuedRun>) => Promise<T>): Promise<T> => {
    const { connection, close } = await parts.connect();
    const queue = new Queue<QueuedRun>(queueName, {
      connection,
      prefix: parts.prefix,
      streams: { events: { maxLen: 1000 } },
    });
    // Its operations fail by themselves.
    queue.on('error', () => undefined);
    try {
      return await work(queue);
    } catch (error) {
      throw error instanceof RunConflictError ? error : parts.link.failure(error);
    } finally {
      await queue.close().catch(() => undefined);
      close();
    }
  };
  const add = (id: string, run: QueuedRun) =>
    withQueue(async (queue) => {
      const kept = { age: Math.ceil(keep / 1000) };
      await queue.add(nameOf(run), run, {
        jobId: id,
        attempts: Math.min(run.retry.count, 1e9) + 1,
        backoff: { type: 'custom' },
        removeOnComplete: kept,
        removeOnFail: kept,
      });
      // One that was there before stays as it is.
      const queued = await queue.getJob(id);
      if (queued && queued.data.digest !== run.digest) throw new RunConflictError(id);
    });
  const events = (
    id: string,
    { after, successorWithin = Infinity }: RunEventsOptions = {},
  ): Observable<RelayEntry<RunEvent>> => parts.relay.replay<RunEvent>(id, { after, successorWithin });

  return {
    enqueue(definition, options) {
      const { id, timeout = Infinity, retry = {}, workflowDir } = options;
      checkedRunId('enqueue', id);
      checkedRetry('enqueue: retry', retry);
      if (!(timeout > 0)) throw new TypeError(`enqueue: timeout must be milliseconds over 0, got ${timeout}`);
      return defer(() => loadPlan(definition, new Set([...registeredTypes(), ...types]), workflowDir)).pipe(
        switchMap((plan) => add(id, packRun(plan, options))),
        switchMap(() => events(id)),
        map(({ value }) => value),
      );
    },
    events(id, options) {
      checkedRunId('events', id);
      return events(id, options);
    },
    cancel(id) {
      checkedRunId('cancel', id);
      return parts.relay.cancel(id).pipe(
        switchMap((ended) => {
          if (!ended) return of(false);
          // One that a worker has is let go by the worker.
          const removed = withQueue((queue) => queue.remove(id));
          return from(removed.then(async (count) => count > 0 && (await store.forget(id)))).pipe(
            map(() => true),
          );
        }),
      );
    },
  };
}

function nameOf({ definition }: QueuedRun): string {
  return (definition as WorkflowDefinition).name;
}

/** BullMQ takes neither colons nor numbers, and a key has to end somewhere. */
function checkedRunId(method: string, id: string): void {
  if (typeof id !== 'string' || !/^(?!\d+$)[A-Za-z0-9._-]{1,128}$/.test(id))
    throw new TypeError(
      `${method}: id must be up to 128 letters, digits, ".", "_" and "-", not digits alone, got ${JSON.stringify(id)}`,
    );
}
