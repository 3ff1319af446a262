import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runExample, startExample } from '../support/runExample.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { hang, wireServer } from '../support/wireServer.js';

const chat = 'examples/workflows/streaming-chat.json';
const run = (...args: readonly string[]) => runExample('workflow', args);
const line = (content: string) =>
  `${JSON.stringify({ message: { role: 'assistant', content }, done: false })}\n`;
const end = `${JSON.stringify({ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' })}\n`;

// each starts a process of its own, which takes its time on a busy machine
describe('npm run workflow', { timeout: 60_000 }, () => {
  it('prints the tokens, and a line for each step', async () => {
    const server = await wireServer(() => ({ body: [line('The sky'), line(' is blue.'), end] }));
    onTestFinished(() => server.close());
    const { code, stdout, stderr } = await runExample('workflow', [chat, '--input', 'user_message=Why?'], {
      env: { OLLAMA_URL: server.url },
    });
    expect(stdout).toBe('The sky is blue.\n{\n  "response": "The sky is blue."\n}\n');
    expect(stderr.split('\n').map((text) => text.replace(/[\d.]+ s$/, 'N s'))).toEqual([
      ...['… question (input)', '✓ question N s', '… answer (llm_chat)', '✓ answer N s'],
      ...['… result (output)', '✓ result N s', ''],
    ]);
    expect(code).toBe(0);
    expect(server.requests[0]?.json).toMatchObject({ model: 'llama3.2' });
  });

  it('runs every example offline, and prints every event as JSON', async () => {
    const out = temporaryFolder();
    const inputs = ['user_message', 'first_message', 'follow_up', 'plan', 'text', 'topic'];
    for (const name of readdirSync('examples/workflows').filter((file) => file.endsWith('.json'))) {
      const given = inputs.flatMap((input) => ['--input', `${input}=something`]);
      const { code, stdout, stderr } = await run(
        `examples/workflows/${name}`,
        '--offline',
        '--events',
        '--out',
        out,
        ...given,
      );
      expect(stderr, name).toBe('');
      const events = stdout
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text) as { type: string; data?: unknown });
      expect(events.at(-1)?.type, name).toBe('workflow-end');
      for (const { type, data } of events)
        if (type === 'audio') expect(data).toEqual({ bytes: expect.any(Number) as number });
      expect(code).toBe(0);
    }
    expect(readdirSync(out).sort()).toEqual(['answer.wav', 'inbox', 'utterances']);
  }, 120_000);

  it('shows replies that come at the same time one after the other, each whole', async () => {
    const { stdout, stderr } = await run(
      'examples/workflows/two-agents-in-parallel.json',
      '--offline',
      '--input',
      'plan=x',
    );
    const reply =
      'This is a scripted reply: no model was asked. It comes token by token, as a real one would. Try it with one.\n';
    expect(stdout).toBe(reply.repeat(4));
    expect(stderr).toMatch(/^ {2}optimist:$/m);
    expect(stderr).toMatch(/^ {2}sceptic:$/m);
  });

  it('asks for what is missing, with a line of input for each answer', async () => {
    const { code, stdout, stderr } = await runExample(
      'workflow',
      ['examples/workflows/streaming-conversation.json', '--offline', '--ask'],
      { stdin: 'Rain again.\nFor days.\n' },
    );
    expect(stderr).toMatch(/What is on your mind\?[^]*Go on:/);
    expect(stdout).toMatch(/"first_prompt": "Rain again\."/);
    expect(code).toBe(0);
  });

  it('fails when the answers end too early', async () => {
    const { code, stderr } = await runExample('workflow', [chat, '--offline', '--ask']);
    expect(stderr).toMatch(/workflow: the input "user_message" is missing \(steps\[0\]\)\n$/);
    expect(code).toBe(1);
  });

  it('draws the steps', async () => {
    const { code, stdout } = await run(chat, '--graph');
    expect(stdout).toMatch(/^flowchart TD\n[^]* s0 --> s1\n {2}s1 --> s2\n$/);
    expect(code).toBe(0);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['no file', [], /^workflow: which workflow\? Give a JSON file \(--help tells what there is\)\n$/],
    ['two files', ['a.json', 'b.json'], /^workflow: one workflow at a time/],
    ['an option that is none', [chat, '--nope'], /^workflow: Unknown option '--nope'/],
    ['an input without a name', [chat, '--input', '=x'], /^workflow: --input must be NAME=VALUE/],
    ['a file that is missing', ['nowhere.json'], /^workflow: "nowhere\.json" does not exist\n$/],
    [
      'a graph of a file that is missing',
      ['nowhere.json', '--graph'],
      /^workflow: nowhere\.json cannot be read/,
    ],
    ['an input that is missing', [chat], /^workflow: steps\[0\]: the input "user_message" is missing\n$/],
  ])('tells %s in one line, and exits with 2', async (_, args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('tells everything that is wrong with a file, a line each', async () => {
    const file = join(temporaryFolder(), 'bad.json');
    writeFileSync(file, JSON.stringify({ name: 'w', setps: [], steps: [{ id: 'a', type: 'llm_chta' }] }));
    for (const more of [[], ['--graph']]) {
      const { code, stderr } = await run(file, ...more);
      expect(stderr).toBe(
        'workflow: setps: unknown field "setps" (did you mean "steps"?)\n' +
          'workflow: steps[0].type: unknown step type "llm_chta" (did you mean "llm_chat"?)\n',
      );
      expect(code).toBe(2);
    }
  });

  it('exits with 1 when the run fails, with the stack only for --debug', async () => {
    const server = await wireServer(() => ({ status: 404, body: ['{"error":"no such model"}'] }));
    onTestFinished(() => server.close());
    const env = { OLLAMA_URL: server.url };
    const call = [chat, '--input', 'user_message=Why?'];
    const plain = await runExample('workflow', call, { env });
    expect(plain.code).toBe(1);
    expect(plain.stderr).toMatch(/\nworkflow: step "answer" \(steps\[1\]\): .*no such model.*\n$/);
    expect(plain.stderr).not.toMatch(/\n {4}at /);
    const debug = await runExample('workflow', [...call, '--debug'], { env });
    expect(debug.stderr).toMatch(/\n {4}at /);
  });

  it('stops at Ctrl-C, down to the socket, and exits with 130', async () => {
    const server = await wireServer(() => ({ body: [line('The sky'), hang] }));
    onTestFinished(() => server.close());
    const running = startExample('workflow', [chat, '--input', 'user_message=Why?'], {
      env: { OLLAMA_URL: server.url },
    });
    await running.printed(/The sky/);
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/Interrupted\.\n$/);
    expect(await server.earlyClose(server.requests[0]!)).toBeDefined();
  });
});
