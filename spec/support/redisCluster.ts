import { execFileSync } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import { slotOf } from '../../providers/redis/redisClient.js';
import { freePort, redisMissing, redisServer, type RedisServer } from './redisServer.js';

/** A real Redis Cluster on loopback: three masters, of which one has a replica. */
export interface RedisCluster {
  readonly ports: readonly number[];
  /** Who have slots. */
  masters(): readonly RedisServer[];
  /** Who has the slot of a key. */
  masterOf(key: string): RedisServer;
  /** The master that has a replica. */
  replicated(): RedisServer;
  /**
   * Kills the master that has a replica; a second later that one takes over, and this waits until everybody knows. What
   * was written before is there; what `unseen` does is told by the master alone and lost with it.
   */
  failOver(unseen?: () => Promise<void>): Promise<void>;
  /**
   * Stops the master that has a replica, its open connections and all, and has that one take over. What it returns lets
   * the old one go on, and waits until it is a replica.
   */
  freeze(): Promise<() => Promise<void>>;
  /** Begins to move the slot of a key to another master; no key in it has a line break in its name. */
  moveSlotOf(key: string, to: RedisServer): SlotMove;
  stop(): Promise<void>;
}

/** A slot on its way from one master to another. */
export interface SlotMove {
  /** Moves so many of its keys; what asks for one of them is sent on with `ASK`. */
  moveKeys(count: number): void;
  /** Moves the rest, and tells everybody: what asks at the wrong place is sent on with `MOVED`. */
  finish(): void;
}

/** Why there is no cluster to test with; undefined where there is one. */
export const clusterMissing: string | undefined = (() => {
  if (redisMissing !== undefined) return redisMissing;
  const version = execFileSync('redis-server', ['--version'], { encoding: 'utf8' });
  return Number(/v=(\d+)/.exec(version)?.[1]) >= 7 ? undefined : `a cluster needs Redis 7: ${version.trim()}`;
})();

if (clusterMissing !== undefined && clusterMissing !== redisMissing) {
  console.log(`not tested here: ${clusterMissing}`);
}

const slots = 16_384;
/** Milliseconds without a master. */
const deadFor = 1000;

/** Starts a cluster, and waits until it is one. */
export async function redisCluster(): Promise<RedisCluster> {
  const start = async () =>
    redisServer(
      ...['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())],
      // Nobody takes over unless told to, nor counts as dead because the machine stands still for a while.
      ...['--cluster-node-timeout', '60000', '--cluster-replica-no-failover', 'yes'],
      ...['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1', '--repl-timeout', '10'],
    );
  const servers = [await start(), await start(), await start(), await start()];
  const [first, , , last] = servers as [RedisServer, RedisServer, RedisServer, RedisServer];
  const pair = [first, last];
  const firstId = first.cli('CLUSTER', 'MYID').trim();

  servers.slice(0, 3).forEach((master, index) => {
    const [from, until] = [index, index + 1].map((part) => Math.floor((slots * part) / 3));
    master.cli('CLUSTER', 'ADDSLOTSRANGE', String(from), String(Number(until) - 1));
    master.cli('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
  });
  const [busPort = ''] = /\d+/.exec(first.cli('CONFIG', 'GET', 'cluster-port')) ?? [];
  for (const server of servers.slice(1)) {
    server.cli('CLUSTER', 'MEET', '127.0.0.1', String(first.port), busPort);
  }
  await until(() => servers.every((server) => tells(server, 'CLUSTER', 'INFO', 'cluster_known_nodes:4')));
  last.cli('CLUSTER', 'REPLICATE', firstId);
  await until(() =>
    servers.every((server) => tells(server, 'CLUSTER', 'NODES', `slave,nofailover ${firstId}`)),
  );
  await until(() => agree(servers));

  const masters = () => servers.filter((server) => server.isRunning && isMaster(server));
  const masterOf = (key: string) => {
    const found = masters().find((server) => hasSlot(server, slotOf(key)));
    if (found === undefined) throw new Error(`nobody has the slot of ${key}`);
    return found;
  };
  const replicated = () => {
    const found = pair.find((server) => server.isRunning && isMaster(server));
    if (found === undefined) throw new Error('nobody is the master of the pair');
    return found;
  };

  /** The pair, once the replica has everything; one that is dead comes back as the replica. */
  const inStep = async () => {
    const dead = pair.find((server) => !server.isRunning);
    await dead?.restart();
    await until(() => agree(servers));
    const master = pair.find((server) => slotsOf(server) !== '');
    const replica = pair.find((server) => slotsOf(server) === '');
    if (master === undefined || replica === undefined) throw new Error('the pair does not share its slots');
    const follows = () => tells(replica, 'INFO', 'replication', `master_port:${master.port}`);
    // One that comes back follows whoever has taken the last of its slots: of a slot that has moved, somebody else.
    if (!follows()) tell(replica, 'CLUSTER', 'REPLICATE', master.cli('CLUSTER', 'MYID').trim());
    const isUp = () => tells(replica, 'INFO', 'replication', 'master_link_status:up');
    await until(() => follows() && isUp() && written(master) === written(replica));
    return { master, replica };
  };
  /** Makes the replica the master, whose place is free, and waits until the others know. */
  const takeOver = async (replica: RedisServer, from: RedisServer) => {
    if (isMaster(replica)) throw new Error('the replica has taken over by itself');
    tell(replica, 'CLUSTER', 'FAILOVER', 'TAKEOVER');
    await until(() => agree(servers.filter((server) => server !== from)));
  };

  return {
    ports: servers.map(({ port }) => port),
    masters,
    masterOf,
    replicated,
    async failOver(unseen) {
      const { master, replica } = await inStep();
      if (unseen !== undefined) {
        replica.signal('SIGSTOP');
        master.cli('CLIENT', 'KILL', 'TYPE', 'replica');
        await unseen();
      }
      await master.kill();
      replica.signal('SIGCONT');
      await after(deadFor);
      await takeOver(replica, master);
    },
    async freeze() {
      const { master, replica } = await inStep();
      master.signal('SIGSTOP');
      await after(deadFor);
      await takeOver(replica, master);
      return async () => {
        master.signal('SIGCONT');
        await until(() => !isMaster(master) && agree(servers));
      };
    },
    moveSlotOf(key, to) {
      const slot = String(slotOf(key));
      const from = masterOf(key);
      const idOf = (server: RedisServer) => server.cli('CLUSTER', 'MYID').trim();
      const ids = { to: idOf(to), from: idOf(from) };
      tell(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', ids.from);
      tell(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', ids.to);
      const moveKeys = (count: number) => {
        const keys = from.cli('CLUSTER', 'GETKEYSINSLOT', slot, String(count)).split('\n').filter(Boolean);
        if (keys.length > 0) {
          tell(from, 'MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...keys);
        }
      };
      return {
        moveKeys,
        finish() {
          moveKeys(10_000);
          for (const server of [to, from]) tell(server, 'CLUSTER', 'SETSLOT', slot, 'NODE', ids.to);
        },
      };
    },
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** Asks again and again, for ten seconds and more. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 500) throw new Error('the cluster does not agree');
    await after(20);
  }
}

/** Whether all of them can be asked, and say the same of who has which slots. */
function agree(servers: readonly RedisServer[]): boolean {
  const views = servers.map((server) => {
    if (!tells(server, 'CLUSTER', 'INFO', 'cluster_state:ok')) return undefined;
    const shards = server
      .cli('CLUSTER', 'NODES')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    const having = shards.map(([id, , , , , , , , ...ranges]) => [
      id,
      ...ranges.filter((range) => !range.startsWith('[')),
    ]);
    return having
      .filter(({ length }) => length > 1)
      .map((shard) => shard.join(' '))
      .sort()
      .join('\n');
  });
  return views[0] !== undefined && new Set(views).size === 1;
}

/** Has it do something, which fails where it does not. */
function tell(server: RedisServer, ...command: readonly string[]): void {
  const answer = server.cli(...command).trim();
  if (answer !== 'OK') throw new Error(`${command.join(' ')}: ${answer}`);
}

function tells(server: RedisServer, command: string, what: string, answer: string): boolean {
  return server.cli(command, what).includes(answer);
}

function isMaster(server: RedisServer): boolean {
  return tells(server, 'INFO', 'replication', 'role:master');
}

/** How far it has written, or copied, what was written. */
function written(server: RedisServer): string | undefined {
  return /(?:slave_repl_offset|master_repl_offset):(\d+)/.exec(server.cli('INFO', 'replication'))?.[1];
}

/** The slots that it has, such as `0-99 120`. */
function slotsOf(server: RedisServer): string {
  return /myself.* connected ?(.*)/.exec(server.cli('CLUSTER', 'NODES'))?.[1] ?? '';
}

function hasSlot(server: RedisServer, slot: number): boolean {
  return slotsOf(server)
    .split(' ')
    .some((range) => {
      const [from = NaN, to = from] = range.split('-').map(Number);
      return slot >= from && slot <= to;
    });
}
