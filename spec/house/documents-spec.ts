import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /^docs\/.*\.md$/.test(file)),
];

/** The TypeScript blocks of a document, each as a module of its own at the top of the repository. */
const blocks = documents.flatMap((document) =>
  [...readFileSync(root + document, 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ''], index) => ({
    document,
    file: `${root}${document.replaceAll('/', '-')}-block-${index + 1}.ts`,
    code: `${code}\nexport {};\n`,
  })),
);

/** What the compiler has to say about each block, with the repository's own options. */
function compile(): Map<string, string[]> {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const written = new Map(blocks.map(({ file, code }) => [file, code]));
  // An example may leave a result unused.
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false, noUnusedParameters: false });
  const fromDisk = { read: host.readFile.bind(host), exists: host.fileExists.bind(host) };
  host.readFile = (file) => written.get(file) ?? fromDisk.read(file);
  host.fileExists = (file) => written.has(file) || fromDisk.exists(file);
  const program = ts.createProgram(
    [...written.keys()],
    { ...options, noUnusedLocals: false, noUnusedParameters: false },
    host,
  );
  return new Map(
    blocks.map(({ file }) => {
      const source = program.getSourceFile(file);
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
      return [file, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))];
    }),
  );
}

describe('code in the documents', () => {
  it('is there', () => {
    expect(blocks.some(({ document }) => document === 'README.md')).toBe(true);
  });

  it('compiles as it stands', { timeout: 120_000 }, () => {
    const said = compile();
    expect([...said].filter(([, messages]) => messages.length > 0)).toEqual([]);
  });
});

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
