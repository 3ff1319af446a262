import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { flite } from '../../../dist/providers/flite/index.js';

const sentences = [
  'The sky is blue because the air scatters blue light.',
  'I think we should leave before it gets dark, don’t you?',
  'Large language models produce tokens, which are then turned into audible speech for listeners, who may or may not be patient enough to wait for all of it.',
];
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const bytesPerMs = 32;

/** Speaks a text; times in ms. */
function speak(voice, text) {
  const start = performance.now();
  let first;
  let bytes = 0;
  return new Promise((resolve, reject) =>
    voice(text).subscribe({
      next: (event) => {
        if (event.type !== 'audio') return;
        first ??= performance.now() - start;
        bytes += event.data.length;
      },
      error: reject,
      complete: () => resolve({ first, all: performance.now() - start, audio: bytes / bytesPerMs }),
    }),
  );
}

/** The embedded voice: how soon it speaks, what an unsubscribe costs, and what the event loop feels of it. */
export default async function measure({ quick }) {
  const rounds = quick ? 6 : 30;
  const cold = await speak(flite({ workers: 1 }), sentences[0]);
  const voice = flite();
  await voice.warm();
  // What the machine does to an idle event loop meanwhile, to compare with.
  const idle = monitorEventLoopDelay({ resolution: 1 });
  idle.enable();
  await sleep(quick ? 2000 : 10_000);
  idle.disable();
  const loop = monitorEventLoopDelay({ resolution: 1 });
  await sleep(20);
  loop.enable();
  const spoken = [];
  for (let round = 0; round < rounds; round++) spoken.push(await speak(voice, sentences[round % 3]));
  const unsubscribe = [];
  const afterwards = [];
  for (let round = 0; round < rounds; round++) {
    const subscription = voice(sentences[2]).subscribe();
    await sleep(40);
    const start = performance.now();
    subscription.unsubscribe();
    unsubscribe.push(performance.now() - start);
    afterwards.push((await speak(voice, sentences[0])).first);
  }
  loop.disable();
  const sum = (pick) => spoken.reduce((total, one) => total + pick(one), 0);
  const results = {
    coldFirstAudio: cold.first,
    warmFirstAudio: median(spoken.map(({ first }) => first)),
    firstAudioAfterUnsubscribe: median(afterwards),
    longestUnsubscribe: Math.max(...unsubscribe),
    timesRealTime: sum(({ audio }) => audio) / sum(({ all }) => all),
    eventLoopP99: loop.percentile(99) / 1e6,
    eventLoopMax: loop.max / 1e6,
    idleEventLoopP99: idle.percentile(99) / 1e6,
    idleEventLoopMax: idle.max / 1e6,
    residentMB: process.memoryUsage().rss / 1e6,
  };
  console.table(
    Object.fromEntries(Object.entries(results).map(([name, value]) => [name, Number(value.toFixed(1))])),
  );
  return results;
}
