import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { concat, defer, finalize, firstValueFrom, map, NEVER, of, Subject, throwError, timer } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  RunConflictError,
  workflowQueue,
  workflowWorker,
  type QueueConnection,
  type RunEvent,
  type WorkerEvent,
  type WorkflowWorkerConfig,
} from '../../../pipelines/bullmq/index.js';
import type { StepHandler } from '../../../pipelines/index.js';
import { scriptedModel } from '../../../providers/scripted/index.js';
import {
  AuthenticationError,
  ConnectionError,
  memoryRelay,
  RateLimitError,
  RelayAbortedError,
  WorkflowError,
} from '../../../src/index.js';
import { collect, collectFailure } from '../../support/collect.js';
import { eventually } from '../../support/eventually.js';
import { quick, threeResults, threeSteps, work } from '../../support/queuedWork.js';
import { redisMissing, redisServer, type RedisServer } from '../../support/redisServer.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

let server: RedisServer;
let connection: { readonly url: string };
let prefixes = 0;
/** A queue that no other test's worker sees. */
const newPrefix = () => `t${++prefixes}:`;

const oneStep = (more: object = {}) => ({ name: 'one', steps: [{ id: 'a', type: 'work', ...more }] });
const outputsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'workflow-end' && !event.within ? [event.outputs] : []));
const brief = (event: RunEvent | WorkerEvent) =>
  'step' in event ? `${event.type} ${event.step}` : 'id' in event ? `${event.type} ${event.id}` : event.type;

/** A worker in this process; it is gone when the test has finished. */
function startWorker(config: Omit<WorkflowWorkerConfig, 'connection'> & { connection?: QueueConnection }) {
  const events: WorkerEvent[] = [];
  const done = new Subject<void>();
  const ended = firstValueFrom(done, { defaultValue: undefined });
  const running = workflowWorker({ connection, ...quick, ...config }).subscribe({
    next: (event) => events.push(event),
    complete: () => done.complete(),
  });
  onTestFinished(() => running.unsubscribe());
  return { events, ended, stop: () => running.unsubscribe() };
}

/** A worker in a process of its own, whose step `hang` never ends. */
function startProcess(prefix: string, file: string, hang = '', options: object = {}) {
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', fileURLToPath(new URL('../../support/queuedWork.ts', import.meta.url))],
      ...[server.url, prefix, file, hang, JSON.stringify(options)],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  onTestFinished(() => void child.kill('SIGKILL'));
  const until = (pattern: RegExp) =>
    vi.waitFor(() => expect(said).toMatch(pattern), { timeout: 30_000, interval: 20 });
  return { child, until, said: () => said, kill: (signal: NodeJS.Signals) => ended(child, signal) };
}
async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

/** A listener that collects, and says when something has come. */
function listen(events$: ReturnType<ReturnType<typeof workflowQueue>['enqueue']>) {
  const events: RunEvent[] = [];
  let over: 'complete' | { readonly error: unknown } | undefined;
  const running = events$.subscribe({
    next: (event) => events.push(event),
    error: (error: unknown) => (over = { error }),
    complete: () => (over = 'complete'),
  });
  onTestFinished(() => running.unsubscribe());
  const until = (check: () => void) => vi.waitFor(check, { timeout: 40_000, interval: 20 });
  return {
    events,
    seen: (what: string) => until(() => expect(events.map(brief)).toContain(what)),
    completed: () => until(() => expect(over).toBe('complete')),
    failed: async () => {
      await until(() => expect(over).toBeTypeOf('object'));
      return (over as { readonly error: unknown }).error;
    },
  };
}

/** What a screen shows of each step that clears its text when it must. */
function screen(events: readonly RunEvent[]): Readonly<Record<string, string>> {
  const shown: Record<string, string> = {};
  for (const event of events) {
    if (event.type === 'step-start' || event.type === 'step-restarted') shown[event.step] = '';
    if (event.type === 'token') shown[event.step] = (shown[event.step] ?? '') + event.text;
    if (event.type === 'step-restored' && 'response' in event.outputs)
      shown[event.step] = event.outputs['response'] as string;
  }
  return shown;
}
const lines = (file: string) =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];

describe.skipIf(redisMissing !== undefined)(
  'a queue of workflows, on a real Redis',
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      server = await redisServer();
      connection = { url: server.url };
    });
    afterAll(() => server.stop());

    it('runs a workflow elsewhere, and gives its events, at once and afterwards', async () => {
      const prefix = newPrefix();
      const file = join(temporaryFolder(), 'done');
      const worker = startWorker({ prefix, ...work(file) });
      const queue = workflowQueue({ connection, prefix, types: ['work'] });
      const events = await collect(queue.enqueue(threeSteps, { id: 'run' }));
      expect(outputsOf(events)).toEqual([threeResults]);
      expect(screen(events)['b']).toBe('one two three');
      expect(events.map(({ type }) => type)).not.toContain('checkpoint');
      expect(lines(file)).toEqual(['a', 'ask b', 'b', 'c']);
      await eventually(() =>
        expect(worker.events.map(brief)).toEqual(['ready', 'run-start run', 'run-end run']),
      );

      const elsewhere = workflowQueue({ connection, prefix });
      const again = await collect(elsewhere.events('run'));
      expect(again.map(({ value }) => value)).toEqual(events);
      const middle = again[3]!;
      const rest = await collect(elsewhere.events('run', { after: middle.cursor }));
      expect(rest.map(({ value }) => value)).toEqual(events.slice(4));
      // The checkpoints have done their work.
      expect(server.cli('keys', `${prefix}run:*`).trim()).toBe('');
    });

    it.each([
      ['numbers as texts', { stringNumbers: true }],
      ['automatic pipelines', { enableAutoPipelining: true }],
      ['a short timeout of commands', { commandTimeout: 1000 }],
    ])('runs a workflow through a client with options of its own: %s', async (_name, options) => {
      const client = new Redis(server.port, '127.0.0.1', { ...options, maxRetriesPerRequest: null });
      onTestFinished(() => client.disconnect());
      const prefix = newPrefix();
      startWorker({ connection: client, prefix, ...work(join(temporaryFolder(), 'done')) });
      const queue = workflowQueue({ connection: client, prefix, types: ['work'] });
      expect(outputsOf(await collect(queue.enqueue(threeSteps, { id: 'run' })))).toEqual([threeResults]);
    });

    it.each(['a', 'b', 'c'])('goes on where a worker was killed in step %s', async (step) => {
      const prefix = newPrefix();
      const file = join(temporaryFolder(), 'done');
      const victim = startProcess(prefix, file, step);
      const queue = workflowQueue({ connection, prefix, types: ['work'] });
      const listener = listen(queue.enqueue(threeSteps, { id: 'run' }));
      await listener.seen(step === 'b' ? 'token b' : `partial ${step}`);
      await victim.kill('SIGKILL');
      const before = listener.events.length;
      const worker = startWorker({ prefix, ...work(file) });
      await listener.completed();

      expect(outputsOf(listener.events)).toEqual([threeResults]);
      // The dying one had asked once more, and no step that had ended was done again.
      expect(lines(file).filter((line) => !line.startsWith('ask'))).toEqual(['a', 'b', 'c']);
      expect(lines(file).filter((line) => line === 'ask b')).toHaveLength(step === 'b' ? 2 : 1);
      const after = listener.events.slice(before);
      const finished = ['a', 'b', 'c'].slice(0, ['a', 'b', 'c'].indexOf(step));
      expect(after.map(brief).slice(0, finished.length + 2)).toEqual([
        'workflow-resumed',
        ...finished.map((id) => `step-restored ${id}`),
        `step-restarted ${step}`,
      ]);
      expect(screen(listener.events)['b']).toBe('one two three');
      expect(worker.events.find(({ type }) => type === 'run-start')).toMatchObject({
        attempt: 1,
        resumed: true,
      });
      const late = await collect(queue.events('run'));
      expect(late.map(({ value }) => value)).toEqual(listener.events);
    });

    it('goes on when one worker after the other is killed', async () => {
      const prefix = newPrefix();
      const file = join(temporaryFolder(), 'done');
      const queue = workflowQueue({ connection, prefix, types: ['work'] });
      const listener = listen(queue.enqueue(threeSteps, { id: 'run' }));
      let victim = startProcess(prefix, file, 'a', { maxCrashes: 5 });
      for (const [what, next] of [
        ['partial a', 'b'],
        ['token b', 'c'],
      ] as const) {
        await listener.seen(what);
        const successor = startProcess(prefix, file, next, { maxCrashes: 5 });
        await successor.until(/"ready"/);
        await victim.kill('SIGKILL');
        victim = successor;
      }
      await listener.seen('partial c');
      await victim.kill('SIGKILL');
      startWorker({ prefix, ...work(file), maxCrashes: 5 });
      await listener.completed();
      expect(outputsOf(listener.events)).toEqual([threeResults]);
      expect(lines(file)).toEqual(['a', 'ask b', 'ask b', 'b', 'c']);
      expect(listener.events.filter(({ type }) => type === 'workflow-resumed')).toHaveLength(3);
      expect(screen(listener.events)['b']).toBe('one two three');
    });

    it('lets a worker that was taken for dead do no harm when it wakes', async () => {
      const prefix = newPrefix();
      const file = join(temporaryFolder(), 'done');
      const zombie = startProcess(prefix, file, 'b');
      const queue = workflowQueue({ connection, prefix, types: ['work'] });
      const listener = listen(queue.enqueue(threeSteps, { id: 'run' }));
      await listener.seen('token b');
      zombie.child.kill('SIGSTOP');
      startWorker({ prefix, ...work(file) });
      await listener.completed();
      const whole = [...listener.events];
      zombie.child.kill('SIGCONT');
      await zombie.until(/run-lost/);
      expect((await collect(queue.events('run'))).map(({ value }) => value)).toEqual(whole);
      expect(outputsOf(whole)).toEqual([threeResults]);
      expect(lines(file)).toEqual(['a', 'ask b', 'ask b', 'b', 'c']);
    });

    it('gives a run up that ends with its workers', async () => {
      const prefix = newPrefix();
      const file = join(temporaryFolder(), 'done');
      const queue = workflowQueue({ connection, prefix, types: ['work'] });
      const victim = startProcess(prefix, file, 'a', { maxCrashes: 0 });
      const listener = listen(queue.enqueue(threeSteps, { id: 'run' }));
      await listener.seen('partial a');
      await victim.kill('SIGKILL');
      const worker = startWorker({ prefix, ...work(file), maxCrashes: 0 });
      const error = await listener.failed();
      expect(error).toBeInstanceOf(WorkflowError);
      expect((error as Error).message).toBe('the run run has ended with its worker too many times');
      expect(lines(file)).toEqual([]);
      await eventually(() => expect(worker.events.map(brief)).toContain('run-error run'));
    });

    describe('an id', () => {
      it('is that of one run, however often it is queued', async () => {
        const prefix = newPrefix();
        const file = join(temporaryFolder(), 'done');
        const runs = [1, 2, 3].map(() =>
          workflowQueue({ connection, prefix, types: ['work'] }).enqueue(threeSteps, {
            id: 'run',
            inputs: { z: 1, y: [{ b: 2, a: 1 }] },
          }),
        );
        startWorker({ prefix, ...work(file), concurrency: 3 });
        const told = await Promise.all(runs.map((run$) => collect(run$)));
        expect(told[1]).toEqual(told[0]);
        expect(told[2]).toEqual(told[0]);
        expect(lines(file)).toEqual(['a', 'ask b', 'b', 'c']);
        // The same again, with its keys in another order, after the end.
        const same = { steps: threeSteps.steps, name: threeSteps.name };
        const later = workflowQueue({ connection, prefix, types: ['work'] });
        const inputs = { y: [{ a: 1, b: 2 }], z: 1 };
        expect(await collect(later.enqueue(same, { id: 'run', inputs }))).toEqual(told[0]);
        expect(lines(file)).toEqual(['a', 'ask b', 'b', 'c']);

        for (const other of [
          later.enqueue({ ...threeSteps, name: 'other' }, { id: 'run', inputs }),
          later.enqueue(threeSteps, { id: 'run', inputs: {} }),
        ]) {
          const { values, error } = await collectFailure(other);
          expect(values).toEqual([]);
          expect(error).toBeInstanceOf(RunConflictError);
          expect(error).toMatchObject({ name: 'RunConflictError', id: 'run', retryable: false });
        }
      });

      it.each(['', '12', 'a:b', 'a b', 'é', 'x'.repeat(129), 7, undefined])(
        'that cannot be one is refused: %j',
        (id) => {
          const queue = workflowQueue({ connection });
          expect(() => queue.enqueue(oneStep(), { id: id as never })).toThrow(
            /^enqueue: id must be up to 128/,
          );
          expect(() => queue.events(id as never)).toThrow(TypeError);
          expect(() => queue.cancel(id as never)).toThrow(TypeError);
        },
      );
    });

    it('refuses a wrong definition before anything is queued', async () => {
      const prefix = newPrefix();
      const queue = workflowQueue({ connection, prefix });
      const wrong = await collectFailure(queue.enqueue(oneStep({ type: 'llm_chta' }), { id: 'run' }));
      expect(wrong.error).toBeInstanceOf(WorkflowError);
      expect((wrong.error as WorkflowError).path).toBe('steps[0].type');
      const inputs = { when: new Date() } as never;
      const known = workflowQueue({ connection, prefix, types: ['work'] });
      const odd = await collectFailure(known.enqueue(oneStep(), { id: 'run', inputs }));
      expect((odd.error as Error).message).toBe('workflow one: inputs.when: must be a plain object');
      expect(server.cli('keys', `*${prefix}*`).trim()).toBe('');
    });

    it('takes what a workflow calls along: the files may have changed by then', async () => {
      const prefix = newPrefix();
      const folder = temporaryFolder();
      const file = join(folder, 'main.json');
      const poet = (word: string) => ({
        name: 'poet',
        steps: [{ id: 'line', type: 'output', inputs: { line: word } }],
      });
      writeFileSync(join(folder, 'poet.json'), JSON.stringify(poet('roses')));
      writeFileSync(
        file,
        JSON.stringify({
          name: 'main',
          steps: [{ id: 'call', type: 'agent_call', config: { workflow: 'poet.json' } }],
        }),
      );
      const queue = workflowQueue({ connection, prefix });
      const listener = listen(queue.enqueue(file, { id: 'run' }));
      await eventually(() => expect(server.cli('keys', `*${prefix}bull}:workflows:run`).trim()).not.toBe(''));
      writeFileSync(join(folder, 'poet.json'), JSON.stringify(poet('tulips')));
      startWorker({ prefix });
      await listener.completed();
      expect(outputsOf(listener.events)).toMatchObject([{ line: 'roses' }]);
    });

    describe('cancel', () => {
      const endless = () => {
        let left = 0;
        const handlers = {
          work: () => concat(of({ value: 1 }), NEVER).pipe(finalize(() => left++)),
        };
        return { handlers, left: () => left };
      };

      it('ends a run on another machine, and its listeners know', async () => {
        const prefix = newPrefix();
        const { handlers, left } = endless();
        const worker = startWorker({ prefix, handlers });
        const listener = listen(
          workflowQueue({ connection, prefix, types: ['work'] }).enqueue(oneStep({ config: { x: 1 } }), {
            id: 'run',
          }),
        );
        await listener.seen('step-start a');
        const other = workflowQueue({ connection, prefix });
        expect(await collect(other.cancel('run'))).toEqual([true]);
        expect(await listener.failed()).toBeInstanceOf(RelayAbortedError);
        await eventually(() => expect(left()).toBe(1));
        await eventually(() => expect(worker.events.map(brief)).toContain('run-cancelled run'));
        expect(await collect(other.cancel('run'))).toEqual([false]);
        const late = await collectFailure(other.events('run'));
        expect(late.error).toBeInstanceOf(RelayAbortedError);
        expect(server.cli('keys', `${prefix}run:*`).trim()).toBe('');
      });

      it('of a run that waits keeps it from beginning', async () => {
        const prefix = newPrefix();
        const file = join(temporaryFolder(), 'done');
        const queue = workflowQueue({ connection, prefix, types: ['work'] });
        const listener = listen(queue.enqueue(threeSteps, { id: 'run' }));
        await eventually(() =>
          expect(server.cli('keys', `*${prefix}bull}:workflows:run`).trim()).not.toBe(''),
        );
        expect(await collect(queue.cancel('run'))).toEqual([true]);
        expect(await listener.failed()).toBeInstanceOf(RelayAbortedError);
        startWorker({ prefix, ...work(file) });
        await collect(queue.enqueue(threeSteps, { id: 'another' }));
        const again = await collectFailure(queue.enqueue(threeSteps, { id: 'run' }));
        expect(again.error).toBeInstanceOf(RelayAbortedError);
        expect(lines(file)).toEqual(['a', 'ask b', 'b', 'c']);
      });

      it('is not what unsubscribing does', async () => {
        const prefix = newPrefix();
        const file = join(temporaryFolder(), 'done');
        const queue = workflowQueue({ connection, prefix, types: ['work'] });
        const first = queue.enqueue(threeSteps, { id: 'run' }).subscribe();
        await eventually(() =>
          expect(server.cli('keys', `*${prefix}bull}:workflows:run`).trim()).not.toBe(''),
        );
        first.unsubscribe();
        startWorker({ prefix, ...work(file) });
        const events = await collect(queue.events('run'));
        expect(outputsOf(events.map(({ value }) => value))).toEqual([threeResults]);
      });
    });

    it('ends a run that takes too long, as its own failure', async () => {
      const prefix = newPrefix();
      let left = 0;
      startWorker({ prefix, handlers: { work: () => defer(() => NEVER).pipe(finalize(() => left++)) } });
      const queue = workflowQueue({ connection, prefix, types: ['work'] });
      const { values, error } = await collectFailure(queue.enqueue(oneStep(), { id: 'run', timeout: 3000 }));
      expect(values.map(brief)).toEqual(['workflow-start', 'step-start a']);
      expect(error).toBeInstanceOf(WorkflowError);
      expect(error).toMatchObject({ message: 'the run run took longer than 3000 ms', retryable: false });
      await eventually(() => expect(left).toBe(1));
    });

    describe('a failure', () => {
      const failing = (errors: readonly Error[]) => {
        const calls: { readonly id: string; readonly at: number }[] = [];
        const left = [...errors];
        const handler: StepHandler = ({ id }) =>
          defer(() => {
            calls.push({ id, at: performance.now() });
            const error = id === 'b' ? left.shift() : undefined;
            return error === undefined ? of({ value: id }) : throwError(() => error);
          });
        return { calls, handlers: { work: handler } };
      };
      const two = {
        name: 'two',
        steps: [
          { id: 'a', type: 'work' },
          { id: 'b', type: 'work', depends_on: ['a'] },
        ],
      };
      const retry = { count: 2, delay: 200, jitter: 0 };

      it('that can heal is tried again after a pause, from the steps that have ended', async () => {
        const prefix = newPrefix();
        const { calls, handlers } = failing([new ConnectionError('gone'), new ConnectionError('gone again')]);
        const worker = startWorker({ prefix, handlers });
        const queue = workflowQueue({ connection, prefix, types: ['work'] });
        const events = await collect(queue.enqueue(two, { id: 'run', retry }));
        expect(outputsOf(events)).toEqual([{ value: 'b' }]);
        expect(calls.map(({ id }) => id)).toEqual(['a', 'b', 'b', 'b']);
        expect(events.map(brief)).toEqual([
          ...['workflow-start', 'step-start a', 'step-end a'],
          ...['step-start b', 'step-error b', 'run-retry'],
          ...['workflow-resumed', 'step-restored a', 'step-restarted b', 'step-error b', 'run-retry'],
          ...['workflow-resumed', 'step-restored a', 'step-restarted b', 'step-end b', 'workflow-end'],
        ]);
        const retries = events.flatMap((event) => (event.type === 'run-retry' ? [event] : []));
        expect(retries).toMatchObject([
          { attempt: 1, delay: 200 },
          { attempt: 2, delay: 400 },
        ]);
        expect(retries[0]?.error).toBeInstanceOf(WorkflowError);
        expect(retries[0]?.error.cause).toBeInstanceOf(ConnectionError);
        expect(calls[2]!.at - calls[1]!.at).toBeGreaterThanOrEqual(195);
        expect(calls[3]!.at - calls[2]!.at).toBeGreaterThanOrEqual(395);
        await eventually(() =>
          expect(worker.events.flatMap((event) => ('attempt' in event ? [event.attempt] : []))).toEqual([
            1, 2, 3,
          ]),
        );
      });

      it('is tried no more often than asked, nor after the time is up', async () => {
        const prefix = newPrefix();
        const { calls, handlers } = failing(Array.from({ length: 9 }, () => new ConnectionError('gone')));
        startWorker({ prefix, handlers });
        const queue = workflowQueue({ connection, prefix, types: ['work'] });
        const spent = await collectFailure(queue.enqueue(two, { id: 'run', retry: { count: 1, delay: 1 } }));
        expect(spent.error).toMatchObject({ name: 'WorkflowError', path: 'steps[1]', retryable: true });
        expect(calls.map(({ id }) => id)).toEqual(['a', 'b', 'b']);
        const late = await collectFailure(
          queue.enqueue(two, { id: 'late', timeout: 5000, retry: { count: 5, delay: 9000, jitter: 0 } }),
        );
        expect((late.error as Error).message).toBe('the run late took longer than 5000 ms');
      });

      it('that cannot is the end, typed and without secrets, wherever it is heard', async () => {
        const prefix = newPrefix();
        const secret = 'sk-abcdef123456';
        const { calls, handlers } = failing([
          new AuthenticationError(`401 for ${secret}`, { provider: 'openai' }),
        ]);
        startWorker({ prefix, handlers });
        const queue = workflowQueue({ connection, prefix, types: ['work'] });
        const { values, error } = await collectFailure(queue.enqueue(two, { id: 'run', retry }));
        expect(calls.map(({ id }) => id)).toEqual(['a', 'b']);
        expect(values.at(-1)?.type).toBe('step-error');
        expect(error).toBeInstanceOf(WorkflowError);
        expect(error).toMatchObject({ path: 'steps[1]', retryable: false });
        expect((error as Error).cause).toBeInstanceOf(AuthenticationError);
        expect((error as Error).cause).toMatchObject({ provider: 'openai' });
        await eventually(() =>
          expect(server.cli('hget', `{${prefix}bull}:workflows:run`, 'failedReason')).not.toBe('\n'),
        );
        const keys = server.cli('keys', `*${prefix}*`).trim().split('\n');
        const dump = keys
          .map((key) => {
            const type = server.cli('type', key).trim();
            if (type === 'hash') return server.cli('hgetall', key);
            return type === 'stream' ? server.cli('xrange', key, '-', '+') : '';
          })
          .join('\n');
        expect(dump).toContain('[redacted]');
        expect(dump).not.toContain(secret);
      });

      it('of a provider that says when to come back is tried again then', async () => {
        const prefix = newPrefix();
        const { calls, handlers } = failing([new RateLimitError('slow down', { retryAfter: 700 })]);
        startWorker({ prefix, handlers });
        const queue = workflowQueue({ connection, prefix, types: ['work'] });
        const events = await collect(queue.enqueue(two, { id: 'run', retry: 1 }));
        expect(events.find(({ type }) => type === 'run-retry')).toMatchObject({ delay: 700 });
        expect(calls[2]!.at - calls[1]!.at).toBeGreaterThanOrEqual(695);
      });
    });

    describe('limits', () => {
      const asking = (count: number) => ({
        name: 'asking',
        config: { max_concurrency: 8 },
        steps: Array.from({ length: count }, (_, index) => ({
          id: `s${index}`,
          type: 'llm_chat',
          config: { provider: 'm' },
          inputs: { message: 'x' },
        })),
      });

      it('hold for all workers together', async () => {
        const prefix = newPrefix();
        const times: number[] = [];
        const m = scriptedModel({
          text: 'so',
          tokensPerSecond: Infinity,
          onRequest: () => times.push(Date.now()),
        });
        const limits = { scripted: { max: 3, per: 400 } };
        const workers = [1, 2].map(() => startWorker({ prefix, models: { m }, limits }));
        await eventually(() => expect(workers.every(({ events }) => events.length > 0)).toBe(true));
        const began = Date.now();
        const queue = workflowQueue({ connection, prefix });
        await Promise.all(['x', 'y'].map((id) => collect(queue.enqueue(asking(5), { id }))));
        expect(times).toHaveLength(10);
        // The fourth three begin in the fourth window.
        expect(times.at(-1)! - began).toBeGreaterThanOrEqual(3 * 400 - 5);
        const reserved = server.cli('lrange', `${prefix}limit:{scripted}`, '0', '-1').trim();
        expect(reserved === '' ? 0 : reserved.split('\n').length).toBeLessThanOrEqual(3);
      });

      it('hold back everybody while a provider wants to be left alone', async () => {
        const prefix = newPrefix();
        const times: number[] = [];
        let asked = 0;
        const refused = scriptedModel({
          text: 'so',
          tokensPerSecond: Infinity,
          error: new RateLimitError('429', { retryAfter: 800 }),
          failAfter: 0,
        });
        const calm = scriptedModel({ text: 'so', tokensPerSecond: Infinity });
        const m = Object.assign((...call: Parameters<typeof calm>) => calm(...call), {
          complete: (...call: Parameters<typeof calm.complete>) => calm.complete(...call),
          provider: 'shy',
          model: 'x',
          events: (...call: Parameters<typeof calm.events>) =>
            defer(() => {
              times.push(performance.now());
              return asked++ === 0 ? refused.events(...call) : calm.events(...call);
            }),
        });
        startWorker({ prefix, models: { m }, limits: { shy: { max: 1000, per: 1 } }, concurrency: 2 });
        const chat = {
          name: 'chat',
          steps: [
            { id: 'a', type: 'llm_chat', config: { provider: 'm', stream: true }, inputs: { message: 'x' } },
          ],
        };
        const queue = workflowQueue({ connection, prefix });
        const first = listen(queue.enqueue(chat, { id: 'first', retry: 1 }));
        await first.seen('run-retry');
        await collect(queue.enqueue(chat, { id: 'second' }));
        await first.completed();
        expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(750);
        expect(times).toHaveLength(3);
      });
    });

    describe('a worker', () => {
      it('drains: it takes nothing more, lets its runs end, and completes', async () => {
        const prefix = newPrefix();
        const file = join(temporaryFolder(), 'done');
        const drain = new Subject<void>();
        const worker = startWorker({ prefix, ...work(file), drainOn: drain });
        const queue = workflowQueue({ connection, prefix, types: ['work'] });
        const first = listen(queue.enqueue(oneStep({ config: { ms: 700 } }), { id: 'first' }));
        await first.seen('partial a');
        drain.next();
        const second = listen(queue.enqueue(oneStep(), { id: 'second' }));
        await first.completed();
        await worker.ended;
        expect(worker.events.map(brief)).toEqual([
          ...['ready', 'run-start first', 'draining', 'run-end first'],
        ]);
        expect(second.events).toEqual([]);
        startWorker({ prefix, ...work(file) });
        await second.completed();
      });

      it('leaves to others what takes longer, on SIGTERM and when it is unsubscribed', async () => {
        const prefix = newPrefix();
        const file = join(temporaryFolder(), 'done');
        const leaving = startProcess(prefix, file, 'b', { drainWithin: 100 });
        const queue = workflowQueue({ connection, prefix, types: ['work'] });
        const listener = listen(queue.enqueue(threeSteps, { id: 'run' }));
        await listener.seen('token b');
        leaving.child.kill('SIGTERM');
        await leaving.until(/"draining"[^]*"run-handed-back"[^]*"drained"/);
        await eventually(() => expect(leaving.child.exitCode).toBe(0));

        const second = startWorker({ prefix, ...work(file, 'c'), stalledInterval: 60_000 });
        await listener.seen('partial c');
        second.stop();
        const began = performance.now();
        startWorker({ prefix, ...work(file), stalledInterval: 60_000, lockDuration: 60_000 });
        await listener.completed();
        // It was handed over, not found dead.
        expect(performance.now() - began).toBeLessThan(30_000);
        expect(outputsOf(listener.events)).toEqual([threeResults]);
        expect(lines(file)).toEqual(['a', 'ask b', 'ask b', 'b', 'c']);
      });

      it('makes many runs at once', async () => {
        const prefix = newPrefix();
        const file = join(temporaryFolder(), 'done');
        for (let i = 0; i < 2; i++) startWorker({ prefix, ...work(file), concurrency: 5 });
        const queue = workflowQueue({ connection, prefix, types: ['work'] });
        const all = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            collect(queue.enqueue(threeSteps, { id: `run-${index}` })),
          ),
        );
        for (const events of all) {
          expect(outputsOf(events)).toEqual([threeResults]);
          expect(screen(events)['b']).toBe('one two three');
        }
        for (const step of ['a', 'b', 'c', 'ask b'])
          expect(lines(file).filter((line) => line === step)).toHaveLength(20);
      });

      it.each<[string, () => Promise<{ connection: QueueConnection; close: () => unknown }>]>([
        [
          'an address',
          () => Promise.resolve({ connection: { host: '127.0.0.1', port: server.port }, close: () => 0 }),
        ],
        [
          'a client of redis',
          async () => {
            const client = createClient({ url: server.url });
            await client.connect();
            return { connection: client as never, close: () => client.close() };
          },
        ],
        [
          'an instance of ioredis',
          () => {
            const client = new Redis(server.url, { maxRetriesPerRequest: null });
            return Promise.resolve({ connection: client, close: () => client.disconnect() });
          },
        ],
      ])('works with %s, and leaves nothing open', async (_, make) => {
        const clients = () => server.cli('client', 'list').trim().split('\n').length;
        await vi.waitFor(() => expect(clients()).toBe(1), { timeout: 20_000 });
        const { connection: given, close } = await make();
        const own = 'host' in given ? 1 : 2;
        const prefix = newPrefix();
        const file = join(temporaryFolder(), 'done');
        const queue = workflowQueue({ connection: given, prefix, types: ['work'] });
        const worker = startWorker({ prefix, connection: given, ...work(file) });
        for (const id of ['one', 'two']) {
          const events = await collect(queue.enqueue(threeSteps, { id }));
          expect(outputsOf(events)).toEqual([threeResults]);
        }
        const hanging = queue.events('never').subscribe();
        expect(await collect(queue.cancel('none'))).toEqual([true]);
        hanging.unsubscribe();
        worker.stop();
        await vi.waitFor(() => expect(clients()).toBe(own), { timeout: 20_000 });
        await close();
        expect(worker.events.filter(({ type }) => type === 'trouble')).toEqual([]);
      });
    });

    it('goes on when Redis was away for a while', async () => {
      const own = await redisServer('--appendonly', 'yes', '--appendfsync', 'always');
      onTestFinished(() => own.stop());
      const there = { url: own.url };
      const file = join(temporaryFolder(), 'done');
      const worker = startWorker({ connection: there, ...work(file), lockDuration: 20_000 });
      const queue = workflowQueue({ connection: there, types: ['work'] });
      const run = (id: string) => listen(queue.enqueue(oneStep({ config: { ms: 1500 } }), { id }));
      const first = run('first');
      await first.seen('partial a');
      await own.restart('kill', 200);
      await first.completed();
      expect(first.events.map(brief)).toEqual([
        ...['workflow-start', 'step-start a', 'partial a', 'partial a', 'step-end a', 'workflow-end'],
      ]);
      await collect(queue.enqueue(oneStep(), { id: 'second' }));
      expect(lines(file)).toEqual(['a', 'a']);
      worker.stop();
    });

    it('keeps the id of a run that has ended for as long as it says, and its events for as long as the relay', async () => {
      const prefix = newPrefix();
      const file = join(temporaryFolder(), 'done');
      startWorker({ prefix, ...work(file) });
      const queue = workflowQueue({ connection, prefix, types: ['work'], keep: 1000 });
      const events = await collect(queue.enqueue(oneStep(), { id: 'first' }));
      const jobs = () => server.cli('keys', `{${prefix}bull}:workflows:*st`).trim();
      let others = 0;
      await vi.waitFor(
        async () => {
          await collect(queue.enqueue(oneStep(), { id: `other-${others++}` }));
          expect(jobs()).toBe('');
        },
        { timeout: 20_000, interval: 500 },
      );
      // The relay remembers it longer: it is not run again.
      const before = lines(file).length;
      expect(await collect(queue.enqueue(oneStep(), { id: 'first' }))).toEqual(events);
      expect(lines(file)).toHaveLength(before);
    });

    it('goes through another relay when it is given one', async () => {
      const prefix = newPrefix();
      const relay = memoryRelay();
      startWorker({ prefix, relay, handlers: { work: () => timer(5).pipe(map(() => ({ value: 1 }))) } });
      const queue = workflowQueue({ connection, prefix, relay, types: ['work'] });
      const events = await collect(queue.enqueue(oneStep(), { id: 'run' }));
      expect(outputsOf(events)).toEqual([{ value: 1 }]);
      expect((await collect(relay.replay('run'))).map(({ value }) => value)).toEqual(events);
    });
  },
);

describe('options out of range', () => {
  const url = 'redis://127.0.0.1:1';
  it.each<[() => unknown, string]>([
    [() => workflowQueue({} as never), 'workflowQueue: connection must be a client of redis or ioredis'],
    [() => workflowQueue({ connection: { url: 'no url' } }), 'workflowQueue: url must be a URL'],
    [
      () => workflowQueue({ connection: { url }, keep: 10 }),
      'workflowQueue: keep must be milliseconds from 1000',
    ],
    [
      () => workflowQueue({ connection: { url }, prefix: '{x}' }),
      'workflowQueue: prefix must be a text without {',
    ],
    [
      () => workflowQueue({ connection: { url } }).enqueue({}, { id: 'x', timeout: 0 }),
      'enqueue: timeout must be',
    ],
    [
      () => workflowQueue({ connection: { url } }).enqueue({}, { id: 'x', retry: -1 }),
      'enqueue: retry must be',
    ],
    [() => workflowWorker({ connection: { url }, concurrency: 0 }), 'workflowWorker: concurrency must be'],
    [() => workflowWorker({ connection: { url }, lockDuration: 0 }), 'workflowWorker: lockDuration must be'],
    [
      () => workflowWorker({ connection: { url }, stalledInterval: NaN }),
      'workflowWorker: stalledInterval must',
    ],
    [() => workflowWorker({ connection: { url }, drainWithin: -1 }), 'workflowWorker: drainWithin must be'],
    [() => workflowWorker({ connection: { url }, maxCrashes: 0.5 }), 'workflowWorker: maxCrashes must be'],
    [
      () => workflowWorker({ connection: { url }, limits: { x: { max: 0, per: 1 } } }),
      'workflowWorker: limits.x.max must be a whole number from 1 to 10000, got 0',
    ],
    [
      () => workflowWorker({ connection: { url }, limits: { x: { max: 1, per: 0 } } }),
      'workflowWorker: limits.x.per must be milliseconds over 0, got 0',
    ],
    [
      () => workflowWorker({ connection: { url }, handlers: { tts: () => ({}) } }),
      'workflowWorker: handlers: type',
    ],
  ])('%s', (call, message) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });
});
