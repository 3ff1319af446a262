import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, TSConfigReader, type ProjectReflection } from 'typedoc';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporaryFolder.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => JSON.parse(readFileSync(root + file, 'utf8')) as unknown;
const plugin = new URL('../../scripts/site/plugin.mjs', import.meta.url).href;

describe('the docs site', () => {
  it('has every export of the package', () => {
    const { exports } = read('package.json') as { exports: Record<string, string | { types: string }> };
    const { entryPoints } = read('typedoc.json') as { entryPoints: string[] };
    const files = Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? [] : [target.types.replace('./dist/', '').replace('.d.ts', '.ts')],
    );
    const shown = new Set(entryPoints.map((entry) => entry.replace('*', '.+')));
    expect(files.filter((file) => ![...shown].some((entry) => new RegExp(`^${entry}$`).test(file)))).toEqual(
      [],
    );
  });

  it('fails for a name without a description and a function without an example', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'src'));
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { types: [] }, include: ['src'] }),
    );
    writeFileSync(
      join(folder, 'src/index.ts'),
      [
        '/** Told. */',
        'export interface Config {\n  size: number;\n  /** Told. */\n  depth: number;\n  readonly type: "a";\n}',
        '/** Told. */',
        'export function told(config: Config): number { return config.size; }',
        '/**\n * Told.\n *\n * ```ts\n * shown(1);\n * ```\n */',
        'export function shown(size: number): number { return size; }',
        'export const untold = 1;',
      ].join('\n'),
    );
    const app = await Application.bootstrap(
      {
        entryPoints: [join(folder, 'src/index.ts')],
        tsconfig: join(folder, 'tsconfig.json'),
        skipErrorChecking: true,
        logLevel: 'None',
      },
      [new TSConfigReader()],
    );
    const project = await app.convert();
    expect(project).toBeDefined();
    const { missingIn } = (await import(/* @vite-ignore */ plugin)) as {
      readonly missingIn: (project: ProjectReflection) => string[];
    };
    expect(missingIn(project!).sort()).toEqual([
      'Config.size has no description',
      'told has no example',
      'untold has no description',
    ]);
  });
});
