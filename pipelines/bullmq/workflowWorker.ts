import { UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq';
import {
  from,
  lastValueFrom,
  Observable,
  race,
  ReplaySubject,
  Subject,
  switchMap,
  take,
  timer,
  type ObservableInput,
} from 'rxjs';
import { WorkflowError } from '../../src/errors.js';
import { describeFailure } from '../../src/relayFailure.js';
import { shown } from '../../src/shown.js';
import { checkHandler, type StepHandler } from '../workflow/register.js';
import type { WorkflowModels, WorkflowVoices } from '../workflow/resolveProvider.js';
import { attemptRun, type AttemptContext, type RunAttempt, type RunOutcome } from './attemptRun.js';
import { queueName, queueParts, type QueueConfig } from './queueConnection.js';
import type { QueuedRun } from './queuedRun.js';
import { limitProviders, type RateLimit } from './rateLimits.js';
import type { RunEvent } from './runEvent.js';
import { runStore } from './runStore.js';

/** How a worker runs workflows. */
export interface WorkflowWorkerConfig extends QueueConfig {
  /** Runs at the same time. A whole number over 0. Default: 1. */
  readonly concurrency?: number | undefined;
  /** As in `runWorkflow`. */
  readonly models?: WorkflowModels | undefined;
  /** As in `runWorkflow`. */
  readonly voices?: WorkflowVoices | undefined;
  /** As in `runWorkflow`. */
  readonly handlers?: Readonly<Record<string, StepHandler>> | undefined;
  /** As in `runWorkflow`: a folder of this machine. */
  readonly outputDir?: string | undefined;
  /** Steps of one run at the same time, whatever its file allows. Default: the file's, or 8. */
  readonly maxConcurrency?: number | undefined;
  /**
   * How often providers may be asked, by their names, by all workers on this Redis together; give all the same. A request
   * waits for its time, and all wait while a provider's `retryAfter` lasts.
   */
  readonly limits?: Readonly<Record<string, RateLimit>> | undefined;
  /** When it emits, no run is taken any more; the worker completes once those that it has have ended. */
  readonly drainOn?: ObservableInput<unknown> | undefined;
  /** Milliseconds they have for it; then they are left to other workers, from their checkpoints. 0 or more. Default: 30,000. */
  readonly drainWithin?: number | undefined;
  /** Milliseconds without a sign of life after which a run is another worker's. Renewed by half. Over 0. Default: 30,000. */
  readonly lockDuration?: number | undefined;
  /** Milliseconds between looks for runs whose worker has died. Over 0. Default: 30,000. */
  readonly stalledInterval?: number | undefined;
  /** Workers that may die with a run before it fails: it may be the one that kills them. From 0. Default: 3. */
  readonly maxCrashes?: number | undefined;
  /** What must not leave in an error's text, besides the keys of the environment and what looks like one. */
  readonly secrets?: readonly string[] | undefined;
}

/** What a worker does. */
export type WorkerEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'draining' }
  | {
      readonly type: 'run-start';
      /** The run’s. */
      readonly id: string;
      /** The workflow’s name. */
      readonly workflow: string;
      /** 1 for the first; one more after each failure that can heal. */
      readonly attempt: number;
      /** Whether it goes on from an earlier worker's checkpoints. */
      readonly resumed: boolean;
    }
  | {
      readonly type: 'run-end' | 'run-cancelled' | 'run-lost' | 'run-handed-back';
      /** The run’s. */
      readonly id: string;
    }
  | {
      readonly type: 'run-retry';
      /** The run’s. */
      readonly id: string;
      /** What it failed with. */
      readonly error: unknown;
      /** Milliseconds until it is tried again, at least. */
      readonly delay: number;
    }
  | {
      readonly type: 'run-error';
      /** The run’s. */
      readonly id: string;
      /** What it failed with. */
      readonly error: unknown;
    }
  /** Something is wrong with Redis, or between BullMQ and it; the worker goes on trying. */
  | {
      readonly type: 'trouble';
      /** What was wrong. */
      readonly error: unknown;
    };

/**
 * Takes runs from a `workflowQueue` and makes them, for as long as it is subscribed. Every finished step is a checkpoint
 * in Redis: when a worker dies, another one goes on from there, and listeners are told. A worker that was taken for dead
 * and wakes can write neither checkpoints nor events.
 *
 * Unsubscribing stops at once what runs and leaves it to other workers; `drainOn` lets it end first.
 *
 * ```ts
 * import { fromEvent } from 'rxjs';
 *
 * workflowWorker({
 *   connection: { url: 'redis://127.0.0.1:6379' },
 *   concurrency: 4,
 *   models: { ollama: (model = 'llama3.2') => ollama({ model }) },
 *   limits: { anthropic: { max: 50, per: 60_000 } },
 *   drainOn: fromEvent(process, 'SIGTERM'),
 * }).subscribe((event) => console.log(JSON.stringify(event)));
 * ```
 *
 * A failure that can heal is tried again, after the pauses that the run was queued with; any other one ends the run at
 * once. Never fails by itself, save for what `drainOn` fails with.
 *
 * @throws TypeError when an option is out of range.
 */
export function workflowWorker(config: WorkflowWorkerConfig): Observable<WorkerEvent> {
  const checked = checkedWorker(config);
  const parts = queueParts('workflowWorker', config, config.secrets);
  const around = limitProviders(parts.link, config.limits ?? {});
  const store = runStore(parts.link);
  const { models, voices, handlers, outputDir, maxConcurrency, secrets = [] } = config;

  return new Observable<WorkerEvent>((subscriber) => {
    const stop$ = new ReplaySubject<true>(1);
    const lost$ = new Subject<string>();
    const mine = new Set<string>();
    const tell = (event: WorkerEvent) => subscriber.next(event);
    const context: AttemptContext = {
      relay: parts.relay,
      store,
      around,
      options: {
        ...(models && { models }),
        ...(voices && { voices }),
        ...(handlers && { handlers }),
        ...(outputDir !== undefined && { outputDir }),
        ...(maxConcurrency !== undefined && { maxConcurrency }),
      },
      stop$,
      lost$,
      begun({ id, run, attempt }, { checkpoints }) {
        const { name } = run.definition as { readonly name: string };
        tell({
          type: 'run-start',
          id,
          workflow: name,
          attempt,
          resumed: Object.keys(checkpoints).length > 0,
        });
      },
    };

    const make = async (job: Job<QueuedRun>, token = ''): Promise<void> => {
      const id = job.id ?? '';
      const attempt: RunAttempt = {
        id,
        run: job.data,
        attempt: job.attemptsMade + 1,
        again: job.attemptsMade + 1 < (job.opts.attempts ?? 1),
      };
      mine.add(id);
      try {
        await settle(
          job,
          token,
          await lastValueFrom(attemptRun(attempt, context), { defaultValue: { type: 'lost' } }),
        );
      } finally {
        mine.delete(id);
      }
    };
    const settle = async (job: Job<QueuedRun>, token: string, outcome: RunOutcome): Promise<void> => {
      const id = job.id ?? '';
      switch (outcome.type) {
        case 'ended':
          await store.forget(id);
          tell({ type: 'run-end', id });
          return;
        case 'cancelled':
          await store.forget(id);
          tell({ type: 'run-cancelled', id });
          throw withoutStack(new UnrecoverableError('cancelled'));
        case 'failed':
          await store.forget(id);
          tell({ type: 'run-error', id, error: outcome.error });
          throw withoutStack(new UnrecoverableError(describeFailure(outcome.error, secrets).message));
        case 'retry':
          tell({ type: 'run-retry', id, error: outcome.error, delay: outcome.delay });
          throw new Again(describeFailure(outcome.error, secrets).message, outcome.delay);
        case 'handed-back':
          await job.moveToWait(token);
          tell({ type: 'run-handed-back', id });
          throw new WaitingError();
        case 'lost':
          tell({ type: 'run-lost', id });
          // As BullMQ sees it, the job has gone elsewhere.
          throw new WaitingError();
      }
    };
    /** Ends a run that has cost too many workers their lives: BullMQ gives it to none of them any more. */
    const giveUp = async (id: string): Promise<void> => {
      const error = new WorkflowError(`the run ${id} has ended with its worker too many times`, { path: '' });
      await lastValueFrom(
        new Observable<never>((done) =>
          parts.relay.open<RunEvent>(id, { takeOver: true }).subscribe({
            next: (producer) => producer.end({ type: 'error', error }),
            error: () => done.complete(),
            complete: () => done.complete(),
          }),
        ),
        { defaultValue: undefined },
      );
      await store.forget(id);
      tell({ type: 'run-error', id, error });
    };

    const free = parts.link.use();
    const pending = new Set<Promise<unknown>>();
    let closing: Promise<void> | undefined;
    const started = parts.connect().then(({ connection, close }) => {
      const worker = new Worker<QueuedRun>(queueName, make, {
        connection,
        prefix: parts.prefix,
        concurrency: checked.concurrency,
        lockDuration: checked.lockDuration,
        stalledInterval: checked.stalledInterval,
        maxStalledCount: checked.maxCrashes,
        settings: { backoffStrategy: (_tries, _type, error) => (error instanceof Again ? error.delay : 0) },
        autorun: false,
      });
      worker.on('ready', () => tell({ type: 'ready' }));
      worker.on('error', (error) => tell({ type: 'trouble', error: parts.link.redactor.clean(error) }));
      worker.on('lockRenewalFailed', (ids: readonly string[]) => ids.forEach((id) => lost$.next(id)));
      worker.on('failed', (job) => {
        if (job?.id === undefined || mine.has(job.id) || !job.deferredFailure) return;
        const given = giveUp(job.id).catch((error: unknown) => tell({ type: 'trouble', error }));
        pending.add(given);
        void given.then(() => pending.delete(given));
      });
      return { worker, close };
    });
    const shutDown = (): Promise<void> => {
      closing ??= started
        .then(async ({ worker, close }) => {
          const closed = worker.close().then(() => Promise.all(pending));
          // Where Redis does not come back, BullMQ would wait for it for ever.
          const late$ = stop$.pipe(
            take(1),
            switchMap(() => timer(goodbye)),
            switchMap(() => giveUpConnection(worker)),
          );
          await lastValueFrom(race(closed, late$), { defaultValue: undefined });
          close();
        })
        .finally(free);
      return closing;
    };

    started.then(
      ({ worker }) => {
        if (closing) return;
        worker.run().catch((error: unknown) => tell({ type: 'trouble', error }));
      },
      (error: unknown) => subscriber.error(error),
    );
    const draining = from(config.drainOn ?? new Observable<never>())
      .pipe(take(1))
      .subscribe({
        next() {
          tell({ type: 'draining' });
          const limit = setTimeout(() => stop$.next(true), checked.drainWithin);
          subscriber.add(() => clearTimeout(limit));
          shutDown().then(
            () => subscriber.complete(),
            (error: unknown) => subscriber.error(error),
          );
        },
        error: (error: unknown) => subscriber.error(error),
      });
    return () => {
      draining.unsubscribe();
      stop$.next(true);
      shutDown().catch(() => undefined);
    };
  });
}

/** Milliseconds that a worker which is to stop at once may take to tell Redis. */
const goodbye = 5000;

/** Ends what BullMQ would keep up for ever: the connection of its own, and the timers that it ends after that alone. */
async function giveUpConnection(worker: Worker): Promise<void> {
  const { blockingConnection, lockManager, stalledCheckStopper } = worker as unknown as {
    readonly blockingConnection?: { disconnect(wait: boolean): Promise<void> };
    readonly lockManager?: { close(): Promise<void> };
    readonly stalledCheckStopper?: () => void;
  };
  if ('getBackend' in worker) await worker.getBackend().disconnectBlocking(false);
  else await blockingConnection?.disconnect(false);
  await lockManager?.close();
  stalledCheckStopper?.();
}

/** A failure that can heal, and when. */
class Again extends Error {
  readonly delay: number;

  constructor(message: string, delay: number) {
    super(message);
    this.delay = delay;
    withoutStack(this);
  }
}

/** BullMQ keeps the stack of what a job has failed with: nobody's business but this machine's. */
function withoutStack<E extends Error>(error: E): E {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

function checkedWorker(config: WorkflowWorkerConfig) {
  const {
    concurrency = 1,
    drainWithin = 30_000,
    lockDuration = 30_000,
    stalledInterval = 30_000,
    maxCrashes = 3,
    maxConcurrency = 1,
  } = config;
  const refuse = (name: string, value: unknown, allowed: string) => {
    throw new TypeError(`workflowWorker: ${name} must be ${allowed}, got ${shown(value)}`);
  };
  for (const [name, value] of Object.entries({ concurrency, maxConcurrency }))
    if (!(Number.isSafeInteger(value) && value > 0)) refuse(name, value, 'a whole number over 0');
  for (const [name, value] of Object.entries({ lockDuration, stalledInterval }))
    if (!(value > 0 && value < 2 ** 31)) refuse(name, value, 'milliseconds over 0');
  if (!(drainWithin >= 0 && drainWithin < 2 ** 31)) refuse('drainWithin', drainWithin, 'milliseconds from 0');
  if (!(Number.isSafeInteger(maxCrashes) && maxCrashes >= 0))
    refuse('maxCrashes', maxCrashes, 'a whole number from 0');
  for (const [type, handler] of Object.entries(config.handlers ?? {}))
    checkHandler('workflowWorker: handlers', type, handler);
  for (const [provider, { max, per }] of Object.entries(config.limits ?? {})) {
    if (!(Number.isSafeInteger(max) && max > 0 && max <= 10_000))
      refuse(`limits.${provider}.max`, max, 'a whole number from 1 to 10000');
    if (!(per > 0 && per < 2 ** 31)) refuse(`limits.${provider}.per`, per, 'milliseconds over 0');
  }
  return { concurrency, drainWithin, lockDuration, stalledInterval, maxCrashes };
}
