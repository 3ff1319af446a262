import { redisScript, type RedisLink } from '../../providers/redis/redisLink.js';
import { AloudError } from '../../src/errors.js';
import type { StepCheckpoint, WorkflowCheckpoints } from '../workflow/checkpoint.js';

/** Another worker has the run by now. */
export class RunLostError extends AloudError {
  override readonly name = 'RunLostError';

  constructor(id: string) {
    super(`workflowWorker: another worker has the run ${id}`, { retryable: false });
  }
}

/** What a worker finds when it begins with a run. */
export interface BegunRun {
  /** One more than that of the worker before. */
  readonly epoch: number;
  readonly checkpoints: WorkflowCheckpoints;
  /** Milliseconds until the run has to have ended. */
  readonly left: number;
}

/** Where the checkpoints of runs are kept: a hash for each, that only the worker that began last may write. */
export interface RunStore {
  /** Takes a run over: whoever had it cannot write any more. */
  begin(id: string, timeout: number): Promise<BegunRun>;
  /** @throws RunLostError once somebody else has begun. */
  save(id: string, epoch: number, key: string, checkpoint: StepCheckpoint): Promise<void>;
  /** Forgets a run that has ended. */
  forget(id: string): Promise<void>;
}

/** Milliseconds after which the checkpoints of a run are let go that nobody has gone on with: thirty days. */
const forgotten = 30 * 86_400_000;

const beginScript = redisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
local timeout = tonumber(ARGV[1])
if timeout > 0 then redis.call('HSETNX', KEYS[1], 'until', string.format('%.0f', now + timeout)) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local untilWhen = redis.call('HGET', KEYS[1], 'until')
local left = -1
if untilWhen then left = math.max(0, tonumber(untilWhen) - now) end
return {epoch, left, redis.call('HGETALL', KEYS[1])}
`);

const saveScript = redisScript(`
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`);

/** Before the keys of checkpoints, in a run's hash. */
const mark = 'step:';

/** Keeps checkpoints in Redis. */
export function runStore(link: RedisLink): RunStore {
  const keyOf = (id: string) => `${link.prefix}run:{${id}}`;
  return {
    async begin(id, timeout) {
      const args = [String(Math.ceil(timeout)), String(forgotten)];
      const reply = await link.run(beginScript, [keyOf(id)], args);
      const [epoch, ms, words] = reply as readonly [unknown, unknown, readonly (Buffer | string)[]];
      const left = Number(ms);
      const checkpoints: Record<string, StepCheckpoint> = {};
      for (let index = 0; index + 1 < words.length; index += 2) {
        const field = String(words[index]);
        if (field.startsWith(mark))
          checkpoints[field.slice(mark.length)] = JSON.parse(String(words[index + 1])) as StepCheckpoint;
      }
      return { epoch: Number(epoch), checkpoints, left: left < 0 ? Infinity : left };
    },
    async save(id, epoch, key, checkpoint) {
      const args = [String(epoch), `${mark}${key}`, JSON.stringify(checkpoint), String(forgotten)];
      if (Number(await link.run(saveScript, [keyOf(id)], args)) !== 1) throw new RunLostError(id);
    },
    async forget(id) {
      await link.call(['DEL', keyOf(id)], keyOf(id));
    },
  };
}
