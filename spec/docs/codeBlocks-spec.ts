import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wavHeader } from '../../src/index.js';
import { codeBlocks, docCommentBlocks, type CodeBlock } from '../support/codeBlocks.js';
import { completeExample, publicNames } from '../support/docCommentPrelude.js';
import { fakePlayer } from '../support/fakePlayer.js';
import { loopbackProviders, type LoopbackProviders } from '../support/loopbackProviders.js';
import { redisMissing, redisServer, type RedisServer } from '../support/redisServer.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const filesBelow = (folder: string, ending: string) =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => `${folder}/${file}`)
    .sort();
const documents = ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs', '.md')];
const inDocuments = documents.flatMap((document) => codeBlocks(document));

const names = await publicNames();
const inComments = ['src', 'operators', 'providers', 'pipelines']
  .flatMap((folder) => filesBelow(folder, '.ts'))
  .filter((file) => names.has(basename(file, '.ts')))
  .flatMap((file) => docCommentBlocks(file));
/** Examples in doc comments that are not run, and why. */
const unheard = new Map([
  ['llamaCpp', 'needs a GGUF file'],
  ['webSpeech', 'needs a browser'],
  ['redisRelay', 'needs a Redis'],
  ['workflowQueue', 'needs a Redis'],
  ['workflowWorker', 'needs a Redis'],
  ['redisConversationStore', 'needs a Redis'],
]);

/** A block as a file of a project that has the package installed. */
interface Module {
  readonly id: string;
  readonly block: CodeBlock;
  readonly file: string;
  readonly code: string;
  readonly notRun: string | undefined;
}

const home = realpathSync(mkdtempSync(join(tmpdir(), 'rx-aloud-blocks-')));
const complete = await completeExample();

function moduleOf(block: CodeBlock, code: string, notRun: string | undefined): Module {
  const id = `${block.document}:${block.line}`;
  // A block may name its file in its first line, so that another of the same document can import it.
  const name = /^\/\/ ([\w-]+(?:\.\w+)?\.tsx?)$/m.exec(code.split('\n')[0] ?? '')?.[1];
  const own = `block-${block.line}${code.includes("from 'vitest'") ? '.spec' : ''}.${block.language}`;
  const file = join(home, block.document.replaceAll('/', '-').replace(/\.\w+$/, ''), name ?? own);
  return { id, block, file, code, notRun };
}

const modules: readonly Module[] = [
  ...inDocuments
    .filter(({ language }) => /^tsx?$/.test(language))
    .map((block) => moduleOf(block, `${block.code}\nexport {};\n`, block.notRun)),
  ...inComments.map((block) =>
    moduleOf(block, complete(block.code), unheard.get(basename(block.document, '.ts'))),
  ),
];
const isSpec = ({ code }: { readonly code: string }) => code.includes("from 'vitest'");
const needsRedis = ({ notRun }: Module) => notRun === 'needs a Redis';
const run = modules.filter(({ notRun }) => notRun === undefined);
const programs = run.filter((module) => !isSpec(module));
const specs = run.filter(isSpec);

/** What the compiler says about each module, as it would to somebody who installed the package. */
function compile(): string[] {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      jsx: 'react-jsx',
      // Strict, as most are; this one is a matter of taste.
      noPropertyAccessFromIndexSignature: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      typeRoots: [`${root}node_modules/@types`],
    },
    home,
  );
  const program = ts.createProgram(
    modules.map(({ file }) => file),
    options,
  );
  return modules.flatMap(({ id, file, block, code }) => {
    const source = program.getSourceFile(file);
    const before = code.indexOf(block.code.split('\n')[0] ?? '');
    const lead = code.slice(0, Math.max(before, 0)).split('\n').length - 1;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) => {
        const { line = 0 } = source?.getLineAndCharacterOfPosition(start) ?? {};
        return `${block.document}:${block.line + 1 + line - lead} ${ts.flattenDiagnosticMessageText(messageText, '\n')} (block ${id})`;
      },
    );
  });
}

interface Result {
  readonly id: string;
  readonly ms: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly failure?: string;
}

/** What is in the current folder of each block: workflows of the documents and examples, a text, a recording. */
const files = new Map<string, string | Uint8Array>([
  ...inDocuments
    .filter(({ language }) => language === 'json workflow')
    .map(({ code }) => [`${(JSON.parse(code) as { name: string }).name}.json`, code] as const),
  ['streaming-chat.json', readFileSync(`${root}examples/workflows/streaming-chat.json`)],
  ['book.txt', 'Call me Ishmael. Some years ago, I went to sea. '.repeat(20)],
  [
    'my-voice.wav',
    Buffer.concat([
      wavHeader({ encoding: 'pcm_s16le', sampleRate: 16000, channels: 1 }, 3200),
      Buffer.alloc(3200),
    ]),
  ],
]);

/** Runs programs one after the other in a process, in a new one after a program that did not end. */
async function runAll(list: readonly Module[], env: NodeJS.ProcessEnv): Promise<Map<string, Result>> {
  const results = new Map<string, Result>();
  let rest = list;
  while (rest.length > 0) {
    const folder = mkdtempSync(join(home, 'run-'));
    const written = join(folder, 'results');
    const entries = rest.map(({ id, file, code }, index) => {
      const own = join(folder, String(index));
      mkdirSync(own);
      for (const [name, content] of files) writeFileSync(join(own, name), content);
      // A voice from the environment would be Azure's, whose connection stays open for some seconds.
      const without = code.includes('azureSpeech') ? [] : ['AZURE_SPEECH_KEY', 'AZURE_SPEECH_REGION'];
      return { id, file: file.replace(/\.tsx?$/, '.js'), folder: own, without };
    });
    writeFileSync(join(folder, 'list.json'), JSON.stringify(entries));
    const output = await ended(
      ['--no-warnings', `${root}spec/support/runBlocks.mjs`, join(folder, 'list.json'), written],
      { cwd: folder, env },
    );
    const lines = existsSync(written) ? readFileSync(written, 'utf8').trimEnd().split('\n') : [];
    if (lines.length === 0) throw new Error(`nothing ran: ${output}`);
    for (const line of lines) {
      const result = JSON.parse(line) as Result;
      results.set(result.id, result);
    }
    rest = rest.filter(({ id }) => !results.has(id));
  }
  return results;
}

function ended(args: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
  return new Promise<string>((resolve, reject) => {
    const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject).on('close', () => resolve(output));
  });
}

/** A project with the package and everything it may be used with. */
function install(): void {
  mkdirSync(join(home, 'node_modules'));
  for (const name of readdirSync(`${root}node_modules`)) {
    if (!name.startsWith('.')) symlinkSync(`${root}node_modules/${name}`, join(home, 'node_modules', name));
  }
  symlinkSync(root, join(home, 'node_modules', 'rx-aloud'));
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }\n');
  for (const { file, code } of modules) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        jsx: ts.JsxEmit.ReactJSX,
        verbatimModuleSyntax: true,
      },
    });
    if (!code.includes("from 'vitest'")) writeFileSync(file.replace(/\.tsx?$/, '.js'), outputText);
  }
}

beforeAll(install);
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('code in documents and doc comments', () => {
  it('is found', () => {
    expect(inDocuments.length).toBeGreaterThan(5);
    expect(inComments.length).toBeGreaterThan(40);
  });

  it('is in a language that is looked at', () => {
    const known = ['', 'ts', 'tsx', 'sh', 'text', 'json workflow', 'json steps', 'json', 'html'];
    expect(inDocuments.filter(({ language }) => !known.includes(language))).toEqual([]);
  });

  it('compiles as it stands', { timeout: 180_000 }, () => {
    expect(compile()).toEqual([]);
  });

  it('says why, where it is not run', () => {
    const reasons = modules.filter(
      (module) => module.notRun !== undefined && (redisMissing !== undefined || !needsRedis(module)),
    );
    console.info(
      [
        'Blocks that are compiled but not run:',
        ...reasons.map(({ id, notRun }) => `  ${id}: ${notRun}`),
      ].join('\n'),
    );
    for (const { notRun } of reasons) expect(notRun).toMatch(/\w{3,}/);
    expect(reasons.length).toBeLessThan(modules.length / 5);
  });
});

describe('scripts that documents name', () => {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    scripts: Record<string, string>;
  };
  const shell = documents.flatMap((document) =>
    [...readFileSync(root + document, 'utf8').matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(
      ([, script, builtIn]) => ({ document, script: script ?? builtIn ?? '' }),
    ),
  );
  const files = documents.flatMap((document) =>
    [...readFileSync(root + document, 'utf8').matchAll(/(?:^|[\s`(])((?:examples|docs)\/[\w./-]*\w)/gm)].map(
      ([, file = '']) => ({ document, file }),
    ),
  );

  it('exist', () => {
    expect(shell.filter(({ script }) => !(script in scripts))).toEqual([]);
  });

  it('are given files that exist', () => {
    expect(files.filter(({ file }) => !existsSync(root + file))).toEqual([]);
  });
});

describe('links in documents', () => {
  it('lead to files and headings that exist', () => {
    const anchors = (file: string) =>
      [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s-]/gu, '')
          .trim()
          .replace(/\s/g, '-'),
      );
    const broken = documents.flatMap((document) => {
      const text = readFileSync(root + document, 'utf8').replace(/^```.*?^```/gms, '');
      return [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
        .filter(([, path = '', anchor]) => {
          const target = path === '' ? root + document : join(root, dirname(document), path);
          return !existsSync(target) || (anchor !== undefined && !anchors(target).includes(anchor));
        })
        .map(([link]) => `${document}: ${link}`);
    });
    expect(broken).toEqual([]);
  });
});

describe('a block runs by itself:', { timeout: 120_000 }, () => {
  let providers: LoopbackProviders;
  let results: Map<string, Result>;

  beforeAll(async () => {
    providers = await loopbackProviders();
    const { PATH = '', HOME = '' } = process.env;
    const players = join(home, 'players');
    mkdirSync(players);
    writeFileSync(join(players, 'package.json'), '{}');
    for (const name of ['aplay', 'afplay', 'ffplay', 'paplay', 'pw-play']) fakePlayer(players, name);
    const env = { PATH: `${players}:${PATH}`, HOME, ...providers.environment };
    const halves = await Promise.all(
      [0, 1].map((half) =>
        runAll(
          programs.filter((_, index) => index % 2 === half),
          env,
        ),
      ),
    );
    results = new Map(halves.flatMap((each) => [...each]));
    // What an earlier block has left in the process (a registered step, say) is not a block's own fault.
    const failed = programs.filter(({ id }) => {
      const result = results.get(id);
      return result?.failure !== undefined || result?.stderr !== '';
    });
    for (const module of failed) {
      for (const [id, result] of await runAll([module], env)) results.set(id, result);
    }
  }, 120_000);
  afterAll(() => providers.close());

  it.each(programs.map(({ id, block }) => [id, block] as const))('%s', (id, { prints }) => {
    const result = results.get(id);
    expect(result).toMatchObject({ stderr: '' });
    expect(result?.failure).toBeUndefined();
    if (prints !== undefined) expect(result?.stdout.replace(/ +$/gm, '').trimEnd()).toBe(prints);
  });
});

describe.skipIf(redisMissing)('a block that needs a Redis', { timeout: 60_000 }, () => {
  const mine = modules.filter(needsRedis);
  const isWorker = ({ code }: Module) => code.includes('workflowWorker(');
  const isQueue = ({ code }: Module) => code.includes('workflowQueue(');
  let redis: RedisServer;
  let providers: LoopbackProviders;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    [redis, providers] = await Promise.all([redisServer(), loopbackProviders()]);
    const { PATH = '', HOME = '' } = process.env;
    env = { PATH, HOME, ...providers.environment };
    // Azure's SDK takes no address from the environment, and these programs have nobody to lead it to loopback.
    delete env['AZURE_SPEECH_KEY'];
    // The address that a document names is that of a Redis just installed; this one is elsewhere.
    for (const { file } of mine) {
      const script = file.replace(/\.tsx?$/, '.js');
      const code = readFileSync(script, 'utf8');
      expect(code).toContain('redis://127.0.0.1:6379');
      writeFileSync(script, code.replaceAll('redis://127.0.0.1:6379', redis.url));
    }
  }, 60_000);
  afterAll(() => Promise.all([redis.stop(), providers.close()]));

  it.each(mine.filter((each) => !isWorker(each) && !isQueue(each)).map((each) => [each.id, each] as const))(
    'runs by itself: %s',
    async (id, module) => {
      const result = (await runAll([module], env)).get(id);
      expect(result).toMatchObject({ stderr: '' });
      expect(result?.failure).toBeUndefined();
    },
  );

  it.each(
    mine.filter(isQueue).map((queue) => {
      const folder = queue.block.document.replace(/[^/]*$/, '');
      return [queue.id, queue, mine.find((each) => isWorker(each) && each.id.startsWith(folder))!] as const;
    }),
  )('is answered by the worker beside it: %s', async (_, queue, worker) => {
    const folder = mkdtempSync(join(home, 'run-'));
    for (const [name, content] of files) writeFileSync(join(folder, name), content);
    const start = ({ file }: Module) => {
      const child = spawn(process.execPath, ['--no-warnings', file.replace(/\.tsx?$/, '.js')], {
        cwd: folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (text) => (stdout += String(text)));
      child.stderr.on('data', (text) => (stderr += String(text)));
      const over = new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
      return { child, over };
    };
    const working = start(worker);
    const asking = start(queue);
    expect(await asking.over).toEqual({
      code: 0,
      stdout: expect.stringContaining('air scatters blue light') as string,
      stderr: '',
    });
    working.child.kill('SIGTERM');
    expect(await working.over).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a block that is a spec', { timeout: 120_000 }, () => {
  it('passes', async () => {
    writeFileSync(
      join(home, 'vitest.config.js'),
      `export default { test: { include: ['**/*.spec.ts'], root: ${JSON.stringify(home)}, cache: false } };\n`,
    );
    const report = join(home, 'report.json');
    const output = await ended(
      [
        `${root}node_modules/vitest/vitest.mjs`,
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile=${report}`,
        '--config',
        join(home, 'vitest.config.js'),
      ],
      { cwd: home, env: { PATH: process.env['PATH'], NO_COLOR: '1', CI: '1' } },
    );
    expect(existsSync(report), output).toBe(true);
    const { success, testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      success: boolean;
      testResults: { name: string; assertionResults: unknown[] }[];
    };
    expect(success, output).toBe(true);
    const ran = testResults
      .filter(({ assertionResults }) => assertionResults.length > 0)
      .map(({ name }) => name);
    expect(ran.sort()).toEqual(specs.map(({ file }) => file).sort());
  });
});
