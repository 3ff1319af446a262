import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/** A real Redis on a free loopback port, with a folder of its own. */
export interface RedisServer {
  readonly port: number;
  /** `redis://127.0.0.1:…` */
  readonly url: string;
  /** Whether it has been started, and not ended since. */
  readonly isRunning: boolean;
  /** Ends it, at once (SIGKILL) or in good order, and starts it again with what it had written down. */
  restart(how?: 'kill' | 'shutdown', milliseconds?: number): Promise<void>;
  /** Ends it at once; `restart` starts it again. */
  kill(): Promise<void>;
  /** Stops its process, open connections and all, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Whatever `redis-cli` prints. Fails where there is no answer in 20 seconds, as of a process that is stopped. */
  cli(...args: readonly string[]): string;
  stop(): Promise<void>;
}

/** Why there is no Redis to test with; undefined where there is one. */
export const redisMissing: string | undefined = (() => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no redis-server on this machine (apt-get install redis-server)';
  }
})();

if (redisMissing !== undefined) {
  const required = (process.env['RX_ALOUD_REQUIRE'] ?? '').split(',');
  if (required.includes('redis')) throw new Error(`RX_ALOUD_REQUIRE: ${redisMissing}`);
  console.log(`not tested here: ${redisMissing}`);
}

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return reply.toString().startsWith('+PONG') || reply.toString().startsWith('-NOAUTH');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Starts a Redis. `args` are options of its command line, such as `--appendonly yes`. */
export async function redisServer(...args: readonly string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rx-aloud-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;

  const start = async () => {
    const started = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...args],
      { stdio: 'ignore' },
    );
    child = started;
    for (let tries = 0; !(await answers(port)); tries++) {
      if (started.exitCode !== null || tries > 500) throw new Error(`redis-server did not start on ${port}`);
      await after(20);
    }
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ending = child;
    child = undefined;
    if (ending?.exitCode !== null || ending.signalCode !== null) return;
    ending.kill(signal);
    await once(ending, 'exit');
  };
  // A run of specs that is broken off leaves no server behind.
  const last = () => child?.kill('SIGKILL');
  process.once('exit', last);

  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get isRunning() {
      return child !== undefined;
    },
    async restart(how = 'shutdown', milliseconds = 0) {
      await end(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
      await after(milliseconds);
      await start();
    },
    kill: () => end('SIGKILL'),
    signal: (signal) => void child?.kill(signal),
    cli: (...command) =>
      execFileSync('redis-cli', ['-h', '127.0.0.1', '-p', String(port), ...command], {
        encoding: 'utf8',
        timeout: 20_000,
      }),
    async stop() {
      process.off('exit', last);
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
