import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { from as observableFrom, lastValueFrom, of, take, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { register, runWorkflow, type WorkflowEvent } from '../../../pipelines/index.js';
import { scriptedModel, scriptedVoice } from '../../../providers/scripted/index.js';
import { Conversation, WorkflowError, type ChatModel } from '../../../src/index.js';
import { collect, collectFailure } from '../../support/collect.js';
import { readWav } from '../../support/readWav.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { streamingChatAgent, streamingConversationAgent } from './originalAgents.js';

const says = (text: string, more: object = {}) => scriptedModel({ text, tokensPerSecond: 2000, ...more });
const workflow = (...steps: readonly unknown[]) => ({ name: 'w', steps });
const ends = (events: readonly WorkflowEvent[], step: string) =>
  events.flatMap((event) => (event.type === 'step-end' && event.step === step ? [event.outputs] : []))[0];
const file = (folder: string, name: string, content: unknown) => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const failureOf = async (run: ReturnType<typeof runWorkflow>) => {
  const { values, error } = await collectFailure(run);
  if (!(error instanceof WorkflowError)) throw error;
  return { values, error };
};

describe('runWorkflow', () => {
  it('runs the original streaming chat, from a file', async () => {
    const path = file(temporaryFolder(), 'chat.json', streamingChatAgent);
    const events = await collect(
      runWorkflow(path, { inputs: { user_message: 'Hi' }, models: { ollama: says('The sky is blue.') } }),
    );
    expect(ends(events, 'stream_response')).toEqual({
      response: 'The sky is blue.',
      streamed: true,
      chunks: ['The', ' sky', ' is', ' blue.'],
      message: 'Hi',
      provider: 'ollama',
      model: 'llama2',
      usage: { inputTokens: 1, outputTokens: 4 },
    });
    expect(events.at(-1)).toEqual({
      type: 'workflow-end',
      workflow: 'streaming_chat_agent',
      outputs: {
        response: 'The sky is blue.',
        was_streamed: true,
        chunk_count: ['The', ' sky', ' is', ' blue.'],
      },
    });
    expect(events.flatMap((event) => (event.type === 'token' ? [event.text] : [])).join('')).toBe(
      'The sky is blue.',
    );
  });

  it('runs the original streaming conversation, asking when nothing is given', async () => {
    const made: unknown[] = [];
    const gemini = (model?: string) => {
      made.push(model);
      return says('Tell me more.');
    };
    const asked: string[] = [];
    const conversations = new Map<string, Conversation>();
    const events = await collect(
      runWorkflow(streamingConversationAgent, {
        models: { gemini },
        conversations,
        onInput: ({ prompt }) => {
          asked.push(prompt);
          return Promise.resolve(`answer ${asked.length}`);
        },
      }),
    );
    expect(made).toEqual(['gemini-1.5-flash', 'gemini-1.5-flash']);
    expect(asked).toEqual(["What's on your mind?", 'Go on …']);
    expect(ends(events, 'second_reply')).toMatchObject({
      response: 'Tell me more.',
      conversation_id: 'user_session_001',
      total_messages: 5,
      first_prompt: 'answer 1',
      last_response: 'Tell me more.',
    });
    expect(events.at(-1)).toMatchObject({ outputs: { streaming_enabled: true, total_messages: 5 } });
    expect(conversations.get('user_session_001')?.messages.map(({ role }) => role)).toEqual([
      ...['system', 'user', 'assistant', 'user', 'assistant'],
    ]);
  });

  it('continues a conversation of the host', async () => {
    const conversation = new Conversation({ id: 'c' });
    conversation.add('user', 'Before');
    conversation.add('assistant', 'Yes?');
    const config = { use_conversation: true, conversation_id: 'c' };
    const events = await collect(
      runWorkflow(workflow({ id: 'a', type: 'llm_chat', config, inputs: { message: 'Now' } }), {
        models: { m: says('Aha.') },
        conversations: new Map([['c', conversation]]),
      }),
    );
    expect(ends(events, 'a')).toMatchObject({ total_messages: 4, first_prompt: 'Before', streamed: false });
  });

  it('runs a workflow whose only step has no inputs: its message is the run’s, or asked for', async () => {
    const only = workflow({ id: 'a', type: 'llm_chat', config: { stream: true } });
    const prompts: unknown[] = [];
    const models = {
      m: says('Aha.', { onRequest: ({ prompt }: { prompt: unknown }) => prompts.push(prompt) }),
    };
    const given = await collect(runWorkflow(only, { models, inputs: { message: 'given' } }));
    expect(given.at(-1)).toMatchObject({ outputs: { response: 'Aha.', message: 'given' } });
    await collect(runWorkflow(only, { models, onInput: () => 'asked' }));
    await collect(runWorkflow(only, { models, onInput: () => of('by an Observable', 'too late') }));
    await collect(runWorkflow(only, { models, onInput: () => observableFrom(Promise.resolve(7)) }));
    expect(prompts).toEqual(['given', 'asked', 'by an Observable', '7']);
    expect((await failureOf(runWorkflow(only, { models }))).error).toMatchObject({
      path: 'steps[0]',
      message: 'workflow w: steps[0]: the input "message" is missing',
    });
  });

  it('does nothing before subscribe, and all of it anew for each', async () => {
    let requests = 0;
    const run = runWorkflow(workflow({ id: 'a', type: 'llm_chat', inputs: { message: 'x' } }), {
      models: { m: says('y', { onRequest: () => requests++ }) },
    });
    await Promise.resolve();
    expect(requests).toBe(0);
    const first = await collect(run);
    expect(await collect(run)).toEqual(first);
    expect(requests).toBe(2);
  });

  it('does nothing for a subscriber that has gone before it began', async () => {
    let requests = 0;
    const run = runWorkflow(workflow({ id: 'a', type: 'llm_chat', inputs: { message: 'x' } }), {
      models: { m: says('y', { onRequest: () => requests++ }) },
    });
    run.subscribe().unsubscribe();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(requests).toBe(0);
  });

  it('stops at any number of events', async () => {
    const open = new Set<unknown>();
    const model = says('One. Two. Three. Four.', {
      onRequest: (request: unknown) => open.add(request),
      onEnd: (request: unknown) => open.delete(request),
    });
    const definition = workflow(
      { id: 'a', type: 'llm_chat', config: { stream: true }, inputs: { message: 'x' } },
      { id: 'b', type: 'llm_chat', config: { stream: true }, inputs: { message: 'x' } },
      { id: 'v', type: 'tts', inputs: { text: '{{a.response}}' } },
    );
    const options = { models: { model }, voices: { v: scriptedVoice({ msPerWord: 1, realTimeFactor: 0 }) } };
    const count = (await collect(runWorkflow(definition, options))).length;
    expect(count).toBeGreaterThan(15);
    for (let nth = 1; nth <= count; nth++) {
      const events = await lastValueFrom(runWorkflow(definition, options).pipe(take(nth), toArray()));
      expect(events).toHaveLength(nth);
      expect(open.size).toBe(0);
    }
  });

  it('tells what is wrong with a file, all at once, before anything runs', async () => {
    let requests = 0;
    const models = { m: says('y', { onRequest: () => requests++ }) };
    const { values, error } = await failureOf(
      runWorkflow(
        workflow(
          { id: 'a', type: 'llm_chat', inputs: { message: 'x' } },
          { id: 'a', type: 'llm_chat', inputs: { message: '{{b.response}}' } },
          { id: 'c', type: 'agent_call', config: { workflow: 'other.json' } },
        ),
        { models },
      ),
    );
    expect(values).toEqual([]);
    expect(requests).toBe(0);
    expect(error.problems.map(({ path }) => path)).toEqual([
      'steps[1].id',
      'steps[1].inputs.message',
      'steps[2].config.workflow',
    ]);
  });

  it('tells what the program lacks: providers, a folder, inputs', async () => {
    const { error } = await failureOf(
      runWorkflow(
        workflow(
          {
            id: 'a',
            type: 'llm_chat',
            config: { provider: 'olama', fallback: 'nobody' },
            inputs: { message: 'x' },
          },
          { id: 'b', type: 'file_output', config: { file_path: 'x' }, inputs: { content: 1 } },
          { id: 'c', type: 'input', outputs: ['name'] },
        ),
        { models: { ollama: says('y') } },
      ),
    );
    expect(error.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'steps[0].config.fallback: unknown provider "nobody"',
      'steps[0].config.provider: unknown provider "olama" (did you mean "ollama"?)',
      'steps[1]: this step writes files: the program must give an outputDir',
      'steps[2]: the input "name" is missing',
    ]);
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])(
    'does not take %s for a provider or an input',
    async (name) => {
      const definition = workflow({
        id: 'a',
        type: 'llm_chat',
        config: { provider: name },
        inputs: { message: 'x' },
      });
      const { error } = await failureOf(runWorkflow(definition, { models: { m: says('x') } }));
      expect(error.path).toBe('steps[0].config.provider');
      const inputs = JSON.parse(`{"deep":{"${name}":1}}`) as Record<string, unknown>;
      const ask = workflow({ id: 'b', type: 'input', outputs: ['deep'] });
      if (name.startsWith('_') || name === 'constructor')
        expect((await failureOf(runWorkflow(ask, { inputs }))).error.path).toBe(`inputs.deep.${name}`);
      else expect((await collect(runWorkflow(ask, { inputs }))).at(-1)).toMatchObject({ outputs: inputs });
    },
  );

  it.each<[string, () => unknown, RegExp]>([
    [
      'no definition',
      () => runWorkflow(''),
      /definition must be a path or a workflow's content, got an empty text/,
    ],
    ['a list', () => runWorkflow([] as never), /definition .* got a list/],
    [
      'no concurrency',
      () => runWorkflow('x', { maxConcurrency: 0 }),
      /maxConcurrency must be a whole number over 0, got 0/,
    ],
    [
      'a model that is none',
      () => runWorkflow('x', { models: { a: 'sk-key' as never } }),
      /a must be a model, .* got string/,
    ],
    [
      'a handler of a built-in type',
      () => runWorkflow('x', { handlers: { tts: () => ({}) } }),
      /handlers: type must be/,
    ],
    [
      'inputs that are none',
      () => runWorkflow('x', { inputs: 'x' as never }),
      /inputs must be an object, got string/,
    ],
    [
      'checkpoints that are none',
      () => runWorkflow('x', { checkpoints: [] as never }),
      /checkpoints must be an object, got a list/,
    ],
    [
      'conversations that are none',
      () => runWorkflow('x', { conversations: {} as never }),
      /conversations must be a Map/,
    ],
  ])('refuses %s at call time', (_, call, message) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });

  it.each<[string, (folder: string) => string | URL, RegExp]>([
    ['that is missing', (folder) => join(folder, 'nowhere.json'), /nowhere\.json" does not exist/],
    ['that is a folder', (folder) => folder, /is not a file/],
    [
      'that is too large',
      (folder) => file(folder, 'large.json', ' '.repeat(1_048_577)),
      /is larger than 1048576 bytes/,
    ],
    [
      'that is not JSON',
      (folder) => file(folder, 'bad.json', '{\n  "name": oops'),
      /is not JSON: line 2, column \d+/,
    ],
    ['by its URL', (folder) => pathToFileURL(file(folder, 'url.json', '{}')), /url\.json has 2 problems/],
  ])('refuses a file %s', async (_, make, message) => {
    const { error } = await failureOf(runWorkflow(make(temporaryFolder())));
    expect(error.message).toMatch(message);
  });

  describe('file_output', () => {
    const write = (file_path: string, content: unknown, config: object = {}) =>
      workflow({ id: 'f', type: 'file_output', config: { file_path, ...config }, inputs: { content } });

    it('writes texts as they are and anything else as JSON, below outputDir, which it makes', async () => {
      const outputDir = join(temporaryFolder(), 'made', 'here');
      const first = await collect(runWorkflow(write('deep/er/a.txt', 'Hello'), { outputDir }));
      expect(ends(first, 'f')).toEqual({ file_path: join(outputDir, 'deep/er/a.txt'), success: true });
      expect(readFileSync(join(outputDir, 'deep/er/a.txt'), 'utf8')).toBe('Hello');
      await collect(runWorkflow(write('a.json', { a: [1] }), { outputDir }));
      expect(readFileSync(join(outputDir, 'a.json'), 'utf8')).toBe('{\n  "a": [\n    1\n  ]\n}\n');
      await collect(runWorkflow(write('a.json', 'text', { format: 'json' }), { outputDir }));
      expect(readFileSync(join(outputDir, 'a.json'), 'utf8')).toBe('"text"\n');
      expect(readdirSync(outputDir).sort()).toEqual(['a.json', 'deep']);
    });

    it.each([
      ['../out.txt'],
      ['/etc/out.txt'],
      ['a/../../out.txt'],
      ['..'],
      ['a\u0000b'],
      ['a\\..\\..\\out.txt'],
      [''],
      ['~/x'],
    ])('refuses %j, also when an output says it', async (path) => {
      const folder = temporaryFolder();
      const outputDir = join(folder, 'out');
      mkdirSync(outputDir);
      const definition = workflow(
        { id: 'say', type: 'input', outputs: ['path'] },
        { id: 'f', type: 'file_output', config: { file_path: '{{say.path}}' }, inputs: { content: 'evil' } },
      );
      const { error } = await failureOf(runWorkflow(definition, { outputDir, inputs: { path } }));
      expect(error.path).toBe('steps[1]');
      expect(readdirSync(folder)).toEqual(['out']);
      expect(readdirSync(outputDir)).toEqual([]);
    });

    it('follows no link out of outputDir, in the way or at the end', async () => {
      const folder = temporaryFolder();
      const outputDir = join(folder, 'out');
      mkdirSync(outputDir);
      mkdirSync(join(folder, 'secret'));
      writeFileSync(join(folder, 'secret', 'file'), 'before');
      symlinkSync(join(folder, 'secret'), join(outputDir, 'way'));
      symlinkSync(join(folder, 'secret', 'file'), join(outputDir, 'end'));
      for (const path of ['way/file', 'way/new', 'way/deeper/new', 'end']) {
        const { error } = await failureOf(runWorkflow(write(path, 'evil'), { outputDir }));
        expect(error.message).toMatch(/leads out of its folder|is a symbolic link/);
      }
      expect(readFileSync(join(folder, 'secret', 'file'), 'utf8')).toBe('before');
      expect(readdirSync(join(folder, 'secret'))).toEqual(['file']);
      const speak = workflow({
        id: 'v',
        type: 'tts',
        inputs: { text: 'Hi' },
        config: { output_path: 'way/x.wav' },
      });
      const { error } = await failureOf(runWorkflow(speak, { outputDir, voices: { v: scriptedVoice({}) } }));
      expect(error.message).toMatch(/leads out of its folder/);
    });

    it('does not tell the machine’s paths when it fails', async () => {
      const outputDir = temporaryFolder();
      writeFileSync(join(outputDir, 'file'), '');
      const { error } = await failureOf(runWorkflow(write('file/inside.txt', 'x'), { outputDir }));
      expect(error.message).toBe(
        'step "f" (steps[0]): "file/inside.txt" is in the way of a folder or a file',
      );
    });
  });

  describe('tts', () => {
    it('saves one file of everything and one for each utterance', async () => {
      const outputDir = temporaryFolder();
      const voice = scriptedVoice({ msPerWord: 20, realTimeFactor: 0, latency: 0, sampleRate: 8000 });
      const events = await collect(
        runWorkflow(
          workflow({
            id: 'v',
            type: 'tts',
            inputs: { text: 'This is one sentence of it. And this is another one, as long. It ends here.' },
            config: { voice: 'default', output_path: 'all.wav', output_dir: 'parts', concurrency: 1 },
          }),
          { outputDir, voices: { v: voice } },
        ),
      );
      const outputs = ends(events, 'v') as {
        audio_files: readonly string[];
        duration: number;
        utterances: number;
      };
      expect(outputs).toMatchObject({
        success: true,
        voice_used: 'default',
        audio_file_path: join(outputDir, 'all.wav'),
      });
      expect(outputs.audio_files).toHaveLength(outputs.utterances + 1);
      const whole = readWav(join(outputDir, 'all.wav'));
      expect((whole.data.length / 16000) * 1000).toBeCloseTo(outputs.duration);
      const kinds = new Set(events.map(({ type }) => type));
      for (const kind of ['utterance-start', 'audio', 'word', 'utterance-end']) expect(kinds).toContain(kind);
    });
  });

  describe('llm_structured', () => {
    const schema = {
      type: 'object',
      properties: { mood: { type: 'string' }, score: { type: 'number' } },
      required: ['mood', 'score'],
    };
    const extract = (text: string, more: object = {}) =>
      collect(
        runWorkflow(
          workflow(
            { id: 's', type: 'llm_structured', config: { schema }, inputs: { message: 'x' }, ...more },
            { id: 'o', type: 'output', inputs: { mood: '{{s.response.mood}}', none: '{{s.response.nope}}' } },
          ),
          { models: { m: says(text) } },
        ),
      );

    it('shows the object as it grows, and gives it whole', async () => {
      const events = await extract('{ "mood": "glad and well", "score": 7 }');
      const partials = events.flatMap((event) => (event.type === 'partial' ? [event.value] : []));
      expect(partials.length).toBeGreaterThan(1);
      expect(partials[0]).not.toHaveProperty('score');
      expect(ends(events, 's')).toMatchObject({ response: { mood: 'glad and well', score: 7 } });
      expect(events.at(-1)).toMatchObject({ outputs: { mood: 'glad and well', none: null } });
    });

    it('fails with what does not fit, and may try again', async () => {
      const run = runWorkflow(
        workflow({
          id: 's',
          type: 'llm_structured',
          retry: { count: 1, delay: 0 },
          config: { schema },
          inputs: { message: 'x' },
        }),
        { models: { m: says('{ "mood": 3, "score": 7 }') } },
      );
      const { values, error } = await failureOf(run);
      expect(error.cause).toMatchObject({ name: 'MalformedReplyError' });
      expect(values.flatMap((event) => (event.type === 'step-error' ? [event.action] : []))).toEqual([
        'retry',
        'fail',
      ]);
    });

    it('keeps a reply’s __proto__ where it is', async () => {
      const events = await collect(
        runWorkflow(
          workflow(
            { id: 's', type: 'llm_structured', config: { schema: {} }, inputs: { message: 'x' } },
            { id: 'o', type: 'output', inputs: { all: '{{s.response}}', deep: '{{s.response.polluted}}' } },
          ),
          { models: { m: says('{ "__proto__": { "polluted": true } }') } },
        ),
      );
      expect(events.at(-1)).toMatchObject({ outputs: { deep: null } });
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    });
  });

  describe('agent_call', () => {
    const helper = {
      name: 'helper',
      steps: [
        { id: 'ask', type: 'input', outputs: ['topic'] },
        { id: 'say', type: 'llm_chat', config: { stream: true }, inputs: { message: 'On {{ask.topic}}' } },
        { id: 'give', type: 'output', inputs: { poem: '{{say.response}}' } },
      ],
    };
    const call = (workflow: string, more: object = {}) => ({
      id: 'call',
      type: 'agent_call',
      config: { workflow },
      inputs: { topic: 'rain' },
      ...more,
    });
    const main = (path: string, ...more: readonly unknown[]) => workflow(call(path), ...more);
    const models = { m: says('Drip drop.') };

    it('runs another file, passes its events through and gives its outputs', async () => {
      const folder = temporaryFolder();
      file(folder, 'agents/helper.json', helper);
      const path = file(
        folder,
        'main.json',
        main('agents/helper.json', {
          id: 'o',
          type: 'output',
          inputs: { poem: '{{call.poem}}', all: '{{call.outputs}}' },
        }),
      );
      const events = await collect(runWorkflow(path, { models }));
      expect(events.at(-1)).toMatchObject({ outputs: { poem: 'Drip drop.', all: { poem: 'Drip drop.' } } });
      const inner = events.filter((event) => event.within?.join() === 'call');
      expect(inner.map(({ type }) => type)).toEqual([
        ...['workflow-start', 'step-start', 'step-end', 'step-start', 'token', 'token', 'step-end'],
        ...['step-start', 'step-end', 'workflow-end'],
      ]);
      expect(inner[4]).toEqual({ type: 'token', step: 'say', text: 'Drip', within: ['call'] });
    });

    it('finds a file that a called one calls in that one’s folder', async () => {
      const folder = temporaryFolder();
      file(folder, 'a/b/deep.json', helper);
      file(folder, 'a/middle.json', { ...main('b/deep.json'), name: 'middle' });
      const path = file(
        folder,
        'main.json',
        workflow({ id: 'top', type: 'agent_call', config: { workflow: 'a/middle.json' } }),
      );
      const events = await collect(runWorkflow(path, { models }));
      expect(events.at(-1)).toMatchObject({ outputs: { poem: 'Drip drop.' } });
      expect(events.find(({ type }) => type === 'token')?.within).toEqual(['top', 'call']);
    });

    it('is stopped with the one that called it', async () => {
      const folder = temporaryFolder();
      file(folder, 'helper.json', helper);
      const path = file(folder, 'main.json', main('helper.json'));
      const ended: string[] = [];
      const slow = scriptedModel({
        text: 'A b c d',
        tokensPerSecond: 20,
        onEnd: (_, how) => ended.push(how),
      });
      await lastValueFrom(runWorkflow(path, { models: { slow } }).pipe(take(7)));
      expect(ended).toEqual(['unsubscribe']);
    });

    it('checks the called file, what it is given and what is taken from it', async () => {
      const folder = temporaryFolder();
      file(folder, 'helper.json', helper);
      file(folder, 'bad.json', { ...helper, steps: [{ id: 'x', type: 'nope' }, { id: 'y' }] });
      const path = file(
        folder,
        'main.json',
        workflow(
          call('helper.json', { inputs: { topik: 'rain' } }),
          { id: 'o', type: 'output', inputs: { poem: '{{call.peom}}' } },
          { id: 'b', type: 'agent_call', config: { workflow: 'bad.json' } },
        ),
      );
      const { error } = await failureOf(runWorkflow(path, { models }));
      expect(error.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
        'steps[0].inputs.topik: the called workflow asks for no "topik" (did you mean "topic"?)',
        'steps[1].inputs.poem: "call" has no output "peom" (did you mean "poem"?)',
        'steps[2].config.workflow: bad.json: steps[0].type: unknown step type "nope"',
        'steps[2].config.workflow: bad.json: steps[1].type: is missing (a type of step)',
      ]);
    });

    it('refuses circles, links out of the folder, and objects without one', async () => {
      const folder = temporaryFolder();
      const inside = join(folder, 'inside');
      file(folder, 'outside.json', helper);
      const itself = file(
        inside,
        'itself.json',
        workflow({ id: 'a', type: 'agent_call', config: { workflow: 'other.json' } }),
      );
      file(
        inside,
        'other.json',
        workflow({ id: 'b', type: 'agent_call', config: { workflow: 'itself.json' } }),
      );
      expect((await failureOf(runWorkflow(itself))).error.message).toMatch(
        /steps\[0\]\.config\.workflow: other\.json: steps\[0\]\.config\.workflow: circular: "itself\.json" is calling itself/,
      );
      symlinkSync(join(folder, 'outside.json'), join(inside, 'link.json'));
      const link = file(inside, 'main.json', main('link.json'));
      expect((await failureOf(runWorkflow(link))).error.message).toMatch(
        /"link\.json" leads out of its folder/,
      );
      expect((await failureOf(runWorkflow(main('outside.json')))).error.message).toMatch(
        /workflowDir is needed/,
      );
      const events = await collect(runWorkflow(main('outside.json'), { workflowDir: folder, models }));
      expect(events.at(-1)).toMatchObject({ outputs: { poem: 'Drip drop.' } });
      const missing = file(inside, 'missing.json', main('nowhere.json'));
      expect((await failureOf(runWorkflow(missing))).error.problems).toEqual([
        { path: 'steps[0].config.workflow', message: '"nowhere.json" does not exist' },
      ]);
    });

    it('bounds how deep and how many files are called', async () => {
      const folder = temporaryFolder();
      for (let index = 0; index < 12; index++)
        file(
          folder,
          `d${index}.json`,
          workflow({ id: 'a', type: 'agent_call', config: { workflow: `d${index + 1}.json` } }),
        );
      expect((await failureOf(runWorkflow(join(folder, 'd0.json')))).error.message).toMatch(/at most 8 deep/);
      for (let index = 0; index < 60; index++) file(folder, `w${index}.json`, helper);
      const wide = file(
        folder,
        'wide.json',
        workflow(
          ...Array.from({ length: 60 }, (_, index) => ({ ...call(`w${index}.json`), id: `c${index}` })),
        ),
      );
      expect((await failureOf(runWorkflow(wide))).error.message).toMatch(
        /at most 50 workflow files can be called/,
      );
    });
  });

  describe('types of one’s own', () => {
    const shout = workflow(
      { id: 's', type: 'shout', config: { mark: '!' }, inputs: { text: '{{in.text}}' }, outputs: ['loud'] },
      { id: 'in', type: 'input', outputs: ['text'] },
      { id: 'o', type: 'output', inputs: { said: '{{s.loud}}' } },
    );
    const inputs = { text: 'hey' };

    it('are run by handlers: of a value, a promise, an iterable or an Observable', async () => {
      const loud = (text: unknown) => ({ loud: `${String(text).toUpperCase()}!` });
      for (const handler of [
        (call: { inputs: Readonly<Record<string, unknown>> }) => loud(call.inputs['text']),
        (call: { inputs: Readonly<Record<string, unknown>> }) => Promise.resolve(loud(call.inputs['text'])),
        (call: { inputs: Readonly<Record<string, unknown>> }) => of({ loud: '' }, loud(call.inputs['text'])),
        async function* (call: { inputs: Readonly<Record<string, unknown>> }) {
          yield await Promise.resolve(loud(call.inputs['text']));
        },
      ]) {
        const events = await collect(runWorkflow(shout, { inputs, handlers: { shout: handler } }));
        expect(events.at(-1)).toMatchObject({ outputs: { said: 'HEY!' } });
      }
    });

    it('show their early values, get what the file says, and fail as any step', async () => {
      const calls: unknown[] = [];
      const remove = register('shout', (call) => {
        calls.push(call);
        return of({ loud: 1 }, { loud: 2 }, { loud: 3 });
      });
      try {
        const events = await collect(runWorkflow(shout, { inputs }));
        expect(events.filter(({ type }) => type === 'partial')).toEqual([
          { type: 'partial', step: 's', value: { loud: 1 } },
          { type: 'partial', step: 's', value: { loud: 2 } },
        ]);
        expect(calls).toEqual([{ id: 's', type: 'shout', config: { mark: '!' }, inputs: { text: 'hey' } }]);
        for (const [handler, why] of [
          [() => throwError(() => new Error('hoarse')), /hoarse/],
          [() => 'just a text' as never, /must give an object/],
          [
            () => {
              throw new Error('at once');
            },
            /at once/,
          ],
        ] as const)
          expect(
            (await failureOf(runWorkflow(shout, { inputs, handlers: { shout: handler } }))).error.message,
          ).toMatch(why);
      } finally {
        remove();
      }
    });
  });

  it('repeats no secret of a failing model', async () => {
    const failing = Object.assign(() => throwError(() => new Error('refused: [redacted]')), {
      provider: 'p',
      model: 'm',
    });
    const model = Object.assign(failing, { events: failing, complete: failing }) as unknown as ChatModel;
    const { error } = await failureOf(
      runWorkflow(workflow({ id: 'a', type: 'llm_chat', inputs: { message: 'x' } }), { models: { model } }),
    );
    expect(error.message).toBe('step "a" (steps[0]): refused: [redacted]');
  });
});
