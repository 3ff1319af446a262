// npm run bench                  every measurement
// npm run bench -- sentences     one of them
//
// A measurement is a folder here with an index.mjs whose default export is `async ({ quick }) => results`: it prints
// its own tables (ratios first, medians of interleaved rounds) and returns plain JSON. `--quick` asks for small sizes.
// What was not quick is then shown in docs/figures and in the README's table.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

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

const read = (file) => JSON.parse(readFileSync(new URL(file, here), 'utf8'));
/** Of this package, of what it is measured with, and of its peers. */
const { version, peerDependencies } = read('../../package.json');
const installed = (folder, names) =>
  names.flatMap((name) => {
    try {
      return [[name, read(`${folder}/${name}/package.json`).version]];
    } catch {
      return [];
    }
  });
const versions = Object.fromEntries([
  ['rx-aloud', version],
  ...installed('../../node_modules', Object.keys(peerDependencies)),
  ...installed('node_modules', Object.keys(read('package.json').dependencies)),
]);
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model.trim(),
  cores: availableParallelism(),
  memoryGB: Math.round(totalmem() / 2 ** 30),
  os: `${type()} ${release()} ${process.arch}`,
  date: new Date().toISOString().slice(0, 10),
  versions,
};
console.log(
  `Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, ${machine.os}, ${machine.date}`,
);
mkdirSync(new URL('results/', here), { recursive: true });
for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n## ${name}\n`);
  const { default: measure } = await import(new URL(`${name}/index.mjs`, here).href);
  const results = await measure({ quick });
  writeFileSync(
    new URL(`results/${name}.json`, here),
    JSON.stringify({ machine, quick, results }, null, 2) + '\n',
  );
}
if (!quick) {
  const script = new URL('../../scripts/writeFigures.ts', here);
  execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(script)], {
    cwd: fileURLToPath(new URL('../../', here)),
    stdio: 'inherit',
  });
}
