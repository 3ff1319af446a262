// What the last `npm run bench` has measured becomes docs/figures/bench.json, docs/figures/bench.svg and the README's table;
// with --quick, that of a quick run too.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { drawFigures } from './figures/drawFigures.js';
import { figuresOf } from './figures/figuresOf.js';
import { withFigures } from './figures/figuresTable.js';
import type { Figures, Machine, Measurement } from './figures/figure.js';

const root = new URL('../', import.meta.url);
const results = new URL('spec/bench/results/', root);
const at = (file: string) => new URL(file, root);
const read = (file: URL) => JSON.parse(readFileSync(file, 'utf8')) as unknown;

/** The order in which figures are shown; what is not named comes last. */
const order = ['speech', 'providers', 'sentences', 'relay', 'memory', 'flite'];
const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);

// What was not measured again stays as it was.
const known = at('docs/figures/bench.json');
const all: Record<string, Measurement> = existsSync(known) ? { ...(read(known) as Figures) } : {};
for (const file of readdirSync(results).filter((name) => name.endsWith('.json'))) {
  const {
    machine,
    quick,
    results: measured,
  } = read(new URL(file, results)) as {
    machine: Machine;
    quick: boolean;
    results: unknown;
  };
  const name = file.replace('.json', '');
  const figures = figuresOf(name, measured);
  if (figures.length > 0 && (!quick || process.argv.includes('--quick')))
    all[name] = { quick, machine, figures };
}
const sorted: Figures = Object.fromEntries(
  Object.entries(all).sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b)),
);

/** As the repository formats everything. */
const formatted = async (file: string, content: string) =>
  format(content, { ...(await resolveConfig(at(file).pathname)), filepath: at(file).pathname });
mkdirSync(at('docs/figures/'), { recursive: true });
writeFileSync(known, await formatted('docs/figures/bench.json', JSON.stringify(sorted)));
writeFileSync(at('docs/figures/bench.svg'), drawFigures(sorted));
writeFileSync(
  at('README.md'),
  await formatted('README.md', withFigures(readFileSync(at('README.md'), 'utf8'), sorted)),
);
