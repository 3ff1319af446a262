import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runWorkflow, type RunWorkflowOptions, type WorkflowEvent } from '../../../pipelines/index.js';
import { workflowGraph } from '../../../pipelines/workflow/index.js';
import { ollama } from '../../../providers/ollama/index.js';
import { scriptedModel, scriptedVoice } from '../../../providers/scripted/index.js';
import { collect } from '../../support/collect.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { wireServer } from '../../support/wireServer.js';

const folder = fileURLToPath(new URL('../../../examples/workflows/', import.meta.url));
const says = (text: string) => scriptedModel({ text, tokensPerSecond: 2000 });
const run = (name: string, options: RunWorkflowOptions) => collect(runWorkflow(join(folder, name), options));
const outputs = (events: readonly WorkflowEvent[]) => {
  const last = events.at(-1);
  return last?.type === 'workflow-end' ? last.outputs : undefined;
};
/** The steps' starts and ends, in order. */
const course = (events: readonly WorkflowEvent[]) =>
  events.flatMap((event) =>
    event.type === 'step-start' ? [`${event.step}<`] : event.type === 'step-end' ? [`${event.step}>`] : [],
  );

describe('examples/workflows', () => {
  it('has the files that are run below, each with a graph', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(files.sort()).toEqual([
      'agent-calling-agent.json',
      'streaming-chat-to-speech.json',
      'streaming-chat.json',
      'streaming-conversation.json',
      'structured-extraction.json',
      'two-agents-in-parallel.json',
    ]);
    for (const name of files)
      expect(workflowGraph(JSON.parse(readFileSync(join(folder, name), 'utf8')))).toMatch(/^flowchart TD\n/);
  });

  it('streaming-chat, with a scripted model', async () => {
    const events = await run('streaming-chat.json', {
      inputs: { user_message: 'Why?' },
      models: { ollama: says('The sky is blue.') },
    });
    expect(outputs(events)).toEqual({ response: 'The sky is blue.' });
    expect(events.filter(({ type }) => type === 'token')).toHaveLength(4);
  });

  it('streaming-chat, with the real SDK and a server on loopback', async () => {
    const line = (value: object) => `${JSON.stringify(value)}\n`;
    const server = await wireServer((_, index) =>
      index === 0
        ? { status: 503, body: [line({ error: 'busy' })] }
        : {
            headers: { 'content-type': 'application/x-ndjson' },
            body: [
              ...['The', ' sky', ' is', ' blue.'].map((content) =>
                line({ model: 'llama3.2', message: { role: 'assistant', content }, done: false }),
              ),
              line({
                message: { role: 'assistant', content: '' },
                done: true,
                done_reason: 'stop',
                prompt_eval_count: 7,
                eval_count: 4,
              }),
            ],
          },
    );
    onTestFinished(() => server.close());
    const events = await run('streaming-chat.json', {
      inputs: { user_message: 'Why?' },
      models: {
        ollama: (model?: string) =>
          ollama({ ...(model === undefined ? {} : { model }), baseURL: server.url }),
      },
    });
    expect(events.flatMap((event) => (event.type === 'token' ? [event.text] : []))).toEqual([
      ...['The', ' sky', ' is', ' blue.'],
    ]);
    expect(events.find((event) => event.type === 'step-end' && event.step === 'answer')).toMatchObject({
      outputs: { provider: 'ollama', model: 'llama3.2', usage: { inputTokens: 7, outputTokens: 4 } },
    });
    // the first was refused, and nothing had been said: it was asked again
    expect(server.requests).toHaveLength(2);
    expect(server.requests[1]?.json).toMatchObject({
      model: 'llama3.2',
      stream: true,
      messages: [
        { role: 'system', content: 'Answer in three sentences at most.' },
        { role: 'user', content: 'Why?' },
      ],
    });
  });

  it('closes the real SDK’s connection when it is left', async () => {
    const server = await wireServer(() => ({
      headers: { 'content-type': 'application/x-ndjson' },
      body: [
        `${JSON.stringify({ message: { role: 'assistant', content: 'The' }, done: false })}\n`,
        { act: 'hang' } as never,
      ],
    }));
    onTestFinished(() => server.close());
    await new Promise<void>((left) => {
      const running = runWorkflow(join(folder, 'streaming-chat.json'), {
        inputs: { user_message: 'Why?' },
        models: { ollama: ollama({ model: 'm', baseURL: server.url }) },
      }).subscribe((event) => {
        if (event.type !== 'token') return;
        running.unsubscribe();
        left();
      });
    });
    expect(await server.earlyClose(server.requests[0]!)).toBeDefined();
  });

  it('streaming-conversation: the second reply knows the first', async () => {
    const prompts: number[] = [];
    const model = scriptedModel({
      text: 'I see.',
      tokensPerSecond: 2000,
      onRequest: ({ prompt }) => prompts.push(prompt.length),
    });
    const events = await run('streaming-conversation.json', {
      inputs: { first_message: 'Rain again.', follow_up: 'For days.' },
      models: { ollama: model },
    });
    expect(prompts).toEqual([2, 4]);
    expect(outputs(events)).toEqual({
      first_prompt: 'Rain again.',
      last_response: 'I see.',
      total_messages: 5,
    });
  });

  it('streaming-chat-to-speech: speaks before the answer is whole', async () => {
    const outputDir = temporaryFolder();
    const text =
      'Light comes from the sun. Air scatters the blue of it. So the sky is blue. That is all there is to it.';
    const events = await run('streaming-chat-to-speech.json', {
      inputs: { user_message: 'Why?' },
      models: { ollama: scriptedModel({ text, tokensPerSecond: 25 }) },
      voices: { auto: scriptedVoice({ latency: 5, msPerWord: 50, realTimeFactor: 0 }) },
      outputDir,
    });
    const at = (find: (event: WorkflowEvent) => boolean) => events.findIndex(find);
    expect(at(({ type }) => type === 'audio')).toBeLessThan(
      at((event) => event.type === 'step-end' && event.step === 'answer'),
    );
    expect(at(({ type }) => type === 'audio')).toBeGreaterThan(0);
    expect(events.flatMap((event) => (event.type === 'utterance-end' ? [event.text] : [])).join('')).toBe(
      text,
    );
    const utterances = readdirSync(join(outputDir, 'utterances'));
    expect(readdirSync(outputDir).sort()).toEqual(['answer.wav', 'utterances']);
    expect(outputs(events)).toEqual({
      audio_file: join(outputDir, 'answer.wav'),
      utterances: utterances.length,
    });
  });

  it('two-agents-in-parallel: both at the same time, then the judge', async () => {
    const events = await run('two-agents-in-parallel.json', {
      inputs: { plan: 'a boat' },
      models: { ollama: says('Well then.') },
    });
    const steps = course(events);
    expect(steps.slice(0, 4)).toEqual(['question<', 'question>', 'optimist<', 'sceptic<']);
    expect(steps.slice(-4)).toEqual(['judge<', 'judge>', 'result<', 'result>']);
    expect(outputs(events)).toEqual({ advice: 'Well then.' });
  });

  it.each([
    [9, ['reply<', 'reply>'], { reply: expect.any(String) as string, filed_as: null }],
    [
      2,
      ['file<', 'file>'],
      { reply: null, filed_as: expect.stringMatching(/inbox.message\.json$/) as string },
    ],
  ])('structured-extraction: urgency %i', async (urgency, taken, rest) => {
    const facts = { sender: 'Ann', wish: 'a call', urgency };
    const events = await run('structured-extraction.json', {
      inputs: { text: 'Call me. Ann' },
      models: { ollama: says(JSON.stringify(facts)) },
      outputDir: temporaryFolder(),
    });
    expect(course(events)).toEqual([
      ...['mail<', 'mail>', 'facts<', 'facts>', 'is_urgent<', ...taken, 'is_urgent>', 'result<', 'result>'],
    ]);
    expect(events.filter(({ type }) => type === 'partial').length).toBeGreaterThan(1);
    expect(outputs(events)).toEqual({ facts, ...rest });
  });

  it('agent-calling-agent: the poet’s events pass through', async () => {
    const events = await run('agent-calling-agent.json', {
      models: { ollama: says('A wave, a gull, a sail.') },
    });
    expect(outputs(events)).toEqual({ poem: 'A wave, a gull, a sail.' });
    expect(
      events.filter((event) => event.type === 'token' && event.within?.[0] === 'poet').length,
    ).toBeGreaterThan(1);
  });
});

describe('workflowGraph', () => {
  it('draws what waits for what, streams dotted, conditions and loops as boxes', () => {
    const graph = workflowGraph({
      name: 'w',
      steps: [
        { id: 'a', type: 'llm_chat', config: { stream: true } },
        { id: 'v', type: 'tts', inputs: { text: '{{a.response}}' } },
        {
          id: 'if',
          type: 'condition',
          config: {
            if: { exists: '{{a.response}}' },
            then: [
              { id: 'x', type: 'output' },
              { id: 'y', type: 'output', inputs: { x: '{{a.model}}' }, depends_on: ['x'] },
            ],
          },
        },
      ],
    });
    expect(graph).toBe(
      [
        'flowchart TD',
        '  s0["a<br><small>llm_chat</small>"]',
        '  s1["v<br><small>tts</small>"]',
        '  subgraph s2["if (condition)"]',
        '    subgraph s2_then["then"]',
        '      s3["x<br><small>output</small>"]',
        '      s4["y<br><small>output</small>"]',
        '    end',
        '  end',
        '  s0 -. streams .-> s1',
        '  s0 --> s2',
        '  s3 --> s4',
        '',
      ].join('\n'),
    );
  });
});
