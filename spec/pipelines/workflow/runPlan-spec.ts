import { asyncScheduler, map, NEVER, of, throwError, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { RunWorkflowOptions, StepHandler, WorkflowEvent } from '../../../pipelines/index.js';
import { scriptedModel, scriptedVoice } from '../../../providers/scripted/index.js';
import { AuthenticationError, ConnectionError } from '../../../src/index.js';
import { timeline } from './timeline.js';
import { brief, virtualRun } from './virtualRun.js';

const model = (marbles: string, more: object = {}) => scriptedModel({ marbles, ...more });
const chat = (id: string, more: object = {}, message: unknown = 'x') => ({
  id,
  type: 'llm_chat',
  config: { provider: id, stream: true },
  inputs: { message },
  ...more,
});
const from = (step: string, field = 'response') => ({ from_step: step, field });
/** What a run does, in virtual time. */
const told = (
  steps: readonly unknown[],
  options: RunWorkflowOptions = {},
  config: object = {},
  until?: number,
) => timeline(() => brief(virtualRun(steps, options, config)), until);
/** The same without the workflow's own events. */
const toldSteps = (...run: Parameters<typeof told>) => told(...run).filter((line) => !/ [[\]|]$/.test(line));
/** A type of step that takes a time and ends as told. */
const after: StepHandler = ({ config, inputs }) =>
  timer(Number(config['ms'] ?? 0)).pipe(
    map(() => {
      if (config['fail'] === true) throw new ConnectionError('the line went dead');
      return { value: config['value'] ?? inputs['value'] ?? null };
    }),
  );
const handlers = { after };
const wait = (id: string, ms: number, more: object = {}) => ({ id, type: 'after', config: { ms }, ...more });

describe('a run in virtual time', () => {
  it('streams a reply, then what waits for it', () => {
    expect(
      told([chat('a'), { id: 'b', type: 'output', inputs: { said: from('a') } }], {
        models: { a: model('--x-y-(z|)') },
      }),
    ).toEqual(['0 [', '0 a<', '2 a:x', '4 a:y', '6 a:z', '6 a>', '6 b<', '6 b>', '6 ]', '6 |']);
  });

  it('runs steps that do not wait for each other at the same time', () => {
    expect(
      toldSteps([wait('a', 5), wait('b', 3), wait('c', 1, { inputs: { value: from('b', 'value') } })], {
        handlers,
      }),
    ).toEqual(['0 a<', '0 b<', '3 b>', '3 c<', '4 c>', '5 a>']);
  });

  it.each([
    ['the file', { max_concurrency: 1 }, {}],
    ['the host', {}, { maxConcurrency: 1 }],
    ['the lower of both', { max_concurrency: 4 }, { maxConcurrency: 1 }],
  ])('runs no more at the same time than %s allows', (_, config, options) => {
    expect(toldSteps([wait('a', 2), wait('b', 1), wait('c', 1)], { handlers, ...options }, config)).toEqual([
      '0 a<',
      '2 a>',
      '2 b<',
      '3 b>',
      '3 c<',
      '4 c>',
    ]);
  });

  it('keeps the order of the file for steps that end at once', () => {
    const ids = Array.from({ length: 900 }, (_, index) => `s${index}`);
    const chain = ids.map((id, index) => wait(id, 0, index === 0 ? {} : { depends_on: [`s${index - 1}`] }));
    const at = handlersAtOnce();
    expect(toldSteps(chain, { handlers: at })).toEqual(ids.flatMap((id) => [`0 ${id}<`, `0 ${id}>`]));
    expect(
      toldSteps(
        chain.map(({ id, type }) => ({ id, type })),
        { handlers: at, maxConcurrency: 1 },
      ),
    ).toHaveLength(1800);
    // each waits for the one after it
    const backwards = ids.map((id, index) =>
      wait(id, 0, index === ids.length - 1 ? {} : { depends_on: [`s${index + 1}`] }),
    );
    expect(toldSteps(backwards, { handlers: at }).slice(0, 2)).toEqual(['0 s899<', '0 s899>']);
  });

  describe('tts', () => {
    const voice = scriptedVoice({ latency: 10, msPerWord: 100, realTimeFactor: 0 });
    const speak = (text: unknown, more: object = {}) => ({ id: 'v', type: 'tts', inputs: { text }, ...more });
    const values = { a: 'It is so. ', b: 'It is as it was said. ', c: 'And so on it goes. ', d: 'End.' };
    const requests: unknown[] = [];
    const talker = scriptedModel({
      tokens: Object.values(values).map((text) => ({ text, after: 300 })),
      onRequest: (request) => requests.push(request.method),
    });

    it.each([
      ['a reference', from('a')],
      ['a text that is a reference', '{{a.response}}'],
    ])('speaks %s to a reply while it streams, which is read once', (_, text) => {
      requests.length = 0;
      const lines = toldSteps([chat('a'), speak(text)], { models: { a: talker }, voices: { v: voice } });
      const first = lines.findIndex((line) => line.includes('v~audio'));
      expect(first).toBeGreaterThan(0);
      expect(first).toBeLessThan(lines.findIndex((line) => line.includes('a>')));
      expect(requests).toEqual(['stream']);
    });

    it('speaks what stands around the reference, too', () => {
      const starts: string[] = [];
      virtualTexts([chat('a'), speak('She said: {{a.response}} That was it.')], talker, voice, starts);
      expect(starts.join('')).toBe(`She said: ${Object.values(values).join('')} That was it.`);
    });

    it('gives several speakers the same reply', () => {
      requests.length = 0;
      const starts: string[] = [];
      virtualTexts([chat('a'), speak(from('a')), { ...speak(from('a')), id: 'w' }], talker, voice, starts);
      expect(starts.join('')).toHaveLength(2 * Object.values(values).join('').length);
      expect(requests).toEqual(['stream']);
    });

    it('speaks all of it when there is only one place', () => {
      const lines = toldSteps(
        [chat('a'), speak(from('a'))],
        { models: { a: talker }, voices: { v: voice } },
        { max_concurrency: 1 },
      );
      expect(lines.findIndex((line) => line.includes('v<'))).toBeGreaterThan(
        lines.findIndex((line) => line.includes('a>')),
      );
      expect(lines.at(-1)).toMatch(/v>$/);
    });

    it('speaks what there was when the reply failed and may', () => {
      const broken = scriptedModel({ marbles: '-a---b-#', values, error: new ConnectionError('gone') });
      const starts: string[] = [];
      virtualTexts([chat('a', { on_error: 'continue' }), speak(from('a'))], broken, voice, starts);
      expect(starts.join('')).toBe(values.a + values.b);
    });

    it('begins anew when the steps around it are tried again', () => {
      let requests = 0;
      const starts: string[] = [];
      const lines = timeline(() =>
        virtualRun(
          [
            {
              id: 'if',
              type: 'condition',
              retry: { count: 1, delay: 0 },
              config: { if: { exists: 1 }, then: [chat('a'), speak(from('a'))] },
            },
          ],
          {
            models: {
              a: scriptedModel({
                tokens: ['It began. '],
                tokensPerSecond: 100,
                failAfter: 1,
                onRequest: () => requests++,
              }),
            },
            voices: { v: voice },
          },
        ).pipe(
          map((event) => {
            if (event.type === 'utterance-start') starts.push(event.text);
            return event.type;
          }),
        ),
      );
      expect(lines.at(-1)).toMatch(/ # /);
      expect(requests).toBe(2);
      expect(starts.filter((text) => text.length > 'It began. '.length)).toEqual([]);
    });

    it('says what is meant to be heard, and tells what was written', () => {
      const heard: string[] = [];
      const voiced = Object.assign(
        (text: string) => {
          heard.push(text);
          return voice(text);
        },
        { provider: 'v', format: voice.format },
      );
      const starts: string[] = [];
      virtualTexts([chat('a'), speak('It is **so** bold.')], talker, voiced, starts);
      expect(heard).toEqual(['It is so bold.']);
      expect(starts).toEqual(['It is **so** bold.']);
    });

    it('is cut by its own stream_buffer', () => {
      const starts: string[] = [];
      virtualTexts(
        [chat('a'), speak(from('a'), { stream_buffer: { forward_on: 'word_count', word_count: 3 } })],
        talker,
        voice,
        starts,
      );
      expect(starts[0]).toBe('It is so. ');
      expect(starts.join('')).toBe(Object.values(values).join(''));
    });
  });

  describe('llm_chat', () => {
    it('gives all of its outputs', () => {
      const outputs = (config: object, models: RunWorkflowOptions['models']) => {
        let given: unknown;
        timeline(() =>
          virtualRun([chat('a', { config: { provider: 'm', model: 'as-written', ...config } }, 'Why?')], {
            ...(models ? { models } : {}),
          }).pipe(
            map((event) => {
              if (event.type === 'step-end') given = event.outputs;
              return '';
            }),
          ),
        );
        return given;
      };
      const usage = { inputTokens: 3, outputTokens: 5 };
      const m = model('-x-(y|)', { usage });
      expect(outputs({ stream: true }, { m })).toEqual({
        response: 'xy',
        streamed: true,
        chunks: ['x', 'y'],
        message: 'Why?',
        provider: 'm',
        model: 'as-written',
        usage,
      });
      expect(outputs({}, { m })).toEqual({
        response: 'xy',
        streamed: false,
        message: 'Why?',
        provider: 'm',
        model: 'as-written',
        usage: null,
      });
      expect(outputs({ stream: true, use_conversation: true, conversation_id: 'c' }, { m })).toMatchObject({
        conversation_id: 'c',
        total_messages: 2,
        first_prompt: 'Why?',
        last_response: 'xy',
      });
    });

    it('passes the options on, in milliseconds', () => {
      const seen: unknown[] = [];
      const a = model('(x|)', { onRequest: ({ options }: { options: object }) => seen.push(options) });
      told(
        [
          chat('a', {
            config: {
              temperature: 0.5,
              max_tokens: 9,
              system_message: 'Be {{mood.value}}.',
              timeout: { first_token: 2, idle: 0.5 },
              stream: true,
            },
          }),
          wait('mood', 0, { config: { value: 'brief' } }),
        ],
        { models: { a }, handlers },
      );
      expect(seen).toMatchObject([
        { temperature: 0.5, maxTokens: 9, system: 'Be brief.', firstTokenTimeout: 2000, idleTimeout: 500 },
      ]);
    });

    it('forwards the stream as stream_buffer says', () => {
      expect(
        toldSteps([chat('a', { stream_buffer: { forward_on: 'chunk_size', chunk_size: 2 } })], {
          models: { a: model('-x-y-z-(w|)') },
        }),
      ).toEqual(['0 a<', '3 a:xy', '7 a:zw', '7 a>']);
    });

    it('tries again, but never once something has been said', () => {
      let requests = 0;
      const failing = (marbles: string) => model(marbles, { onRequest: () => requests++ });
      const retry = { retry: { count: 2, delay: 0.01, jitter: 0 } };
      expect(toldSteps([chat('a', retry)], { models: { a: failing('--#') } }).at(-1)).toMatch(/^36 # /);
      expect(requests).toBe(3);
      requests = 0;
      expect(toldSteps([chat('a', retry)], { models: { a: failing('-x-#') } })).toEqual([
        '0 a<',
        '1 a:x',
        '3 a!fail',
        expect.stringMatching(/^3 # step "a" \(steps\[0\]\): /) as string,
      ]);
      expect(requests).toBe(1);
    });

    it('lets another provider say the rest', () => {
      const asked: unknown[] = [];
      const backup = scriptedModel({
        text: 'xyz',
        tokensPerSecond: Infinity,
        onRequest: ({ method, options }) => asked.push([method, options.continueFrom]),
      });
      const lines = toldSteps(
        [
          chat('a', {
            config: { provider: 'a', stream: true, fallback: [{ provider: 'off' }, { provider: 'b' }] },
          }),
        ],
        {
          models: {
            a: model('-x-#'),
            off: scriptedModelThatFails(new AuthenticationError('no key')),
            b: backup,
          },
        },
      );
      expect(lines).toEqual(['0 a<', '1 a:x', '3 a:yz', '3 a>']);
      expect(asked).toEqual([['complete', 'x']]);
    });

    it('falls back to the same model without a stream', () => {
      expect(
        toldSteps([chat('a', { config: { stream: true, fallback: true } })], {
          models: { a: scriptedModel({ text: 'Hello you', tokensPerSecond: 1000, failAfter: 1 }) },
        }),
      ).toEqual(['0 a<', '0 a:Hello', expect.stringMatching(/a: you$/), expect.stringMatching(/a>$/)]);
    });

    it('is given a time for the whole reply, however steadily it comes', () => {
      const endless = scriptedModel({ tokens: forever('x'), tokensPerSecond: 1000 });
      expect(
        toldSteps([chat('a', { config: { stream: true, timeout: 0.003 } })], {
          models: { a: endless },
        }).slice(-2),
      ).toEqual(['3 a!fail', '3 # step "a" (steps[0]): no whole reply within 0.003 s']);
    });

    it('lets turns of one conversation follow each other, in the order of the file', () => {
      const prompts: unknown[] = [];
      const m = scriptedModel({
        text: 'Aha.',
        tokensPerSecond: 100,
        onRequest: ({ prompt }) =>
          prompts.push((prompt as readonly { content: string }[]).map(({ content }) => content)),
      });
      const config = { stream: true, use_conversation: true, conversation_id: 'c' };
      const lines = toldSteps(
        [
          chat('a', { config: { ...config, system_message: 'Listen.' } }, 'One'),
          chat('b', { config }, 'Two'),
          {
            id: 'each',
            type: 'loop',
            inputs: { items: ['Three', 'Four'] },
            config: { max_concurrency: 2, body: [chat('c', { config }, '{{item}}')] },
          },
        ],
        { models: { only: m } },
      );
      expect(prompts).toEqual([
        ['Listen.', 'One'],
        ['Listen.', 'One', 'Aha.', 'Two'],
        ['Listen.', 'One', 'Aha.', 'Two', 'Aha.', 'Three'],
        ['Listen.', 'One', 'Aha.', 'Two', 'Aha.', 'Three', 'Aha.', 'Four'],
      ]);
      expect(lines.at(-1)).toMatch(/each>$/);
    });
  });

  describe('a step that fails', () => {
    const failing = (id: string, ms: number, more: object = {}) => ({
      ...wait(id, ms, more),
      config: { ms, fail: true },
    });

    it('ends the workflow, and its siblings at the same moment', () => {
      const ended: string[] = [];
      const note = (id: string) => ({ onEnd: (_: unknown, how: string) => ended.push(`${id} ${how}`) });
      const lines = toldSteps(
        [chat('a'), failing('f', 4), chat('b'), { id: 'v', type: 'tts', inputs: { text: from('b') } }],
        {
          handlers,
          models: { a: model('-x-x-x-x-x-x', note('a')), b: model('--y', note('b')) },
          voices: { v: scriptedVoice({}) },
        },
      );
      expect(lines.slice(-2)).toEqual(['4 f!fail', '4 # step "f" (steps[1]): the line went dead']);
      expect(ended.sort()).toEqual(['a unsubscribe', 'b unsubscribe']);
    });

    it('says where and why', () => {
      let failure: unknown;
      timeline(() => {
        const run = virtualRun([failing('f', 1)], { handlers });
        run.subscribe({ error: (error: unknown) => (failure = error) });
        return run.pipe(map(() => ''));
      });
      expect(failure).toMatchObject({
        name: 'WorkflowError',
        path: 'steps[0]',
        retryable: true,
        cause: { name: 'ConnectionError' },
      });
    });

    it('may be passed over: what refers to it gets null, and can ask why', () => {
      const events: WorkflowEvent[] = [];
      timeline(() =>
        virtualRun(
          [
            failing('f', 1, { on_error: 'continue', outputs: ['value'] }),
            {
              id: 'o',
              type: 'output',
              inputs: { value: from('f', 'value'), why: '{{f.error.message}}', text: '<{{f.value}}>' },
            },
          ],
          { handlers },
        ).pipe(
          map((event) => {
            events.push(event);
            return '';
          }),
        ),
      );
      expect(events.at(-1)).toMatchObject({
        outputs: { value: null, why: 'the line went dead', text: '<>' },
      });
      expect(events.map(({ type }) => type)).toContain('step-error');
    });

    it('is tried again after pauses, if it can heal', () => {
      const retry = { count: 2, delay: 0.01, jitter: 0 };
      expect(toldSteps([failing('f', 1, { retry })], { handlers })).toEqual([
        '0 f<',
        '1 f!retry',
        '12 f!retry',
        '33 f!fail',
        '33 # step "f" (steps[0]): the line went dead',
      ]);
      const never: StepHandler = () => throwError(() => new AuthenticationError('no key'));
      expect(toldSteps([{ id: 'n', type: 'after', retry }], { handlers: { after: never } })).toEqual([
        '0 n<',
        '0 n!fail',
        '0 # step "n" (steps[0]): no key',
      ]);
    });
  });

  describe('condition', () => {
    const branches = (value: unknown) => [
      wait('a', 1, { config: { ms: 1, value } }),
      {
        id: 'if',
        type: 'condition',
        config: {
          if: { at_least: [from('a', 'value'), 10] },
          then: [wait('many', 1), wait('more', 1, { depends_on: ['many'] })],
          else: [wait('few', 1)],
        },
      },
      { id: 'o', type: 'output', inputs: { branch: from('if', 'branch'), few: from('few', 'value') } },
    ];

    it('runs one of two lists', () => {
      expect(toldSteps(branches(10), { handlers })).toEqual([
        ...['0 a<', '1 a>', '1 if<', '1 many<', '2 many>', '2 more<', '3 more>', '3 if>', '3 o<', '3 o>'],
      ]);
      expect(toldSteps(branches(9), { handlers })).toEqual([
        ...['0 a<', '1 a>', '1 if<', '1 few<', '2 few>', '2 if>', '2 o<', '2 o>'],
      ]);
    });

    it('fails where there is nothing to compare', () => {
      expect(toldSteps(branches('ten'), { handlers }).at(-1)).toBe(
        '1 # step "if" (steps[1]): at_least compares two numbers or two texts, not string and number',
      );
    });
  });

  describe('loop', () => {
    const loop = (
      items: unknown,
      config: object,
      body: readonly unknown[] = [wait('in', 2, { inputs: { value: '{{index}}:{{item.name}}' } })],
    ) => ({
      id: 'each',
      type: 'loop',
      inputs: { items },
      config: { ...config, body },
    });
    const items = [{ name: 'x' }, { name: 'y' }, { name: 'z' }];

    it('runs its body for one item after the other', () => {
      expect(toldSteps([loop(items, {})], { handlers })).toEqual([
        ...['0 each<', '0 in<', '2 in>', '2 in<', '4 in>', '4 in<', '6 in>', '6 each>'],
      ]);
    });

    it('runs several at once where it may, and keeps the order of the items', () => {
      const events: WorkflowEvent[] = [];
      const body = [wait('in', 0, { inputs: { value: from('each', 'item.ms') } })];
      const slow: StepHandler = ({ inputs }) =>
        timer(Number(inputs['value'])).pipe(map(() => ({ got: inputs['value'] })));
      timeline(() =>
        virtualRun([loop([{ ms: 9 }, { ms: 1 }, { ms: 3 }], { max_concurrency: 2 }, body)], {
          handlers: { after: slow },
        }).pipe(
          map((event) => {
            events.push(event);
            return '';
          }),
        ),
      );
      expect(events.at(-1)).toMatchObject({
        outputs: { results: [{ got: 9 }, { got: 1 }, { got: 3 }], count: 3 },
      });
      expect(events.filter(({ type }) => type === 'step-end').map((event) => event.within)).toEqual([
        ['each[1]'],
        ['each[2]'],
        ['each[0]'],
        undefined,
      ]);
    });

    it('runs not at all for an empty list, and refuses what is none or too long', () => {
      expect(toldSteps([loop([], {})], { handlers })).toEqual(['0 each<', '0 each>']);
      expect(toldSteps([loop('abc', {})], { handlers }).at(-1)).toMatch(/items must be a list$/);
      expect(toldSteps([loop(items, { max_iterations: 2 })], { handlers }).at(-1)).toMatch(
        /items has 3 values, more than max_iterations \(2\) allows$/,
      );
    });

    it('has places for its steps, whatever is around them', () => {
      const nested = loop(items, {}, [{ ...loop([1, 2], {}, [wait('in', 1)]), id: 'inner' }]);
      expect(toldSteps([nested, wait('beside', 1)], { handlers, maxConcurrency: 1 }).at(-1)).toBe('7 each>');
    });

    it('cannot start more steps than a run may', () => {
      const thousand = Array.from({ length: 1000 }, (_, index) => index);
      const nested = loop(thousand, { max_iterations: 1000 }, [
        { ...loop(thousand, { max_iterations: 1000 }, [wait('in', 0)]), id: 'inner' },
      ]);
      expect(toldSteps([nested], { handlers: handlersAtOnce() }).at(-1)).toMatch(
        /must not start more than 10000 steps$/,
      );
    });
  });

  describe('input', () => {
    const ask = (id: string, more: object = {}) => ({
      id,
      type: 'input',
      config: { prompt: `${id}?` },
      outputs: [`${id}_said`],
      ...more,
    });

    it('asks in the order of the file, one question at a time, after the steps before', () => {
      const asked: string[] = [];
      const onInput: RunWorkflowOptions['onInput'] = ({ step, name, prompt }) => {
        asked.push(`${asyncScheduler.now()} ${step} ${name} ${prompt}`);
        return timer(3).pipe(map(() => `${step}!`));
      };
      const lines = toldSteps(
        [ask('a'), chat('m', {}, from('a', 'a_said')), ask('b'), ask('c', { outputs: ['c1', 'c2'] })],
        { onInput, models: { m: model('-x-(y|)') } },
      );
      expect(asked).toEqual(['0 a a_said a?', '6 b b_said b?', '9 c c1 c?', '12 c c2 c?']);
      expect(lines.at(-1)).toBe('15 c>');
    });

    it('does not wait for the steps before where the answer is there', () => {
      expect(
        toldSteps([chat('m'), ask('b')], {
          inputs: { b_said: 1 },
          onInput: () => NEVER,
          models: { m: model('-x-(y|)') },
        }).slice(0, 3),
      ).toEqual(['0 m<', '0 b<', '0 b>']);
    });

    it('takes the run’s value, else the file’s, else the answer, else the default', () => {
      const outputs = (options: RunWorkflowOptions, more: object) => {
        let given: unknown;
        timeline(() =>
          virtualRun([ask('a', more)], options).pipe(
            map((event) => {
              if (event.type === 'workflow-end') given = event.outputs;
              return '';
            }),
          ),
        );
        return given;
      };
      const more = { inputs: { a_said: 'file' }, config: { default: ['default'] } };
      const config = { default: ['default'] };
      expect(outputs({ inputs: { a_said: null }, onInput: () => 'user' }, more)).toEqual({ a_said: null });
      expect(outputs({ onInput: () => 'user' }, more)).toEqual({ a_said: 'file' });
      expect(outputs({ onInput: () => 'user' }, { config })).toEqual({ a_said: 'user' });
      expect(outputs({ onInput: () => '' }, { config })).toEqual({ a_said: ['default'] });
      expect(outputs({}, { config })).toEqual({ a_said: ['default'] });
      expect(outputs({ inputs: { a: 'by id' } }, { outputs: undefined })).toEqual({ a: 'by id' });
    });

    it('says before anything runs what is missing', () => {
      expect(
        told([chat('m', { inputs: {} }), ask('a'), ask('b', { config: { default: 1 } })], {
          models: { m: model('|') },
        }),
      ).toEqual([
        '0 # workflow w has 2 problems:\n  steps[0]: the input "message" is missing\n  steps[1]: the input "a_said" is missing',
      ]);
    });
  });

  it('replaces references once: what an output says is never read as one', () => {
    const evil = '{{secret.value}} {{evil.value}} \\{{';
    const events: WorkflowEvent[] = [];
    timeline(() =>
      virtualRun(
        [
          wait('secret', 0, { config: { value: 'SECRET' } }),
          { id: 'evil', type: 'input' },
          {
            id: 'o',
            type: 'output',
            inputs: {
              whole: '{{evil.evil}}',
              inside: 'It says: {{evil.evil}} \\{{evil.evil}} {{ evil.evil }} {{not a reference}} {{{}}}',
              object: { from_step: 'evil', field: 'evil' },
            },
          },
        ],
        { handlers, inputs: { evil } },
      ).pipe(
        map((event) => {
          events.push(event);
          return '';
        }),
      ),
    );
    expect(events.at(-1)).toMatchObject({
      outputs: {
        whole: evil,
        inside: `It says: ${evil} {{evil.evil}} ${evil} {{not a reference}} {{{}}}`,
        object: evil,
      },
    });
    const reference = { from_step: 'secret', field: 'value' };
    const again: WorkflowEvent[] = [];
    timeline(() =>
      virtualRun(
        [
          wait('secret', 0, { config: { value: 'SECRET' } }),
          { id: 'evil', type: 'input' },
          { id: 'o', type: 'output', inputs: { object: from('evil', 'evil') } },
        ],
        { handlers, inputs: { evil: reference } },
      ).pipe(
        map((event) => {
          again.push(event);
          return '';
        }),
      ),
    );
    expect(again.at(-1)).toMatchObject({ outputs: { object: reference } });
  });

  it('does not let values double until the memory is full', () => {
    const steps = Array.from({ length: 60 }, (_, index) => ({
      id: `s${index}`,
      type: 'output',
      inputs:
        index === 0 ? { x: 'ha' } : { x: { a: from(`s${index - 1}`, 'x'), b: from(`s${index - 1}`, 'x') } },
    }));
    expect(told(steps).at(-1)).toMatch(
      /# step "s\d+" \(steps\[\d+\]\): a value must not grow beyond 1000000 characters$/,
    );
    const texts = steps.map(({ id, type }, index) => ({
      id,
      type,
      inputs: { x: index === 0 ? 'ha' : `{{s${index - 1}.x}}{{s${index - 1}.x}}` },
    }));
    expect(told(texts).at(-1)).toMatch(/must not grow beyond 1000000 characters$/);
  });

  it('is cold, and stops everything when it is left, at whatever moment', () => {
    let requests = 0;
    const ends: string[] = [];
    const note = { onRequest: () => requests++, onEnd: (_: unknown, how: string) => ends.push(how) };
    const steps = [
      chat('a'),
      chat('b'),
      { id: 'v', type: 'tts', inputs: { text: from('a') } },
      { id: 'each', type: 'loop', inputs: { items: [1, 2] }, config: { body: [{ ...chat('c'), id: 'c' }] } },
    ];
    const options: RunWorkflowOptions = {
      models: {
        a: model('-x-y-(z|)', { ...note, values: { x: 'One. ', y: 'Two. ', z: 'Three.' } }),
        b: model('--x--(y|)', note),
        c: model('-x(y|)', note),
      },
      voices: { v: scriptedVoice({ latency: 2, msPerWord: 3, realTimeFactor: 1 }) },
    };
    const whole = told(steps, options);
    expect(whole.at(-1)).toMatch(/\|$/);
    expect(requests).toBe(4);
    const last = Number(whole.at(-1)?.split(' ')[0]);
    for (let until = 0; until <= last; until++) {
      requests = 0;
      ends.length = 0;
      const lines = told(steps, options, {}, until);
      expect(ends).toHaveLength(requests);
      expect(lines).toEqual(whole.slice(0, lines.length));
      expect(lines.every((line) => Number(line.split(' ')[0]) <= until)).toBe(true);
    }
  });

  it('can be left from within any of its events', () => {
    const steps = [
      chat('a'),
      chat('b'),
      { id: 'o', type: 'output', inputs: { all: '{{a.response}}{{b.response}}' } },
    ];
    const options = { models: { a: model('(xy|)'), b: model('(xy|)') } };
    const count = told(steps, options).length - 1;
    for (let nth = 1; nth <= count; nth++) {
      const seen: string[] = [];
      timeline(() => {
        const left = brief(virtualRun(steps, options)).subscribe((text) => {
          seen.push(text);
          // a synchronous event comes before there is something to unsubscribe
          if (seen.length >= nth) queueMicrotask(() => left.unsubscribe());
        });
        return of('');
      });
      expect(seen.length).toBeGreaterThanOrEqual(nth);
    }
  });
});

function handlersAtOnce(): { readonly after: StepHandler } {
  return { after: () => ({ value: 1 }) };
}

function* forever(token: string): Generator<string> {
  for (;;) yield token;
}

function scriptedModelThatFails(error: Error) {
  const failing = () => throwError(() => error);
  return Object.assign(failing, { events: failing, complete: failing, provider: 'off', model: 'off' });
}

/** Collects the texts of what is spoken. */
function virtualTexts(
  steps: readonly unknown[],
  a: ReturnType<typeof scriptedModel>,
  v: ReturnType<typeof scriptedVoice>,
  starts: string[],
): void {
  const lines = timeline(() =>
    virtualRun(steps, { models: { a }, voices: { v } }).pipe(
      map((event) => {
        if (event.type === 'utterance-start') starts.push(event.text);
        return event.type;
      }),
    ),
  );
  expect(lines.at(-1)).toMatch(/\|$/);
}
