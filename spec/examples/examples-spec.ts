import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runExample, startExample, type ExampleRun } from '../support/runExample.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}examples/README.md`, 'utf8');
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};
/** The examples that the page tells to run, by name: `npm run example -- NAME`. */
const told = [...page.matchAll(/npm run example -- ([\w-]+)/g)].map(([, name = '']) => name);
const files = readdirSync(`${root}examples`)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''));

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'examples-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs an example as `npm run example -- NAME` does. */
const run = (name: string, ...args: readonly string[]): Promise<ExampleRun> =>
  runExample('index', [name, ...args]);

describe('examples', { timeout: 60_000 }, () => {
  it('are told of, each of them, and all that are told of exist', () => {
    const own = ['index', 'speak', 'workflow'];
    expect(files).toEqual(expect.arrayContaining(told));
    expect(files.filter((name) => !own.includes(name) && !told.includes(name))).toEqual([]);
    for (const name of own) expect(Object.values(scripts)).toContain(`node --import tsx examples/${name}.ts`);
  });

  it('are listed when none is named', async () => {
    const { code, stdout } = await runExample('index', []);
    expect(code).toBe(0);
    for (const name of told) expect(stdout).toContain(`  ${name}`);
  });

  it('are asked for by name: another one is refused', async () => {
    const { code, stderr } = await run('../scripts/writeWorkflowSchema');
    expect(code).toBe(2);
    expect(stderr).toContain('there is no example');
    expect(stderr).not.toContain('    at ');
  });

  it.each(
    ['README.md', 'examples/README.md'].flatMap((document) =>
      [
        ...readFileSync(root + document, 'utf8').matchAll(
          /`(npm run workflow -- [^`\n]+ --offline [^`\n]+)`/g,
        ),
      ].map(([, command = '']) => [document, command] as const),
    ),
  )('%s: %s', async (_, command) => {
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: root });
    expect(stdout).toContain('This is a scripted reply');
  });

  it('first-pipeline speaks into a file', async () => {
    const { code, stdout, stderr } = await run('first-pipeline');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('At sunset, red is left.');
    const [, path = ''] = /Spoken: (.*), \d+\.\d s/.exec(stdout) ?? [];
    expect(existsSync(path)).toBe(true);
  });

  it('fallback-between-providers loses nothing', async () => {
    const { code, stdout, stderr } = await run('fallback-between-providers');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/→ busy, stream[^]*→ broken, stream[^]*→ sound, complete after/);
    expect(stdout).toContain('as if nothing had happened: true');
  });

  it('conversation-with-barge-in remembers what was heard', async () => {
    const { code, stdout, stderr } = await run('conversation-with-barge-in');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('request ended: unsubscribe');
    expect(stdout).toMatch(
      / {2}assistant: .* … \(interrupted\)\n {2}user: .*\n {2}assistant: .* red is left\.\n$/,
    );
  });

  it('structured-reply speaks one field, and shows all', async () => {
    const { code, stdout, stderr } = await run('structured-reply');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Speaking: That is why the sky is blue.');
    expect(stdout).not.toMatch(/Speaking: .*(Rayleigh|curious)/);
    expect(stdout).toContain("mood: 'curious'");
  });

  it('long-file reads no faster than it speaks', async () => {
    const book = join(home, 'book.txt');
    writeFileSync(
      book,
      'Call me Ishmael. Some years ago I thought I would sail about a little. '.repeat(5000),
    );
    const reading = startExample('index', ['long-file', book]);
    await reading.printed(/(read \d+ of \d+ bytes.*\n){3}/);
    reading.process.kill('SIGINT');
    const { code, stdout, stderr } = await reading.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('interrupted');
    const lines = [...stdout.matchAll(/read (\d+) of (\d+) bytes/g)];
    for (const [, read, size] of lines) expect(Number(read)).toBeLessThan(Number(size) / 20);
  });

  it('long-file comes to the end of its text', async () => {
    const { code, stdout, stderr } = await run('long-file');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/read 701 of 701 bytes, spoken: .*orange and red\.\n.*long-file\.wav: \d+\.\d s/);
    const [, first] = /read (\d+) of/.exec(stdout) ?? [];
    expect(Number(first)).toBeLessThan(701);
  });

  it('server-sent-events streams text and speech, and ends a request when its client goes', async () => {
    const server = startExample('index', ['server-sent-events'], { env: { PORT: '0' } });
    const [url] = await server.printed(/http:\/\/127\.0\.0\.1:\d+\S*(?=\n)/);
    const text = await (await fetch(url)).text();
    const events = [...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type);
    expect(new Set(events)).toEqual(
      new Set(['text', 'utterance-start', 'audio', 'word', 'utterance-end', 'end']),
    );
    expect(events.at(-1)).toBe('end');
    await server.printed(/request ended: complete/);

    const impatient = new AbortController();
    const response = await fetch(url, { signal: impatient.signal });
    await response.body!.getReader().read();
    impatient.abort();
    await server.printed(/request ended: unsubscribe/);

    expect((await fetch(new URL('/', url))).status).toBe(400);
    server.process.kill('SIGINT');
    expect(await server.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('every-streaming-feature shows them all, offline', async () => {
    const { code, stdout, stderr } = await run('every-streaming-feature');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const shown = [...stdout.matchAll(/^== (\w+)/gm)].map(([, feature]) => feature);
    expect(shown).toEqual([
      ...Array<string>(5).fill('Generation'),
      ...['Conversation', 'Chat', 'Fallback', 'Sentence', 'Pipeline', 'Workflow'],
    ]);
    expect(stdout).toContain('2 audio files');
    expect(stdout).toContain('answer.wav');
    expect(stdout).toMatch(/\nDone\.\n$/);
  });

  it('every-streaming-feature tells what is not configured, and goes on', async () => {
    const { code, stdout, stderr } = await runExample('index', ['every-streaming-feature', '--live'], {
      env: { OLLAMA_URL: 'http://127.0.0.1:1' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('set GOOGLE_AI_STUDIO_KEY');
    expect(stdout).toMatch(/\nDone, 11 passed over\.\n$/);
  });
});
