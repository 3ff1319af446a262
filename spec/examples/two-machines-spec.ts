import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisMissing, redisServer, type RedisServer } from '../support/redisServer.js';
import { startExample } from '../support/runExample.js';

const text =
  'The sky is blue because air scatters the light. Blue light is scattered more than red. ' +
  'At sunset the way through the air is long, and red is left.';

describe.skipIf(redisMissing)('two machines', { timeout: 60_000 }, () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await redisServer();
  });
  afterAll(() => server.stop());
  const start = (name: string, args: readonly string[], tokensPerSecond = 60) =>
    startExample(`two-machines/${name}`, args, {
      env: { REDIS_URL: server.url, TOKENS_PER_SECOND: String(tokensPerSecond) },
    });

  it('hear what is produced on one on the other, also when they come late', async () => {
    const early = start('listener', ['one']);
    const producer = start('producer', ['one']);
    expect(await producer.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await early.ended).toEqual({ code: 0, stderr: '', stdout: `${text}\n(the end)\n` });
    expect(await start('listener', ['one']).ended).toMatchObject({ stdout: `${text}\n(the end)\n` });
  });

  it('lose no word when the producer is killed and started again', async () => {
    const listener = start('listener', ['two']);
    const killed = start('producer', ['two'], 10);
    await listener.printed(/sky is/);
    killed.process.kill('SIGKILL');
    await killed.ended;
    const successor = await start('producer', ['two']).ended;
    expect(successor).toMatchObject({ code: 0, stderr: '' });
    expect(successor.stdout).toContain('(going on after');
    expect(await listener.ended).toEqual({ code: 0, stderr: '', stdout: `${text}\n(the end)\n` });
  });
});
