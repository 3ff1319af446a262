// Queues a run and listens to it: `node --import tsx examples/queue/enqueue.ts ID "Why is the sky blue?"`.
// The same id again, here or on another machine, tells the same run from its beginning; `ID --cancel` ends it.
import { fileURLToPath } from 'node:url';
import { workflowQueue } from 'rx-aloud/pipelines/bullmq';

const [id = 'sky', question = 'Why is the sky blue?'] = process.argv.slice(2);
const queue = workflowQueue({ connection: { url: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379' } });
const write = (text: string) => process.stdout.write(text);
const failed = (error: unknown) => {
  console.error(`\n${String(error)}`);
  process.exitCode = 1;
};

if (question === '--cancel') {
  queue.cancel(id).subscribe({
    next: (ended) => write(ended ? 'cancelled\n' : 'it had ended before\n'),
    error: failed,
  });
} else {
  const workflow = fileURLToPath(new URL('answer.json', import.meta.url));
  queue.enqueue(workflow, { id, inputs: { text: question }, timeout: 600_000 }).subscribe({
    next: (event) => {
      if (event.type === 'step-start' && event.stepType === 'llm_chat') write(`\n${event.step}: `);
      if (event.type === 'step-restored' && event.stepType === 'llm_chat')
        write(`\n${event.step}, kept: ${String(event.outputs['response'])}`);
      // On a screen, this is where its text is cleared.
      if (event.type === 'step-restarted') write(`\n${event.step}, again: `);
      if (event.type === 'token') write(event.text);
      if (event.type === 'run-retry') write(`\n${event.error.message}, again in ${event.delay} ms`);
      if (event.type === 'workflow-end') write(`\nDone: ${String(event.outputs['answer'])}\n`);
    },
    error: failed,
  });
}
