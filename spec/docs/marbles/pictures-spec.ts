import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as operators from '../../../operators/index.js';
import * as pipelines from '../../../pipelines/index.js';
import * as scripted from '../../../providers/scripted/index.js';
import * as vocabulary from '../../../src/index.js';

const root = new URL('../../../', import.meta.url);
const drawn = readdirSync(new URL('docs/marbles/', root)).filter((file) => file.endsWith('.svg'));
const specs = readdirSync(new URL('spec/docs/marbles/', root))
  .map((file) => readFileSync(new URL(`spec/docs/marbles/${file}`, root), 'utf8'))
  .join('\n');

describe('pictures', () => {
  it('are each drawn by a spec', () => {
    const named = [...specs.matchAll(/^ {2}picture\(\s*'([\w-]+)'/gm)].map(([, name = '']) => `${name}.svg`);
    expect(drawn).toEqual([...named].sort());
  });

  it('belong each to a public name', () => {
    const exported = [vocabulary, operators, pipelines, scripted].flatMap((module) => Object.keys(module));
    expect(
      drawn.map((file) => file.replace(/[-.].*/, '')).filter((name) => !exported.includes(name)),
    ).toEqual([]);
  });

  it.each(drawn)('%s tells itself what it shows, in both schemes', (file) => {
    const svg = readFileSync(new URL(`docs/marbles/${file}`, root), 'utf8');
    expect(svg).toMatch(/<title id="title">.+<\/title>\n<desc id="desc">.+/);
    expect(svg).toContain('@media (prefers-color-scheme:dark)');
    expect(svg).not.toMatch(/NaN|undefined|Infinity(?! |\))/);
  });
});
