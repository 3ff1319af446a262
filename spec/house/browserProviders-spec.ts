import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

describe('in a browser', () => {
  it.each(['ollama', 'openai', 'anthropic', 'google-genai'])(
    'rx-aloud/providers/%s bundles, its SDK included',
    async (name) => {
      const { errors, outputFiles } = await build({
        entryPoints: [new URL(`../../providers/${name}/index.ts`, import.meta.url).pathname],
        bundle: true,
        platform: 'browser',
        format: 'esm',
        write: false,
        logLevel: 'silent',
        // The SDKs look for Node's modules where they run in Node, behind a dynamic import that browsers never reach.
        external: ['node:*'],
      });
      expect(errors).toEqual([]);
      const text = outputFiles[0]!.text;
      // A static import of one would fail when the page loads.
      expect(text).not.toMatch(/^import .*["']node:/m);
      expect(text).not.toMatch(/\brequire\(["']node:/);
    },
  );
});
