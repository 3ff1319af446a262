import { readFileSync } from 'node:fs';
import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { register, validateWorkflow, workflowJsonSchema } from '../../../pipelines/workflow/index.js';
import { WorkflowError } from '../../../src/index.js';
import { streamingChatAgent, streamingConversationAgent } from './originalAgents.js';

const workflow = (...steps: readonly unknown[]) => ({ name: 'w', steps });
const chat = (id: string, message?: unknown, more: object = {}) => ({
  id,
  type: 'llm_chat',
  ...(message === undefined ? {} : { inputs: { message } }),
  ...more,
});
const from = (step: string, field = 'response') => ({ from_step: step, field });

/** Every problem of a definition as `path: message`. */
function problems(definition: unknown): readonly string[] {
  try {
    validateWorkflow(definition);
    return [];
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    expect(error.path).toBe(error.problems[0]?.path);
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('validateWorkflow', () => {
  it('takes the original example workflows as they are', () => {
    expect(validateWorkflow(streamingChatAgent)).toEqual(streamingChatAgent);
    expect(validateWorkflow(streamingConversationAgent)).toEqual(streamingConversationAgent);
  });

  it('takes a workflow whose only step has no inputs', () => {
    expect(problems(workflow(chat('only')))).toEqual([]);
  });

  it('gives back a frozen copy', () => {
    const definition = workflow({ id: 'a', type: 'output', inputs: { deep: { list: [1] } } });
    const checked = validateWorkflow(definition);
    expect(checked).not.toBe(definition);
    expect(Object.isFrozen(checked.steps[0])).toBe(true);
  });

  it('reports everything at once, each with its path', () => {
    expect(
      problems({
        name: 'w',
        descripton: 'typo',
        config: { default_llm_provider: 'ollama', max_concurrency: 0 },
        steps: [
          { id: 'a', type: 'llm_chta' },
          { id: 'b', type: 'llm_chat', config: { temprature: 1 }, inputs: { message: from('c', 'respnse') } },
          { id: 'c', type: 'llm_chat', inputs: { message: '{{nowhere.response}}' } },
          { id: 'c', type: 'output', inputs: { all: { deep: [from('cc')] } } },
          { id: 'd', type: 'tts' },
        ],
      }),
    ).toEqual([
      'config.max_concurrency: must be >=1',
      'descripton: unknown field "descripton" (did you mean "description"?)',
      'steps[0].type: unknown step type "llm_chta" (did you mean "llm_chat"?)',
      'steps[1].config.temprature: unknown field "temprature" (did you mean "temperature"?)',
      'steps[1].inputs.message: "c" has no output "respnse" (did you mean "response"?)',
      'steps[2].inputs.message: unknown step "nowhere"',
      'steps[3].id: duplicate id "c", also at steps[2]',
      'steps[3].inputs.all.deep[0]: unknown step "cc" (did you mean "c"?)',
      'steps[4].inputs: is missing (object)',
    ]);
  });

  it.each<[string, unknown, string]>([
    ['not an object', [], ': must be a JSON object'],
    ['no steps', { name: 'w' }, 'steps: is missing (a list of steps)'],
    ['an empty list', workflow(), 'steps: must have at least one step'],
    ['a step that is none', workflow(3), 'steps[0]: must be a step: { "id": …, "type": … }'],
    ['no type', workflow({ id: 'a' }), 'steps[0].type: is missing (a type of step)'],
    ['no id', workflow({ type: 'llm_chat' }), 'steps[0].id: is missing (string)'],
    [
      'a field of an inner object',
      workflow(chat('a', 'x', { stream_buffer: { forward_on: 'sentence', sentence_cuont: 2 } })),
      'steps[0].stream_buffer.sentence_cuont: unknown field "sentence_cuont" (did you mean "sentence_count"?)',
    ],
    [
      'a field of one member of a union',
      workflow(chat('a', 'x', { retry: { count: 2, dealy: 1 } })),
      'steps[0].retry.dealy: unknown field "dealy" (did you mean "delay"?)',
    ],
    [
      'a value that no member of a union takes',
      workflow(chat('a', 'x', { config: { timeout: 'soon' } })),
      'steps[0].config.timeout: must be seconds for the whole reply, or { total, first_token, idle } in seconds',
    ],
    [
      'a field of a step that gives others',
      workflow(chat('a', 'x', { outputs: ['response', 'answer'] })),
      'steps[0].outputs[1]: "a" has no output "answer"',
    ],
    [
      'chunks without a stream',
      workflow(chat('a', 'x', { outputs: ['chunks'] })),
      'steps[0].outputs[0]: "chunks" is given only with "stream": true',
    ],
    [
      'a conversation field without a conversation',
      workflow(chat('a', 'x', { config: { stream: true } }), chat('b', from('a', 'total_messages'))),
      'steps[1].inputs.message: "total_messages" is given only with "use_conversation": true',
    ],
    [
      'a message under another name',
      workflow(chat('a', undefined, { inputs: { mesage: 'x' } })),
      'steps[0].inputs.mesage: unknown field "mesage" (did you mean "message"?)',
    ],
    [
      'a circle of three',
      workflow(chat('a', from('c')), chat('b', from('a')), chat('c', '{{b.response}}')),
      'steps[0]: circular: a → c → b → a (each waits for the next)',
    ],
    [
      'a step of itself',
      workflow(chat('a', from('a'))),
      'steps[0].inputs.message: circular: the step refers to itself',
    ],
    [
      'a circle through depends_on',
      workflow(chat('a', 'x', { depends_on: ['b'] }), chat('b', from('a'))),
      'steps[0]: circular: a → b → a (each waits for the next)',
    ],
    [
      'an odd reference',
      workflow(chat('a', { from_step: 'a', field: 'response', or: 1 })),
      'steps[0].inputs.message: a reference must be { "from_step": "step id", "field": "name" } and nothing else',
    ],
    [
      'a reference without a field',
      workflow(chat('a', 'x'), chat('b', 'Is {{a}} it?')),
      'steps[1].inputs.message: a reference needs a field: {{a.field}}; \\{{ stands for two braces',
    ],
    [
      'a loop name outside of a loop',
      workflow(chat('a', 'On {{item}}')),
      'steps[0].inputs.message: {{item}} stands for something only inside a loop',
    ],
    [
      'a step inside a loop, from outside',
      workflow(
        { id: 'each', type: 'loop', inputs: { items: [1] }, config: { body: [chat('inner', 'x')] } },
        chat('after', from('inner')),
      ),
      'steps[1].inputs.message: "inner" is inside the loop "each", which gives results and count',
    ],
    [
      'a step in the other branch',
      workflow({
        id: 'if',
        type: 'condition',
        config: { if: { exists: 1 }, then: [chat('yes', 'x')], else: [chat('no', from('yes'))] },
      }),
      'steps[0].config.else[0].inputs.message: "yes" is in the other branch of "if": only one of them runs',
    ],
    [
      'the condition around it',
      workflow({
        id: 'if',
        type: 'condition',
        config: { if: { exists: 1 }, then: [chat('yes', from('if', 'branch'))] },
      }),
      'steps[0].config.then[0].inputs.message: circular: the step is inside "if"',
    ],
    [
      'two comparisons in one',
      workflow({ id: 'if', type: 'condition', config: { if: { and: [{ exists: 1, not: { exists: 1 } }] } } }),
      'steps[0].config.if.and[0]: must have exactly one of equals, not_equals, greater_than, at_least, less_than, at_most, contains, exists, and, or, not',
    ],
    [
      'an unknown comparison deep inside',
      workflow({ id: 'if', type: 'condition', config: { if: { not: { equal: [1, 1] } } } }),
      'steps[0].config.if.not.equal: unknown field "equal" (did you mean "equals"?)',
    ],
    [
      'a minimum above the maximum',
      workflow(chat('a', 'x', { stream_buffer: { min_chunk_length: 50, max_chunk_length: 40 } })),
      'steps[0].stream_buffer.min_chunk_length: must not be above max_chunk_length (40)',
    ],
    [
      'a loop of forever',
      workflow({
        id: 'each',
        type: 'loop',
        inputs: { items: [1] },
        config: { max_iterations: 1e9, body: [chat('a', 'x')] },
      }),
      'steps[0].config.max_iterations: must be <=1000',
    ],
    [
      'a regular expression in a schema',
      workflow({
        id: 'a',
        type: 'llm_structured',
        inputs: { message: 'x' },
        config: {
          schema: { type: 'object', properties: { pattern: { type: 'string', pattern: '(a+)+$' } } },
        },
      }),
      'steps[0].config.schema.properties.pattern.pattern: regular expressions are not allowed in a workflow file',
    ],
    [
      'a schema elsewhere',
      workflow({
        id: 'a',
        type: 'llm_structured',
        inputs: { message: 'x' },
        config: { schema: { items: { $ref: 'https://example.com/schema.json' } } },
      }),
      'steps[0].config.schema.items.$ref: a schema can only refer to itself (#/$defs/…)',
    ],
  ])('refuses %s', (_, definition, problem) => {
    expect(problems(definition)).toEqual([problem]);
  });

  describe('of an untrusted file', () => {
    it.each(['__proto__', 'constructor', 'prototype'])('refuses the name %s at any depth', (name) => {
      const anywhere = JSON.parse(
        `{"name":"w","${name}":1,"steps":[{"id":"a","type":"output","inputs":{"x":[{"deep":{"${name}":{}}}]}}]}`,
      ) as unknown;
      expect(problems(anywhere)).toEqual([
        `${name}: the name ${name} is not allowed`,
        `steps[0].inputs.x[0].deep.${name}: the name ${name} is not allowed`,
      ]);
      expect(problems(workflow(chat(name, 'x')))[0]).toMatch(/^steps\[0\]\.id: must be a name/);
      expect(problems(workflow(chat('a', 'x'), chat('b', from('a', `response.${name}`))))).toEqual([
        `steps[1].inputs.message: the name ${name} is not allowed`,
      ]);
      expect(problems(workflow(chat('a', `{{${name}.x}}`)))).toEqual([
        `steps[0].inputs.message: the name ${name} is not allowed`,
      ]);
      expect(problems(workflow({ id: 'a', type: name }))).toEqual([
        `steps[0].type: unknown step type "${name}"`,
      ]);
    });

    it.each([
      ['provider', 'https://evil.example/v1'],
      ['provider', 'sk-ant-REDACTED'],
      ['model', 'http://127.0.0.1:1234/m'],
      ['model', '/etc/passwd'],
      ['model', '../../model.gguf'],
      ['model', 'AIzaSyREDACTED'],
      ['base_url', 'https://evil.example'],
      ['api_key', 'sk-very-secret'],
      ['fallback', 'http://evil.example'],
    ])('refuses %s: %s, and does not repeat it', (field, value) => {
      const found = problems(workflow(chat('a', 'x', { config: { [field]: value } })));
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(new RegExp(`^steps\\[0\\]\\.config\\.${field}: `));
      expect(found[0]).not.toContain(value);
    });

    it.each([
      ['/etc/cron.d/x', 'the path must be relative'],
      ['C:\\x', 'the path must be relative'],
      ['~/.bashrc', 'the path must be relative'],
      ['a/../../x', 'the path must not hold ..'],
      ['a\\..\\x', 'the path must not hold ..'],
      ['a\\b', 'the path must be written with /'],
      ['a\u0000.txt', 'the path must not hold control characters'],
      ['folder/', 'the path must name a file'],
      ['x'.repeat(201), 'a name in the path is too long'],
    ])('refuses the path %j', (path, problem) => {
      expect(
        problems(
          workflow({ id: 'a', type: 'file_output', config: { file_path: path }, inputs: { content: 1 } }),
        ),
      ).toEqual([`steps[0].config.file_path: ${problem}`]);
      const call = problems(workflow({ id: 'a', type: 'agent_call', config: { workflow: `${path}.json` } }));
      if (!path.endsWith('/')) expect(call).toEqual([`steps[0].config.workflow: ${problem}`]);
    });

    it('bounds steps, also inside others, values, depth and texts, in no time', () => {
      const started = performance.now();
      const many = Array.from({ length: 10_000 }, (_, index) => chat(`s${index}`, 'x'));
      expect(problems(workflow(...many))).toEqual([
        'steps: a workflow must have at most 1000 steps, those inside others included',
      ]);
      expect(
        problems(workflow({ id: 'if', type: 'condition', config: { if: { exists: 1 }, then: many } })),
      ).toEqual(['steps: a workflow must have at most 1000 steps, those inside others included']);
      expect(problems({ name: 'w', steps: Array.from({ length: 200_000 }, () => 1) })[0]).toMatch(
        /at most 100000 values/,
      );
      let deep: unknown = 'x';
      for (let level = 0; level < 100_000; level++) deep = [deep];
      expect(problems(workflow(chat('a', deep)))[0]).toMatch(/nested deeper than 40 levels/);
      expect(problems(workflow(chat('a', 'x'.repeat(300_000))))[0]).toMatch(/at most 200000 characters/);
      expect(performance.now() - started).toBeLessThan(10_000);
    });

    it('survives what refers to itself', () => {
      const step: Record<string, unknown> = { id: 'a', type: 'output' };
      step['inputs'] = { self: step };
      expect(problems(workflow(step))[0]).toMatch(/nested deeper/);
    });

    it('reads a getter once, and refuses what is not plain', () => {
      let reads = 0;
      const definition = workflow({
        get id() {
          return reads++ === 0 ? 'a' : '__proto__';
        },
        type: 'output',
      });
      expect(validateWorkflow(definition).steps[0]?.id).toBe('a');
      expect(reads).toBe(1);
      expect(problems(workflow({ id: 'a', type: 'output', inputs: { when: new Date() } }))).toEqual([
        'steps[0].inputs.when: must be a plain object',
      ]);
      expect(problems(workflow({ id: 'a', type: 'output', inputs: { f: () => 1, n: NaN } }))).toEqual([
        'steps[0].inputs.f: must be JSON, not a function',
        'steps[0].inputs.n: must be a finite number',
      ]);
    });

    it('names at most a hundred problems', () => {
      const many = Array.from({ length: 500 }, (_, index) => ({ id: `s${index}`, type: 'nope' }));
      try {
        validateWorkflow(workflow(...many));
        expect.unreachable();
      } catch (error) {
        expect((error as WorkflowError).problems).toHaveLength(100);
        expect((error as WorkflowError).message).toMatch(/has 500 problems[^]*and 400 more$/);
      }
    });

    it('takes no time over what is wrong in ten thousands of places', () => {
      const started = performance.now();
      const wrong = Object.fromEntries(
        Array.from({ length: 90_000 }, (_, index) => [`${'x'.repeat(50)}${index}`, 1]),
      );
      expect(problems(workflow({ id: 'a', type: 'llm_chat', config: wrong }))).toHaveLength(100);
      const references = Array.from({ length: 30 }, (_, index) => from(`${'y'.repeat(50)}${index}`));
      const steps = Array.from({ length: 1000 }, (_, index) => ({
        id: `${'z'.repeat(50)}${index}`,
        type: 'output',
        inputs: { references },
      }));
      expect(problems(workflow(...steps))).toHaveLength(100);
      // minutes, when each of them is compared with each name
      expect(performance.now() - started).toBeLessThan(30_000);
    }, 60_000);

    it('throws nothing but a WorkflowError, whatever JSON it is given', () => {
      const words = fc.constantFrom(
        ...[
          'id',
          'type',
          'config',
          'inputs',
          'outputs',
          'steps',
          'name',
          'if',
          'then',
          'body',
          'and',
          'from_step',
        ],
        ...['field', 'llm_chat', 'condition', 'loop', 'input', 'a', 'b', '{{a.response}}', 'retry', 'schema'],
        ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'message', 'depends_on', 'workflow'],
      );
      const { json } = fc.letrec((tie) => ({
        json: fc.oneof(
          { maxDepth: 8, depthSize: 'large' },
          words,
          fc.constantFrom(null, true, 0, -1, 1e308),
          fc.array(tie('json'), { maxLength: 4 }),
          fc.dictionary(words, tie('json'), { maxKeys: 6 }),
        ),
      }));
      const step = fc.record(
        { id: words, type: words, config: json, inputs: json, outputs: json, depends_on: json },
        { requiredKeys: ['type'] },
      );
      fc.assert(
        fc.property(
          fc.record({ name: fc.constant('w'), steps: fc.array(step, { maxLength: 5 }) }),
          (definition) => {
            problems(definition);
          },
        ),
        { numRuns: 500 },
      );
    });
  });

  it('knows the types that a program registers, until it takes them back', () => {
    const shout = workflow({ id: 'a', type: 'shout', outputs: ['loud'] }, chat('b', from('a', 'loud')));
    const remove = register('shout', () => ({ loud: 'X' }));
    expect(problems(shout)).toEqual([]);
    expect(problems(workflow(...shout.steps.slice(0, 1), chat('b', from('a', 'quiet'))))).toEqual([
      'steps[1].inputs.message: "a" has no output "quiet"',
    ]);
    expect(() => register('shout', () => ({}))).toThrow(TypeError);
    remove();
    expect(problems(shout)[0]).toMatch(/^steps\[0\]\.type: unknown step type "shout"/);
    expect(() => register('llm_chat', () => ({}))).toThrow(/not built in/);
  });
});

describe('workflow.schema.json', () => {
  const published = JSON.parse(
    readFileSync(new URL('../../../workflow.schema.json', import.meta.url), 'utf8'),
  ) as Record<string, unknown>;

  it('is up to date (npm run schema)', () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(workflowJsonSchema())));
  });

  it('says the same of a file as the run-time check, as far as a schema can', () => {
    const validator = new Validator(structuredClone(published), '7', false);
    for (const good of [streamingChatAgent, streamingConversationAgent, workflow(chat('only'))])
      expect(validator.validate(good).valid).toBe(true);
    for (const bad of [
      workflow(),
      workflow({ id: 'a', type: 'llm_chta' }),
      workflow(chat('a', 'x', { config: { temprature: 1 } })),
      workflow(chat('constructor', 'x')),
      workflow({ id: 'if', type: 'condition', config: { if: { exists: 1, not: { exists: 1 } } } }),
    ])
      expect(validator.validate(bad).valid, JSON.stringify(bad)).toBe(false);
  });
});
