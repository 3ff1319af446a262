import { createHash } from 'node:crypto';
import { ConnectionError, type ProviderError } from '../../src/errors.js';
import { redactor, secretsOfUrl, type Redactor } from '../../src/secrets.js';
import { shown } from '../../src/shown.js';
import { inTime } from './inTime.js';
import {
  connectionOf,
  isRedisClient,
  type RedisArgument,
  type RedisClient,
  type RedisConnection,
} from './redisClient.js';
import { isPassing, isRefused, isUnknownScript, redisFailure } from './redisFailure.js';

/** Where Redis is. */
export interface RedisLinkConfig {
  /**
   * A connected client of yours: of the package `redis` (6), an instance of `ioredis` (5 or 6), or a cluster of either.
   * It is not closed; what blocks is read through a duplicate.
   */
  readonly client?: RedisClient | undefined;
  /** Instead of a client: `redis://user:password@host:6379/0`. Connected while it is used, by `redis` or else `ioredis`. */
  readonly url?: string | undefined;
  /** Before every key. No `{`. Default: `rx-aloud:`. */
  readonly prefix?: string | undefined;
  /**
   * Milliseconds that Redis may be away before what waits for it fails with a `ConnectionError`. Over 0; `Infinity`
   * waits for ever. Default: 60,000.
   */
  readonly outage?: number | undefined;
}

/** A script that Redis runs as one. */
export interface RedisScript {
  readonly text: string;
  readonly sha: string;
}

/** Milliseconds without an answer after which a cluster's client is to look anew who has the key. */
const patience = 3000;

/** Makes a script of its text. */
export function redisScript(text: string): RedisScript {
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** Asks Redis, again where the connection broke: only what may be done twice is asked through it. */
export interface RedisLink {
  readonly prefix: string;
  /** Milliseconds that Redis may be away. */
  readonly outage: number;
  readonly redactor: Redactor;
  /** When the connection was last seen to fail; `performance.now()`. */
  readonly failedAt: number;
  /** Keeps a connection that was made here until what it returns is called. */
  use(): () => void;
  call(args: RedisArgument[], key: string): Promise<unknown>;
  run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown>;
  /** A connection of its own, for commands that block. */
  dedicated(key: string): Promise<RedisConnection>;
  /** Whether keys of different partitions may be on different machines; known once connected. */
  isCluster(): Promise<boolean>;
  /** Tells that a connection has failed. */
  readonly failed: () => void;
  failure(error: unknown): ProviderError;
}

/** A link to Redis. Nothing is connected before it is used. */
export function redisLink(name: string, config: RedisLinkConfig): RedisLink {
  const { client, url, prefix = 'rx-aloud:', outage = 60_000 } = config;
  if ((client === undefined) === (url === undefined)) {
    throw new TypeError(`${name}: client or url must be given, and not both`);
  }
  if (client !== undefined && !isRedisClient(client)) {
    throw new TypeError(`${name}: client must be a client of redis or ioredis, got ${typeof client}`);
  }
  if (url !== undefined && !URL.canParse(url)) {
    throw new TypeError(`${name}: url must be a URL such as redis://127.0.0.1:6379`);
  }
  if (typeof prefix !== 'string' || /[{\p{Surrogate}]/u.test(prefix)) {
    throw new TypeError(`${name}: prefix must be a text without {, got ${JSON.stringify(prefix)}`);
  }
  if (!(outage > 0)) throw new TypeError(`${name}: outage must be milliseconds over 0, got ${shown(outage)}`);

  const given = client === undefined ? undefined : connectionOf(client);
  const redact = redactor(secretsOfUrl(url));
  let own: Promise<RedisConnection> | undefined;
  let users = 0;
  let stopWatching: (() => void) | undefined;
  let failedAt = -Infinity;
  let lookedAt = -Infinity;
  /** Why a connection of ours was given up for good. */
  let refusal: unknown;

  const connection = (): Promise<RedisConnection> | RedisConnection => {
    if (given !== undefined) return given;
    own ??= connect(url ?? '', (error) => (refusal = error)).then((made) => {
      made.onBreak(link.failed);
      return made;
    });
    return own;
  };
  /** One try, and no longer than Redis may be away. */
  const attempt = async (deadline: number, key: string, args: RedisArgument[]): Promise<unknown> => {
    const to = given ?? (await connection());
    // One that has lost all its machines is as if closed, until it begins to connect again.
    if (to.isClosed) await new Promise((resolve) => setImmediate(resolve));
    if (to.isClosed) {
      throw link.failure(
        refusal ??
          new ConnectionError('redis: the client is closed', { provider: 'redis', retryable: false }),
      );
    }
    return inTime(
      to.call(key, args),
      deadline - performance.now(),
      () => new ConnectionError(`redis: no answer within ${outage} ms`, { provider: 'redis' }),
    );
  };
  /**
   * Of a machine that stands still with its connections open a client notices nothing: while something waits for an
   * answer, a cluster's looks anew now and then. Once it knows who has taken over it breaks with the old one, which ends
   * the tries that wait.
   */
  const lookWhileWaiting = (key: string): (() => void) => {
    if (given?.lookAnew === undefined) return () => undefined;
    const every = Math.min(patience, outage / 3);
    const looking = setInterval(() => {
      link.failed();
      // One look is enough for all that wait.
      if (performance.now() - lookedAt < every / 2) return;
      lookedAt = performance.now();
      given.lookAnew?.(key);
    }, every);
    return () => clearInterval(looking);
  };

  const link: RedisLink = {
    prefix,
    redactor: redact,
    get failedAt() {
      return failedAt;
    },
    use() {
      if (users++ === 0) stopWatching = given?.onBreak(link.failed);
      let used = true;
      return () => {
        if (!used) return;
        used = false;
        if (--users > 0) return;
        stopWatching?.();
        if (own === undefined) return;
        const idle = own;
        own = undefined;
        refusal = undefined;
        idle.then((it) => it.close()).catch(() => undefined);
      };
    },
    async call(args, key) {
      const free = link.use();
      const deadline = performance.now() + outage;
      const answered = lookWhileWaiting(key);
      try {
        for (let pause = 20; ; pause = Math.min(1000, pause * 2)) {
          try {
            return await attempt(deadline, key, args);
          } catch (error) {
            if (error instanceof ConnectionError || isUnknownScript(error)) throw error;
            if (refusal !== undefined || !isPassing(error)) throw refusal ?? error;
            link.failed();
            if (failedAt + pause >= deadline) throw error;
            await new Promise((resolve) => setTimeout(resolve, pause));
          }
        }
      } finally {
        answered();
        free();
      }
    },
    async run(script, keys, args) {
      const [key = ''] = keys;
      const rest = [String(keys.length), ...keys, ...args];
      try {
        return await link.call(['EVALSHA', script.sha, ...rest], key);
      } catch (error) {
        if (!isUnknownScript(error)) throw error;
        return link.call(['EVAL', script.text, ...rest], key);
      }
    },
    outage,
    async dedicated(key) {
      const to = await connection();
      // A cluster's client learns by asking for a key where that is by now.
      if (to.isCluster) await link.call(['PTTL', key], key);
      return to.dedicated(key);
    },
    isCluster: async () => (await connection()).isCluster,
    failed: () => {
      failedAt = performance.now();
    },
    failure: (error) => redisFailure(error, redact),
  };
  return link;
}

/** A client of one's own for a URL, of whichever package is there. */
async function connect(url: string, refused: (error: unknown) => void): Promise<RedisConnection> {
  const watch = (
    client: { on(event: string, listener: (error: unknown) => void): unknown },
    give: () => void,
  ) => {
    client.on('error', (error) => {
      // A wrong password does not get right by trying: what waits is told at once.
      if (!isRefused(error)) return;
      refused(error);
      give();
    });
  };
  try {
    const { createClient } = await import('redis');
    const client = createClient({ url });
    watch(client, () => client.destroy());
    client.connect().catch(() => undefined);
    return connectionOf(client);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const { Redis } = await import('ioredis');
    const client = new Redis(url, { maxRetriesPerRequest: null });
    watch(client, () => client.disconnect());
    return connectionOf(client);
  }
}
