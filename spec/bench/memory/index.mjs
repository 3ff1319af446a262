// Peak memory of reading a text aloud into a WAV, by the length of the text: the pipe must not keep what it has said.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('speakWords.mjs', import.meta.url));

export default async function memory({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'rx-aloud-memory-'));
  const rounds = quick ? 1 : 3;
  const sizes = quick ? [1000, 10_000] : [5000, 50_000];
  const peaks = new Map(sizes.map((size) => [size, []]));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const size of sizes) {
        const told = execFileSync(
          process.execPath,
          ['--expose-gc', script, String(size), join(folder, 'reply.wav')],
          { encoding: 'utf8' },
        );
        peaks.get(size).push(JSON.parse(told));
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const results = sizes.map((words) => ({
    words,
    peakMegabytes: Math.round(median(peaks.get(words).map(({ maxRSS }) => maxRSS)) / 102.4) / 10,
    liveMegabytes: Math.round(median(peaks.get(words).map(({ heapUsed }) => heapUsed)) / 104_857.6) / 10,
    audioSeconds: peaks.get(words)[0].duration / 1000,
    complete: peaks.get(words).every(({ complete }) => complete),
  }));
  const ratio = results[1].peakMegabytes / results[0].peakMegabytes;
  console.log(
    `peak memory, ${sizes[1]} words over ${sizes[0]}: ${ratio.toFixed(2)} (1.3 or less is the aim)`,
  );
  console.log(
    'live: what the heap holds at the end; the rest of the peak is what V8 keeps ready for garbage',
  );
  console.table(results);
  return { ratio, results };
}
