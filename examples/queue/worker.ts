// Makes what is queued: `node --import tsx examples/queue/worker.ts`, as often and on as many machines as you like.
// It needs a Redis, at REDIS_URL or on this machine. SIGTERM lets it finish; kill it, and another one goes on.
import { fromEvent } from 'rxjs';
import { workflowWorker } from 'rx-aloud/pipelines/bullmq';
import { scriptedModel } from 'rx-aloud/providers/scripted';

const drafter = scriptedModel({
  text: 'Sunlight is made of all colours. The air scatters blue light far more than red, so blue comes from everywhere.',
  tokensPerSecond: 8,
});
const editor = scriptedModel({
  text: 'Of all its colours the air scatters blue the most, and so the sky is blue.',
  tokensPerSecond: 4,
});

workflowWorker({
  connection: { url: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379' },
  concurrency: 4,
  // In your own: ollama({ model: 'llama3.2' }) and the like. Files name them, keys stay here.
  models: { drafter, editor },
  limits: { scripted: { max: 50, per: 10_000 } },
  drainOn: fromEvent(process, 'SIGTERM'),
  // Quick to see that another worker has died; half a minute, by default, is kinder to a busy machine.
  lockDuration: 5000,
  stalledInterval: 2000,
}).subscribe({
  next: (event) => console.log(JSON.stringify(event)),
  error: (error: unknown) => console.error(String(error)),
  complete: () => console.log('drained'),
});
