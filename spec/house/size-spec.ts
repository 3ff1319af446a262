import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

interface Manifest {
  exports: Record<string, string | { types: string; browser?: string; default: string }>;
  peerDependencies: Record<string, string>;
}
const root = fileURLToPath(new URL('../../', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as Manifest;

/** Kilobytes (1000 bytes) that an entry may have: minified, gzipped, without its peers. What grows is to be seen here. */
const budgets: Readonly<Record<string, number>> = {
  '.': 19.5,
  './operators': 62,
  './operators (browser)': 52,
  './operators/node': 6.5,
  './operators/opentelemetry': 3,
  './pipelines': 47.5,
  './pipelines/bullmq': 95,
  './pipelines/workflow': 12,
  './providers/anthropic': 14.5,
  './providers/azure-speech': 7.5,
  './providers/flite': 7,
  './providers/gemini': 12,
  './providers/google-genai': 14.5,
  './providers/json-lines': 2.5,
  './providers/llama-cpp': 11.5,
  './providers/ollama': 12,
  './providers/openai': 15.5,
  './providers/redis': 13.5,
  './providers/scripted': 4.5,
  './providers/web-speech': 5,
  './providers/xtts': 6.5,
};

/** What a bundler keeps of an entry when only so much of it is used. */
const parts: readonly (readonly [names: string, from: string, budget: number])[] = [
  ['createValve', '', 0.6],
  ['Conversation', '', 3],
  ['coalesceTokens', '/operators', 0.6],
  ['bufferSentences', '/operators', 17],
  ['toSpeech', '/operators', 5.5],
  ['toUIMessageStream', '/operators', 2.5],
  ['fallbackToComplete', '/operators', 2.5],
];

/** Every entry that is code, with the file that Node gets, and the one for browsers where that is another. */
const entries = Object.entries(manifest.exports).flatMap(([name, target]) => {
  if (typeof target === 'string') return [];
  const browser = target.browser === undefined ? [] : [{ name: `${name} (browser)`, file: target.browser }];
  return [{ name, file: target.default }, ...browser];
});

/** What is loaded with the entry: not what it imports later, when it is asked for. */
async function kilobytes(file: string, code = 'export * from ENTRY;'): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: code.replace('ENTRY', JSON.stringify(file)),
      resolveDir: root,
      sourcefile: 'entry.js',
    },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    external: Object.keys(manifest.peerDependencies).flatMap((peer) => [peer, `${peer}/*`]),
    absWorkingDir: root,
    outdir: 'size',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const sizes = new Map(
    outputFiles.map(({ path, contents }) => [
      relative(root, path),
      gzipSync(contents, { level: 9 }).byteLength,
    ]),
  );
  const loaded = new Set(
    Object.keys(metafile.outputs).filter((path) => metafile.outputs[path]?.entryPoint === 'entry.js'),
  );
  for (const path of loaded) {
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && sizes.has(next)) loaded.add(next);
    }
  }
  return [...loaded].reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0) / 1000;
}

describe('the size of', () => {
  it.each(entries)('$name is within its budget', async ({ name, file }) => {
    const size = await kilobytes(file);
    const budget = budgets[name];
    expect(size).toBeGreaterThan(0.1);
    expect(budget, `${name} has no budget; it is ${size.toFixed(1)} kB`).toBeDefined();
    expect(size, `${name} is ${size.toFixed(1)} kB, its budget ${budget} kB`).toBeLessThanOrEqual(budget!);
  });

  it.each(parts)('%s from rx-aloud%s is within its budget', async (names, from, budget) => {
    const target = manifest.exports[`.${from}`] as { readonly browser?: string; readonly default: string };
    const size = await kilobytes(target.browser ?? target.default, `export { ${names} } from ENTRY;`);
    expect(size, `${names} is ${size.toFixed(1)} kB, its budget ${budget} kB`).toBeLessThanOrEqual(budget);
  });

  it('nothing that is not there has a budget', () => {
    const names = entries.map(({ name }) => name);
    expect(Object.keys(budgets).filter((name) => !names.includes(name))).toEqual([]);
  });
});
