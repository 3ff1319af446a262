import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const kinds = {
  'rx-aloud': 'ours',
  'plain RxJS concatMap': 'plain',
  LangChain: 'langchain',
  LiveKit: 'livekit',
  'AI SDK': 'aisdk',
};
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** A thousand pipelines at 50 tokens a second in one process of its own for each kind, rounds interleaved. */
export async function pipelines({ quick }) {
  const rounds = quick ? 1 : 3;
  const seconds = quick ? 4 : 10;
  const results = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, kind] of Object.entries(kinds)) {
      const { stdout } = await run(
        process.execPath,
        [new URL('onePipelineRun.mjs', import.meta.url).pathname, kind, String(seconds)],
        { timeout: 300_000 },
      ).catch((error) => ({ stdout: JSON.stringify({ failed: String(error.message).slice(0, 200) }) }));
      (results[name] ??= []).push(JSON.parse(stdout.trim().split('\n').at(-1)));
    }
  }
  const rows = Object.fromEntries(
    Object.entries(results).map(([name, runs]) => {
      const good = runs.filter((each) => !each.failed);
      if (good.length === 0) return [name, { failed: runs[0].failed }];
      return [
        name,
        {
          netMicrosecondsPerToken: median(good.map((each) => each.net)),
          p99: median(good.map((each) => each.p99)),
          rate: median(good.map((each) => each.rate)),
          utterances: good[0].utterances,
        },
      ];
    }),
  );
  const plain = rows['plain RxJS concatMap'].netMicrosecondsPerToken;
  console.log(
    `1,000 pipelines at 50 tokens a second, ${seconds} s, median of ${rounds}: CPU over that of the bare sources`,
  );
  console.table(
    Object.fromEntries(
      Object.entries(rows).map(([name, row]) => [
        name,
        row.failed
          ? { failed: row.failed }
          : {
              'over plain RxJS': (row.netMicrosecondsPerToken / plain).toFixed(2),
              'µs/token': row.netMicrosecondsPerToken.toFixed(2),
              'loop delay p99, ms': row.p99.toFixed(1),
              'tokens/s of 50,000': Math.round(row.rate),
            },
      ]),
    ),
  );
  return rows;
}
