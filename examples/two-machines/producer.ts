// One machine: a reply is made here, and published.          npx tsx examples/two-machines/producer.ts [ID] [PROMPT]
import { EMPTY, reduce, switchMap } from 'rxjs';
import { RelayOwnedError } from 'rx-aloud';
import { coalesceTokens, publishTo, retryBeforeFirstToken } from 'rx-aloud/operators';
import { redisRelay } from 'rx-aloud/providers/redis';
import { scriptedModel } from 'rx-aloud/providers/scripted';

const [id = 'reply-1', prompt = 'Why is the sky blue?'] = process.argv.slice(2);
const relay = redisRelay({ url: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379', lease: 2000 });
const text =
  'The sky is blue because air scatters the light. Blue light is scattered more than red. ' +
  'At sunset the way through the air is long, and red is left.';
const model = scriptedModel({ text, tokensPerSecond: Number(process.env['TOKENS_PER_SECOND'] ?? 10) });

model(prompt)
  .pipe(
    // An entry costs the same whatever its length: ten a second are enough for a screen.
    coalesceTokens(100),
    publishTo(relay, id, {
      // Started again after a crash, it goes on where the one before it was lost.
      resume: (written$) =>
        written$.pipe(
          reduce((all, part) => all + part, ''),
          switchMap((partial) => {
            console.log(`(going on after ${partial.length} characters)`);
            return partial === text ? EMPTY : model.complete(prompt, { continueFrom: partial });
          }),
        ),
    }),
    // One that was killed just now keeps the stream until its lease has run out: so long, and no longer, this one waits.
    retryBeforeFirstToken({ count: 10, when: (error) => error instanceof RelayOwnedError }),
  )
  .subscribe({
    next: (part) => console.log(part.trim()),
    complete: () => console.log('(published)'),
    error: (error: unknown) => {
      console.error(String(error));
      process.exitCode = 1;
    },
  });
