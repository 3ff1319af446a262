import { join } from 'node:path';
import { Cluster } from 'ioredis';
import { createCluster } from 'redis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { workflowQueue, workflowWorker } from '../../../pipelines/bullmq/index.js';
import { collect } from '../../support/collect.js';
import { quick, threeResults, threeSteps, work } from '../../support/queuedWork.js';
import { clusterMissing, redisCluster, type RedisCluster } from '../../support/redisCluster.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

describe.skipIf(clusterMissing)('a queue of workflows, on a Redis Cluster', { timeout: 60_000 }, () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await redisCluster();
  });
  afterAll(() => cluster.stop());

  it('runs a workflow, its jobs on one machine', async () => {
    const connection = new Cluster(cluster.ports.map((port) => ({ host: '127.0.0.1', port })));
    onTestFinished(() => connection.disconnect());
    const prefix = 'here:';
    const file = join(temporaryFolder(), 'done');
    const worker = workflowWorker({ connection, prefix, ...quick, ...work(file) }).subscribe();
    onTestFinished(() => worker.unsubscribe());
    const queue = workflowQueue({ connection, prefix, types: ['work'] });
    const events = await collect(queue.enqueue(threeSteps, { id: 'run' }));
    const ended = events.find(({ type }) => type === 'workflow-end');
    expect(ended).toMatchObject({ outputs: threeResults });
    expect(await collect(workflowQueue({ connection, prefix }).events('run'))).toHaveLength(events.length);
    const having = cluster
      .masters()
      .filter((master) => master.cli('--scan', '--pattern', '{here:bull}:*').trim());
    expect(having).toEqual([cluster.masterOf('{here:bull}')]);
  });

  it('says that BullMQ knows no cluster of the package redis', () => {
    const connection = createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${cluster.ports[0]}` }] });
    // @ts-expect-error -- its type says so, too
    expect(() => workflowQueue({ connection })).toThrow(
      /connection must be an instance of ioredis or an address/,
    );
  });
});
