// Another machine: hears it, from the beginning or after a cursor.  npx tsx examples/two-machines/listener.ts [ID] [CURSOR]
import { redisRelay } from 'rx-aloud/providers/redis';

const [id = 'reply-1', after] = process.argv.slice(2);
const relay = redisRelay({ url: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379', lease: 2000 });
let last = after;

const listening = relay.replay<string>(id, { after, successorWithin: 60_000 }).subscribe({
  next: ({ cursor, value }) => {
    last = cursor;
    process.stdout.write(value);
  },
  complete: () => console.log('\n(the end)'),
  error: (error: unknown) => {
    console.error(`\n${String(error)}`);
    process.exitCode = 1;
  },
});

// Ctrl-C leaves, and tells how to come back; `c` and Enter cuts the producer off, wherever it is.
process.once('SIGINT', () => {
  listening.unsubscribe();
  console.log(`\n(go on with: ${id} ${last ?? ''})`);
  process.exit();
});
process.stdin.unref();
process.stdin.on('data', (typed) => {
  if (String(typed).trim() === 'c') relay.cancel(id).subscribe({ error: console.error });
});
