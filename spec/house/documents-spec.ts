import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('names in the README', () => {
  const readme = readFileSync(`${root}README.md`, 'utf8');
  const named = (heading: string) => {
    const [, table = ''] = new RegExp(`\\| from \`${heading}[^\\n]*\\n(.*?)\\n\\n`, 's').exec(readme) ?? [];
    const cells = table.split('\n').map((row) => row.split('|'));
    return cells.slice(1);
  };

  it.each([
    ['rx-aloud/operators`', '../../operators/index.js'],
    ['rx-aloud/operators/node`', '../../operators/node/index.js'],
  ])('of %s are exported', async (heading, module) => {
    const exported = Object.keys((await import(module)) as object);
    const names = named(heading).flatMap(([, name = '']) =>
      [...name.matchAll(/`(\w+)/g)].map(([, word = '']) => word),
    );
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !exported.includes(name))).toEqual([]);
  });

  it('are all of the operators', async () => {
    for (const entry of ['../../operators/index.js', '../../operators/node/index.js']) {
      const exported = Object.entries((await import(entry)) as Record<string, unknown>)
        .filter(([name, value]) => typeof value === 'function' && /^[a-z]/.test(name))
        .map(([name]) => name);
      const untold = ['findPlayer']; // playAloud finds it
      const told = (name: string) => new RegExp(`\`[^\`\\n]*\\b${name}\\b[^\`\\n]*\``).test(readme);
      expect(exported.filter((name) => !untold.includes(name) && !told(name))).toEqual([]);
    }
  });

  it('of the providers are exported', async () => {
    const rows = named('rx-aloud/providers/…`');
    expect(rows.length).toBeGreaterThan(5);
    for (const [, folder = '', names = ''] of rows) {
      const name = folder.replaceAll('`', '').trim();
      const module = ['..', '..', 'providers', name, 'index.js'].join('/');
      const exported = Object.keys((await import(module)) as object);
      for (const [, word = ''] of names.matchAll(/`(\w+)`/g)) expect(exported, name).toContain(word);
    }
  });
});

describe('the index of the guides', () => {
  it('leads to each of them', () => {
    const index = readFileSync(`${root}docs/README.md`, 'utf8');
    const guides = readdirSync(`${root}docs`).filter((file) => file.endsWith('.md') && file !== 'README.md');
    expect(guides.filter((guide) => !index.includes(`(${guide})`))).toEqual([]);
  });
});
