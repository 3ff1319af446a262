import { from, lastValueFrom } from 'rxjs';
import { count } from 'rxjs/operators';
import { bufferSentences } from '../../../dist/operators/index.js';
import { liveHeap } from '../speech/collectGarbage.mjs';
import { growingBuffer, scan } from './scan.mjs';
import { prose, texts, tokensOf } from './texts.mjs';

const through = (operator) => (tokens) => lastValueFrom(from(tokens).pipe(operator(), count()));
const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Processor time in ms, which other work on the machine doesn't change as much as the clock's. */
async function cost(run, tokens) {
  const before = cpu();
  await run(tokens);
  return cpu() - before;
}

async function peers() {
  const { liveKit } = await import('./peers/liveKit.mjs');
  const { aiSdk } = await import('./peers/aiSdk.mjs');
  const { intlSegmenter, sbd, sentencex, sentenceSplitter } = await import('./peers/batch.mjs');
  return {
    LiveKit: liveKit,
    'AI SDK smoothStream': aiSdk,
    'Intl.Segmenter, driven': intlSegmenter,
    'sentencex-wasm, driven': sentencex,
    'sbd, driven': sbd,
    'sentence-splitter, driven': sentenceSplitter,
  };
}

/** Tokens a second beside a bare scan and the peers, in interleaved rounds. */
async function throughput(size, rounds, others) {
  const all = tokensOf(prose(size * 6));
  const tokens = all.slice(0, size);
  const few = tokens.slice(0, Math.min(size, 20_000));
  const mine = {
    'bare scan': through(scan),
    bufferSentences: through(() => bufferSentences()),
    'regex on a growing buffer': through(growingBuffer),
  };
  const times = {};
  // Once for the compiler, uncounted.
  for (const run of [...Object.values(mine), ...Object.values(others)]) await run(few);
  for (let again = 0; again < 3; again++) await mine.bufferSentences(all);
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(mine))
      (times[name] ??= []).push((await cost(run, tokens)) / tokens.length);
    for (const [name, run] of Object.entries(others))
      (times[name] ??= []).push((await cost(run, few)) / few.length);
  }
  const base = median(times['bare scan']);
  const rows = Object.entries(times).map(([name, list]) => ({
    name,
    'times the bare scan': Number((median(list) / base).toFixed(2)),
    'million tokens a second': Number((0.001 / median(list)).toFixed(3)),
  }));
  console.log(`${tokens.length} tokens (peers ${few.length})`);
  console.table(rows);
  return rows;
}

/** Cost of a character in a long text over that in one a tenth as long: 1 is linear, 10 quadratic. */
async function growth(long, rounds, others) {
  const rows = [];
  for (const [name, text] of Object.entries(texts)) {
    const row = { text: name };
    const runs = { bufferSentences: [through(() => bufferSentences()), long] };
    for (const [peer, run] of Object.entries(others)) runs[peer] = [run, 2_000];
    for (const [who, [run, length]] of Object.entries(runs)) {
      const [short, whole] = [tokensOf(text(length / 10)), tokensOf(text(length))];
      const [few, many] = [[], []];
      // Once for the compiler, uncounted.
      if (who === 'bufferSentences') await run(whole);
      for (let round = 0; round < (who === 'bufferSentences' ? rounds : 1); round++) {
        // Ten short runs weigh as much as a long one.
        let sum = 0;
        for (let again = 0; again < 10; again++) sum += await cost(run, short);
        few.push(sum);
        many.push(await cost(run, whole));
      }
      row[who] = Number((median(many) / median(few)).toFixed(2));
    }
    rows.push(row);
  }
  console.log(`growth from a tenth to the whole: ${long} characters for bufferSentences, 2000 for the peers`);
  console.table(rows);
  return rows;
}

/** Live heap while a reply goes through, for two lengths: the difference is what the length costs. */
async function memory(sizes) {
  const piece = tokensOf(prose(60_000));
  const rows = [];
  for (const size of sizes) {
    const before = liveHeap();
    let most = 0;
    let chunks = 0;
    const tokens = {
      *[Symbol.iterator]() {
        for (let index = 0; index < size; index++) yield piece[index % piece.length];
      },
    };
    from(tokens)
      .pipe(bufferSentences())
      .subscribe(() => {
        if (chunks++ % Math.ceil(size / 200) === 7) most = Math.max(most, liveHeap() - before);
      });
    rows.push({ tokens: size, 'kB in use': Math.round(most / 1024) });
  }
  console.table(rows);
  return rows;
}

/** bufferSentences beside a bare scan, the usual regular expression, and the splitters that others stream with. */
export default async function sentences({ quick }) {
  const others = await peers();
  return {
    throughput: await throughput(quick ? 50_000 : 1_000_000, quick ? 3 : 7, others),
    growth: await growth(quick ? 100_000 : 1_000_000, quick ? 3 : 7, others),
    memory: await memory(quick ? [10_000, 50_000] : [100_000, 1_000_000]),
  };
}
