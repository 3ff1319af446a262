import { catchError, defer, switchMap, throwError, timer, type Observable } from 'rxjs';
import { redisScript, type RedisLink } from '../../providers/redis/redisLink.js';
import type { ChatModel } from '../../src/chatModel.js';
import { OverloadedError, RateLimitError } from '../../src/errors.js';
import { longestTimer } from '../../src/longestTimer.js';
import type { Voice } from '../../src/voice.js';
import type { AroundProviders } from '../workflow/startRun.js';

/** How often a provider may be asked, by all workers together. */
export interface RateLimit {
  /** Requests at most in any `per` milliseconds. A whole number over 0, at most 10,000. */
  readonly max: number;
  /** Milliseconds. Over 0. */
  readonly per: number;
}

/** Gives each request its time: the earliest with no more than `max` in any `per`, in the order of asking. */
const reserveScript = redisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local max, per = tonumber(ARGV[1]), tonumber(ARGV[2])
local at = math.max(now, tonumber(redis.call('GET', KEYS[2]) or '0'))
local oldest = redis.call('LINDEX', KEYS[1], -max)
if oldest then at = math.max(at, tonumber(oldest) + per) end
local last = redis.call('LINDEX', KEYS[1], -1)
if last then at = math.max(at, tonumber(last)) end
redis.call('RPUSH', KEYS[1], string.format('%.0f', at))
redis.call('LTRIM', KEYS[1], -max, -1)
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', at - now + per))
return at - now
`);

/** Nobody asks before that time. */
const holdScript = redisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local at = now + tonumber(ARGV[1])
if at <= tonumber(redis.call('GET', KEYS[1]) or '0') then return 0 end
redis.call('SET', KEYS[1], string.format('%.0f', at), 'PX', ARGV[1])
return 1
`);

/** Puts the limits of their providers around models and voices. */
export function limitProviders(
  link: RedisLink,
  limits: Readonly<Record<string, RateLimit>>,
): AroundProviders {
  /** The request, at its time; a provider that says when it wants to be asked again is left alone until then. */
  const around = <T>(
    provider: string,
    { max, per }: RateLimit,
    request: () => Observable<T>,
  ): Observable<T> => {
    const key = `${link.prefix}limit:{${provider}}`;
    const pause = `${key}:pause`;
    return defer(() => link.run(reserveScript, [key, pause], [String(max), String(Math.ceil(per))])).pipe(
      switchMap((wait) => timer(Math.min(longestTimer, Number(wait)))),
      switchMap(request),
      catchError((error: unknown) => {
        const patient = error instanceof RateLimitError || error instanceof OverloadedError;
        const { retryAfter = 0 } = patient ? error : {};
        const rethrown = throwError(() => error as Error);
        if (!(retryAfter >= 1)) return rethrown;
        const held = defer(() => link.run(holdScript, [pause], [String(Math.ceil(retryAfter))]));
        return held.pipe(
          catchError(() => rethrown),
          switchMap(() => rethrown),
        );
      }),
    );
  };
  return {
    model(model) {
      const limit = limitOf(limits, model.provider);
      if (!limit) return model;
      const limited = <T>(request: () => Observable<T>) => around(model.provider, limit, request);
      const asked: Omit<ChatModel, never> = Object.assign(
        (...call: Parameters<ChatModel>) => limited(() => model(...call)),
        {
          events: (...call: Parameters<ChatModel['events']>) => limited(() => model.events(...call)),
          complete: (...call: Parameters<ChatModel['complete']>) => limited(() => model.complete(...call)),
          provider: model.provider,
          model: model.model,
        },
      );
      return asked as ChatModel;
    },
    voice(voice) {
      const limit = limitOf(limits, voice.provider);
      if (!limit) return voice;
      const spoken = (...call: Parameters<Voice>) => around(voice.provider, limit, () => voice(...call));
      const { provider, format, maxConcurrency } = voice;
      return Object.assign(spoken, {
        provider,
        format,
        ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
      });
    },
  };
}

function limitOf(limits: Readonly<Record<string, RateLimit>>, provider: string): RateLimit | undefined {
  return Object.hasOwn(limits, provider) ? limits[provider] : undefined;
}
