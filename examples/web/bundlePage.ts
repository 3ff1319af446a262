import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A file as a browser gets it. */
export interface Asset {
  readonly type: string;
  readonly body: Uint8Array;
}

/** Bundles the page in memory, rx-aloud in it; keys are the paths it is served under. */
export async function bundlePage(): Promise<ReadonlyMap<string, Asset>> {
  const folder = new URL('page/', import.meta.url);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', folder)), fileURLToPath(new URL('page.css', folder))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    write: false,
    outdir: '/',
    logLevel: 'silent',
  });
  const bundled = (ending: string) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.contents ?? new Uint8Array();
  return new Map([
    ['/', { type: 'text/html; charset=utf-8', body: await readFile(new URL('index.html', folder)) }],
    ['/page.js', { type: 'text/javascript; charset=utf-8', body: bundled('.js') }],
    ['/icon.svg', { type: 'image/svg+xml', body: await readFile(new URL('icon.svg', folder)) }],
    ['/page.css', { type: 'text/css; charset=utf-8', body: bundled('.css') }],
  ]);
}
