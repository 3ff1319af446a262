import { readFileSync } from 'node:fs';
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
