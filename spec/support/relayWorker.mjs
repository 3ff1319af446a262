// A process that publishes to a relay through Redis, for specs that kill it, stop it and let it go on: URL (of a cluster,
// several with commas between), told by messages what to publish, tells when it has begun and how it has ended.
import { Cluster } from 'ioredis';
import { concatMap, count, delay, from, of, retry, switchMap, tap, timer } from 'rxjs';
import { RelayOwnedError } from 'rx-aloud';
import { publishTo } from 'rx-aloud/operators';
import { redisRelay } from 'rx-aloud/providers/redis';

const [url, lease] = process.argv.slice(2);
const where = url.includes(',') ? { client: new Cluster(url.split(',')) } : { url };
const relay = redisRelay({ ...where, lease: Number(lease) });

process.on('message', ({ id, tokens, pace, slowAt = Infinity, takeOver }) => {
  // From some token on it takes its time: who wants to end it there is in time on any machine.
  const paceAt = (index) => (index < slowAt ? pace : 200);
  const paced = (from_) =>
    from(tokens.slice(from_)).pipe(concatMap((token, index) => of(token).pipe(delay(paceAt(from_ + index)))));
  let begun = false;
  const begin = (source) =>
    source.pipe(
      tap({
        subscribe: () => {
          begun = true;
          process.send({ id, type: 'begun' });
        },
      }),
    );
  begin(paced(0))
    .pipe(
      publishTo(relay, id, {
        takeOver,
        resume: (written$) =>
          written$.pipe(
            count(),
            switchMap((written) => begin(paced(written))),
          ),
      }),
      retry({
        delay: (error) => {
          // The predecessor's lease still runs.
          if (error instanceof RelayOwnedError && !begun) return timer(Math.min(error.retryAfter, 100));
          throw error;
        },
      }),
    )
    .subscribe({
      error: (error) => process.send({ id, type: 'over', how: error.name }),
      complete: () => process.send({ id, type: 'over', how: 'complete' }),
    });
});
process.on('disconnect', () => process.exit());
process.send({ type: 'ready' });
