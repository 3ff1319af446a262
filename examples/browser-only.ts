// Browser only: a page without any server, which asks a model and speaks by itself.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// One file with everything in it: it can be opened from the disk, or put on any static site.
const folder = new URL('browser-only/', import.meta.url);
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('page.ts', folder))],
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  write: false,
  // The SDKs look for Node's modules where they run in Node, behind an import that a page never reaches.
  external: ['node:*'],
});
const html = await readFile(new URL('page.html', folder), 'utf8');
const script = (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script');

await mkdir('output', { recursive: true });
const file = resolve('output/browser-only.html');
await writeFile(
  file,
  html.replace('<!-- script -->', () => `<script type="module">${script}</script>`),
);
console.log(`Open ${pathToFileURL(file).href}`);
