import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Manifest {
  engines: { node: string };
  dependencies: Record<string, string>;
  exports: Record<string, string | { types: string; default: string }>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
}
const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const entries = Object.entries(manifest.exports);

describe('package.json exports', () => {
  it('are listed one by one', () => {
    expect(entries.filter(([name]) => name.includes('*'))).toEqual([]);
  });

  it.each(entries)('%s leads to built files', (_name, target) => {
    for (const file of typeof target === 'string' ? [target] : [target.types, target.default]) {
      expect(existsSync(new URL(`../../${file}`, import.meta.url)), file).toBe(true);
    }
  });

  it('name every provider', () => {
    const folders = readdirSync(new URL('../../providers/', import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `./providers/${entry.name}`);
    expect(Object.keys(manifest.exports)).toEqual(expect.arrayContaining(folders));
  });

  it('keep every peer but rxjs optional', () => {
    const { rxjs, ...others } = manifest.peerDependencies;
    expect(rxjs).toBeDefined();
    expect(
      Object.keys(others).filter((name) => manifest.peerDependenciesMeta[name]?.optional !== true),
    ).toEqual([]);
  });
});

describe('declarations', () => {
  /** Packages that a declaration file imports, with all the files it leads to. */
  function packagesOf(file: string, seen = new Set<string>()): Set<string> {
    const found = new Set<string>();
    if (seen.has(file)) return found;
    seen.add(file);
    for (const [, from = ''] of read(file).matchAll(/(?:\bfrom |\bimport\()'([^']+)'/g)) {
      if (!from.startsWith('.')) found.add(from.split('/', from.startsWith('@') ? 2 : 1).join('/'));
      else {
        const next = posix.join(posix.dirname(file), from).replace(/\.js$/, '.d.ts');
        for (const name of packagesOf(next, seen)) found.add(name);
      }
    }
    return found;
  }

  it.each(['.', './operators', './operators/node', './pipelines'])('of %s need no optional peer', (name) => {
    const { types } = manifest.exports[name] as { types: string };
    const installed = ['rxjs', ...Object.keys(manifest.dependencies)];
    expect([...packagesOf(types)].filter((name) => !installed.includes(name))).toEqual([]);
  });
});

describe('package.json engines', () => {
  const least = (range: string) =>
    Math.min(...[...range.matchAll(/(?:^|\|\|)\s*[>=^~]*\s*(\d+)/g)].map(([, major]) => Number(major)));

  it.each(Object.keys(manifest.dependencies))('promise no older Node than %s runs on', (name) => {
    const { engines } = JSON.parse(read(`node_modules/${name}/package.json`)) as Partial<Manifest>;
    expect(least(engines?.node ?? '0')).toBeLessThanOrEqual(least(manifest.engines.node));
  });
});

describe('package-lock.json', () => {
  it('names no host a package was fetched from', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });
});
