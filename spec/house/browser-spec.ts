import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** Bundles an entry for a browser; a Node built-in anywhere in it makes the build fail. */
const bundle = (entry: string) =>
  build({
    entryPoints: [new URL(`../../${entry}`, import.meta.url).pathname],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });

describe('in a browser', () => {
  it.each([
    'src/index.ts',
    'operators/index.ts',
    'operators/opentelemetry/index.ts',
    'providers/scripted/index.ts',
    'providers/web-speech/index.ts',
  ])('%s bundles', async (entry) => {
    const { errors, outputFiles } = await bundle(entry);
    expect(errors).toEqual([]);
    expect(outputFiles).toHaveLength(1);
  });

  it('a Node built-in would be noticed', async () => {
    await expect(bundle('vitest.config.ts')).rejects.toThrow();
  });
});
