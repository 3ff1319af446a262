// npm run bench                  every measurement
// npm run bench -- sentences     one of them
//
// A measurement is a folder here with an index.mjs whose default export is `async ({ quick }) => results`: it prints
// its own tables (ratios first, medians of interleaved rounds) and returns plain JSON. `--quick` asks for small sizes.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

const here = new URL('./', import.meta.url);
const all = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['node_modules', 'results', 'support'].includes(entry.name))
  .map((entry) => entry.name);
const quick = process.argv.includes('--quick');
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`unknown measurement: ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(2);
}

const machine = {
  node: process.version,
  cpu: cpus()[0]?.model,
  cores: availableParallelism(),
  date: new Date().toISOString().slice(0, 10),
};
console.log(`Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, ${machine.date}`);
mkdirSync(new URL('results/', here), { recursive: true });
for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n## ${name}\n`);
  const { default: measure } = await import(new URL(`${name}/index.mjs`, here).href);
  const results = await measure({ quick });
  writeFileSync(new URL(`results/${name}.json`, here), JSON.stringify({ machine, results }, null, 2) + '\n');
}
