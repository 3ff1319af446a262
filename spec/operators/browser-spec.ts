import { build } from 'esbuild';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import * as browser from '../../operators/browser.js';
import * as everywhere from '../../operators/index.js';

/** What a page loads at once for one operator, in bytes as it travels, and what it may load later. */
async function bundled(
  name: string,
): Promise<{ readonly atOnce: number; readonly later: number; readonly code: string }> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${name} } from './operators/browser.js';`,
      resolveDir: new URL('../..', import.meta.url).pathname,
    },
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    external: ['rxjs'],
    outdir: 'out',
    metafile: true,
  });
  const sizes = outputFiles.map((file) => ({
    size: gzipSync(file.contents, { level: 9 }).length,
    text: file.text,
    lazy: /latinLanguages|otherScripts/.test(file.path),
  }));
  const sum = (lazy: boolean) =>
    sizes.filter((file) => file.lazy === lazy).reduce((all, { size }) => all + size, 0);
  return { atOnce: sum(false), later: sum(true), code: sizes.map(({ text }) => text).join('\n') };
}

describe('the operators in a browser', () => {
  it('are the same ones', () => {
    expect(Object.keys(browser).sort()).toEqual(Object.keys(everywhere).sort());
  });

  it('cost less than 15 kB for bufferSentences, other languages loaded later', async () => {
    const { atOnce, later, code } = await bundled('bufferSentences');
    expect(atOnce).toBeLessThan(15_000);
    expect(later).toBeGreaterThan(1000);
    expect(code).not.toMatch(/from\s*"node:|require\(/);
  });

  it('know English at once, other scripts and another language once their data has come', async () => {
    const split = (text: string, locale: string) =>
      [...browser.splitSentences(text, { locale })].map((sentence) => sentence.text);
    expect(split('Dr. Who is here. Hide!', 'en')).toEqual(['Dr. Who is here. ', 'Hide!']);
    split('Да!', 'ru');
    const german = 'Das ist z. B. Wasser. Ja.';
    split(german, 'de');
    await import('../../operators/sentences/latinLanguages.js');
    await import('../../operators/sentences/otherScripts.js');
    await Promise.resolve();
    expect(split('В г. Москве. Да!', 'ru')).toEqual(['В г. Москве. ', 'Да!']);
    expect(split('В г. Москве. Да!', 'en')).toEqual(['В г. Москве. ', 'Да!']);
    expect(split(german, 'de')).toEqual(
      [...everywhere.splitSentences(german, { locale: 'de' })].map(({ text }) => text),
    );
    expect(split(german, 'de')).toEqual(['Das ist z. B. Wasser. ', 'Ja.']);
  });
});
