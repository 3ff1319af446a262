import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { redisMissing, redisServer, type RedisServer } from '../support/redisServer.js';
import { runExample, startExample } from '../support/runExample.js';

describe.skipIf(redisMissing !== undefined)('the queue’s example', { timeout: 90_000 }, () => {
  let server: RedisServer;
  const env = () => ({ REDIS_URL: server.url });
  const start = (name: string, ...args: readonly string[]) => {
    const example = startExample(`queue/${name}`, args, { env: env() });
    onTestFinished(() => void example.process.kill('SIGKILL'));
    return example;
  };
  beforeAll(async () => {
    server = await redisServer();
  });
  afterAll(() => server.stop());

  it('goes on when a worker is killed, tells it again to who comes late, and drains', async () => {
    const first = start('worker');
    const listener = start('enqueue', 'sky', 'Why?');
    await listener.printed(/answer: Of all/);
    first.process.kill('SIGKILL');
    const second = start('worker');
    const { code, stdout, stderr } = await listener.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\ndraft: Sunlight .* everywhere\.\nanswer: Of all/);
    expect(stdout).toMatch(
      /\ndraft, kept: Sunlight .* everywhere\.\nanswer, again: Of all its colours .* the sky is blue\.\nDone: Of all its colours .* the sky is blue\.\n$/,
    );
    const late = await runExample('queue/enqueue', ['sky', 'Why?'], { env: env() });
    expect(late).toEqual({ code: 0, stdout, stderr: '' });
    const other = await runExample('queue/enqueue', ['sky', 'Why not?'], { env: env() });
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('RunConflictError: workflowQueue: the run sky is there already');

    await second.printed(/run-end/);
    second.process.kill('SIGTERM');
    expect(await second.ended).toMatchObject({ code: 0, stderr: '' });
    expect((await second.ended).stdout).toMatch(/"resumed":true[^]*"draining"[^]*\ndrained\n$/);
  });

  it('cancels from elsewhere', async () => {
    const worker = start('worker');
    const listener = start('enqueue', 'other');
    await listener.printed(/draft: Sunlight/);
    // It must not be done before the other one has started.
    worker.process.kill('SIGSTOP');
    const cancelled = await runExample('queue/enqueue', ['other', '--cancel'], { env: env() });
    expect(cancelled).toEqual({ code: 0, stdout: 'cancelled\n', stderr: '' });
    worker.process.kill('SIGCONT');
    await worker.printed(/run-cancelled/);
    const { code, stderr } = await listener.ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '\nRelayAbortedError: relay: other was aborted\n' });
  });
});
