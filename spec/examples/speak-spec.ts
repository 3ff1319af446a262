import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runExample, startExample } from '../support/runExample.js';

const bundled = readFileSync(new URL('../../examples/texts/sky.txt', import.meta.url), 'utf8');
const words = (text: string) => text.split(/\s+/).filter(Boolean);

let out: string;
const servers: Server[] = [];
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'speak-'));
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

const files = () => readdirSync(out).sort();

/** Bytes of audio in a WAV file whose header tells its true length. */
function audioBytes(file: string): number {
  const bytes = readFileSync(join(out, file));
  expect(bytes.toString('latin1', 0, 4)).toBe('RIFF');
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
  return bytes.length - 44;
}

/** Texts of the utterances, as the marks of a run without a terminal show them. */
const marked = (stdout: string) => [...stdout.matchAll(/^▶ \d+ {2}(.*)$/gm)].map(([, text = '']) => text);

/** A server on loopback that answers as told. */
async function serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('npm start', () => {
  it('speaks the bundled text when there is no model, says so, and leaves whole WAV files', async () => {
    const { code, stdout, stderr } = await runExample('speak', ['--model', 'scripted', '--out', out, 'Why?']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Text: a bundled text/m);
    expect(words(marked(stdout).join(' '))).toEqual(words(bundled));
    expect(stdout).toMatch(
      /Time to first token +\d+ ms\nTime to first audio +\d+ ms\nAudio +\d+\.\d s\nReal-time factor +\d+\.\d+/,
    );
    const utterances = files().filter((file) => file.startsWith('utterance-'));
    expect(files()).toEqual(['reply.wav', ...utterances]);
    expect(utterances).toHaveLength(marked(stdout).length);
    expect(utterances[0]).toBe('utterance-001.wav');
    expect(audioBytes('reply.wav')).toBe(utterances.reduce((sum, file) => sum + audioBytes(file), 0));
  });

  it('reads a file aloud, with no word missing', async () => {
    const book = join(out, 'book.txt');
    writeFileSync(book, 'Call me Ishmael. Some years ago, I went to sea.\r\n\r\nWhat of it?\n');
    const { code, stdout } = await runExample('speak', ['--file', book, '--out', out]);
    expect(code).toBe(0);
    expect(words(marked(stdout).join(' '))).toEqual(words(readFileSync(book, 'utf8')));
    expect(audioBytes('reply.wav')).toBeGreaterThan(32_000);
  });

  it('reads standard input aloud', async () => {
    const { code, stdout } = await runExample('speak', ['--out', out, '--voice', 'kal16', '-'], {
      stdin: 'Read me out, please.',
    });
    expect(code).toBe(0);
    expect(marked(stdout)).toEqual(['Read me out, please.']);
    expect(audioBytes('utterance-001.wav')).toBeGreaterThan(16_000);
    expect(stdout).toMatch(/and 1 utterance beside it/);
  });

  it('removes what a longer reply has left there before', async () => {
    writeFileSync(join(out, 'utterance-099.wav'), 'old');
    writeFileSync(join(out, 'notes.txt'), 'mine');
    await runExample('speak', ['--out', out, '-'], { stdin: 'One sentence.' });
    expect(files()).toEqual(['notes.txt', 'reply.wav', 'utterance-001.wav']);
  });

  it('says so when nothing in a text can be spoken, and leaves no file', async () => {
    const { code, stdout } = await runExample('speak', ['--out', out, '-'], { stdin: '🎉 … ***\n' });
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing in it can be spoken.');
    expect(files()).toEqual([]);
  });

  it('speaks what a real Ollama client receives', async () => {
    const url = await serve((request, response) => {
      expect(request.url).toBe('/api/chat');
      for (const content of ['Blue ', 'light ', 'scatters ', 'most ', 'of all.']) {
        response.write(`${JSON.stringify({ message: { role: 'assistant', content }, done: false })}\n`);
      }
      response.end(
        `${JSON.stringify({ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' })}\n`,
      );
    });
    const { code, stdout } = await runExample('speak', ['--model', 'ollama:tiny', '--out', out, 'Why?'], {
      env: { OLLAMA_URL: url },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Text: ollama:tiny$/m);
    expect(marked(stdout)).toEqual(['Blue light scatters most of all.']);
  });

  it('is stopped by Ctrl-C: exits 130 and leaves valid files', async () => {
    const run = startExample('speak', ['--model', 'scripted', '--out', out, 'Why?']);
    await run.printed(/^✓ 1/m);
    run.process.kill('SIGINT');
    const { code, stdout } = await run.ended;
    expect(code).toBe(130);
    expect(stdout).toContain('Interrupted.');
    expect(audioBytes('utterance-001.wav')).toBeGreaterThan(16_000);
    expect(audioBytes('reply.wav')).toBeGreaterThan(16_000);
    expect(files().filter((file) => !/^(utterance-\d{3}|reply)\.wav$/.test(file))).toEqual([]);
  });

  it('ends in silence when nobody reads on, as with head', async () => {
    const run = startExample('speak', ['--model', 'scripted', '--out', out, 'Why?']);
    await run.printed(/^▶ 1/m);
    run.process.stdout?.destroy();
    expect(await run.ended).toMatchObject({ code: 0, stderr: '' });
    expect(files()).not.toContain('utterance-005.wav');
  });

  it('closes the request of a reply that is interrupted', async () => {
    let closed: () => void;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const url = await serve((_request, response) => {
      response.on('close', () => closed());
      response.write(
        `${JSON.stringify({ message: { role: 'assistant', content: 'Still thinking' }, done: false })}\n`,
      );
    });
    const run = startExample('speak', ['--model', 'ollama:tiny', '--out', out, 'Why?'], {
      env: { OLLAMA_URL: url },
    });
    await run.printed(/Still thinking/);
    run.process.kill('SIGINT');
    await gone;
    expect((await run.ended).code).toBe(130);
  });

  it('tells its options', async () => {
    const { code, stdout } = await runExample('speak', ['--help']);
    expect(code).toBe(0);
    for (const option of ['--model', '--file', '--voice', '--out', '--play', '--help'])
      expect(stdout).toContain(option);
  });
});

describe('npm start refuses in one line', () => {
  const refused = async (args: string[], env: Record<string, string> = {}) => {
    const { code, stderr } = await runExample('speak', ['--out', out, ...args], { env });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^speak: ./);
    expect(files().filter((file) => file.endsWith('.wav'))).toEqual([]);
    return { code, stderr };
  };

  it('an unknown option', async () => {
    expect(await refused(['--speed', '2'])).toEqual({
      code: 2,
      stderr: expect.stringContaining('--speed') as string,
    });
  });

  it('a prompt and a file at once', async () => {
    expect(await refused(['--file', 'book.txt', 'Why?'])).toMatchObject({ code: 2 });
  });

  it('a file that cannot be read', async () => {
    const book = join(out, 'missing.txt');
    expect(await refused(['--file', book])).toEqual({
      code: 1,
      stderr: expect.stringContaining(`cannot read ${book}`) as string,
    });
  });

  it('a folder that cannot be written to', async () => {
    const taken = join(out, 'taken');
    writeFileSync(taken, '');
    expect(await refused(['--out', taken, 'Why?'])).toEqual({
      code: 1,
      stderr: expect.stringContaining(taken) as string,
    });
  });

  it.skipIf(!existsSync('/proc/version'))('a folder that cannot be made where it is to be', async () => {
    expect(await refused(['--out', '/proc/nowhere', 'Why?'])).toEqual({
      code: 1,
      stderr: expect.stringContaining('cannot write /proc/nowhere') as string,
    });
  });

  it('an Ollama that is asked for and does not run', async () => {
    const url = 'http://127.0.0.1:9';
    for (const args of [['Why?'], ['--model', 'ollama', 'Why?']]) {
      expect(await refused(args, { OLLAMA_URL: url })).toEqual({
        code: 1,
        stderr: expect.stringContaining(url) as string,
      });
    }
  });

  it('a model that the Ollama does not have', async () => {
    const url = await serve((_request, response) => {
      response
        .writeHead(404, { 'content-type': 'application/json' })
        .end('{"error":"model \\"nope\\" not found"}');
    });
    expect(await refused(['--model', 'ollama:nope', 'Why?'], { OLLAMA_URL: url })).toEqual({
      code: 1,
      stderr: expect.stringContaining('nope') as string,
    });
  });

  it('a provider there is none of', async () => {
    expect(await refused(['--model', 'oracle:delphi', 'Why?'])).toEqual({
      code: 1,
      stderr: expect.stringContaining('oracle') as string,
    });
  });

  it('a provider whose key is missing, naming the variable', async () => {
    expect(await refused(['--model', 'anthropic', 'Why?'])).toEqual({
      code: 1,
      stderr: expect.stringContaining('ANTHROPIC_API_KEY') as string,
    });
  });

  it('a voice there is none of', async () => {
    expect(await refused(['--voice', 'hal', 'Why?'])).toEqual({
      code: 1,
      stderr: expect.stringContaining('hal') as string,
    });
  });

  it('a player that is missing, naming those it looked for', async () => {
    expect(await refused(['--play', '--model', 'scripted', 'Why?'], { PATH: out })).toEqual({
      code: 1,
      stderr: expect.stringMatching(/ffplay.*aplay/) as string,
    });
  });

  it('with a stack trace only when asked', async () => {
    const { stderr } = await runExample('speak', [
      '--debug',
      '--file',
      join(out, 'missing.txt'),
      '--out',
      out,
    ]);
    expect(stderr).toMatch(/\n +at /);
  });
});
