import fc from 'fast-check';
import { asyncScheduler, EMPTY, map, NEVER, tap, throwError, timer, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import type {
  RunWorkflowOptions,
  StepHandler,
  WorkflowCheckpoints,
  WorkflowEvent,
} from '../../../pipelines/index.js';
import { scriptedModel, scriptedVoice } from '../../../providers/scripted/index.js';
import { ConnectionError, Conversation, WorkflowError, type Prompt } from '../../../src/index.js';
import { timeline } from './timeline.js';
import { brief, virtualRun } from './virtualRun.js';

const ended = (outputs: object, more: object = {}) =>
  ({ state: 'ended' as const, outputs, ...more }) as never;
const started = { state: 'started' } as const;
const from = (step: string, field = 'response') => ({ from_step: step, field });
const step = (id: string, ms: number, more: object = {}) => ({ id, type: 'work', config: { ms }, ...more });
const told = (...run: Parameters<typeof virtualRun>) => timeline(() => brief(virtualRun(...run)));

/** Steps that take a time and leave a mark when they are done. */
function working() {
  const marks: string[] = [];
  const work: StepHandler = ({ id, config, inputs }) =>
    timer(Number(config['ms'] ?? 0)).pipe(
      map(() => {
        const mark = `${id}${inputs['item'] === undefined ? '' : `(${inputs['item'] as string})`}`;
        marks.push(mark);
        if (config['fail'] === true) throw new ConnectionError('no');
        return { value: mark };
      }),
    );
  return { marks, handlers: { work } };
}

/** All events of a run up to a moment of virtual time, and what they leave for the next. */
function runUntil(build: () => Observable<WorkflowEvent>, until: number, known: WorkflowCheckpoints = {}) {
  const events: WorkflowEvent[] = [];
  let end = Infinity;
  let failure: unknown;
  new TestScheduler(() => undefined).run(({ flush }) => {
    const running = build().subscribe({
      next: (event) => events.push(event),
      error: (error: unknown) => (failure = error),
      complete: () => (end = asyncScheduler.now()),
    });
    if (until < Infinity) timer(until).subscribe(() => running.unsubscribe());
    flush();
  });
  const kept = events.flatMap((event) =>
    event.type === 'checkpoint' ? [[event.key, event.checkpoint] as const] : [],
  );
  const checkpoints = JSON.parse(
    JSON.stringify({ ...known, ...Object.fromEntries(kept) }),
  ) as WorkflowCheckpoints;
  return { events, checkpoints, end, failure, outputs: outputsOf(events) };
}
const outputsOf = (events: readonly WorkflowEvent[]) =>
  events.flatMap((event) => (event.type === 'workflow-end' && !event.within ? [event.outputs] : []))[0];

describe('checkpoints of a run', () => {
  it('are told before the step’s start and its end, and not at all without the option', () => {
    const steps = [step('a', 1), step('b', 1, { inputs: { item: from('a', 'value') } })];
    expect(told(steps, { ...working(), checkpoints: {} })).toEqual([
      '0 [',
      ...['0 a+started', '0 a<', '1 a+ended', '1 a>'],
      ...['1 b+started', '1 b<', '2 b+ended', '2 b>'],
      '2 ]',
      '2 |',
    ]);
    expect(told(steps, working())).toEqual(['0 [', '0 a<', '1 a>', '1 b<', '2 b>', '2 ]', '2 |']);
  });

  it('let a later run go on: what had ended is restored, what had started is announced as restarted', () => {
    const { marks, handlers } = working();
    const steps = [step('a', 1), step('b', 1, { inputs: { item: from('a', 'value') } }), step('c', 5)];
    expect(told(steps, { handlers, checkpoints: { a: ended({ value: 'kept' }), b: started } })).toEqual([
      '0 [[',
      '0 a==',
      ...['0 b<<', '0 c+started', '0 c<'],
      ...['1 b+ended', '1 b>', '5 c+ended', '5 c>'],
      '5 ]',
      '5 |',
    ]);
    expect(marks).toEqual(['b(kept)', 'c']);
  });

  it('are kept before anybody hears of it, and before anything goes on from it', () => {
    const saved: string[] = [];
    const saveCheckpoint: RunWorkflowOptions['saveCheckpoint'] = (key, { state }) =>
      timer(10).pipe(tap(() => saved.push(`${asyncScheduler.now()} ${key} ${state}`)));
    const lines = told([step('a', 1), step('b', 1, { depends_on: ['a'] })], { ...working(), saveCheckpoint });
    expect(lines.filter((line) => line.includes('<') || line.includes('>'))).toEqual([
      ...['10 a<', '21 a>', '31 b<', '42 b>'],
    ]);
    expect(saved).toEqual(['10 a started', '21 a ended', '31 b started', '42 b ended']);
  });

  it('end the run when they cannot be kept, whatever the step may', () => {
    const steps = [step('a', 1, { on_error: 'continue', retry: 3 }), step('b', 5)];
    const { marks, handlers } = working();
    const lines = told(steps, {
      handlers,
      saveCheckpoint: (key, { state }) =>
        key === 'a' && state === 'ended' ? throwError(() => new Error('not mine any more')) : EMPTY,
    });
    expect(lines.at(-1)).toBe('1 # not mine any more');
    expect(lines.join()).not.toMatch(/a[>!]/);
    expect(marks).toEqual(['a']);
    const around = {
      ...{ id: 'if', type: 'condition', on_error: 'continue', retry: 3 },
      config: { if: { exists: 1 }, then: [step('a', 1)] },
    };
    const inside = told([around], {
      handlers,
      saveCheckpoint: (key) => (key === 'a' ? throwError(() => new Error('not mine')) : EMPTY),
    });
    expect(inside.slice(-2)).toEqual(['0 if<', '0 # not mine']);
    expect(told(steps, { handlers, saveCheckpoint: () => NEVER })).toEqual(['0 [']);
    expect(
      told(steps, {
        handlers,
        saveCheckpoint: () => {
          throw new Error('at once');
        },
      }).at(-1),
    ).toBe('0 # at once');
  });

  it('have a key for each round and each called workflow', () => {
    const { checkpoints } = runUntil(
      () =>
        virtualRun(
          [
            {
              id: 'each',
              type: 'loop',
              inputs: { items: [7, 8] },
              config: {
                body: [
                  {
                    id: 'if',
                    type: 'condition',
                    config: { if: { exists: 1 }, then: [step('in', 1, { inputs: { item: '{{item}}' } })] },
                  },
                ],
              },
            },
            { id: 'call', type: 'agent_call', config: { workflow: 'poet.json' } },
          ],
          { ...working(), checkpoints: {} },
          {},
          { 'poet.json': [step('verse', 1)] },
        ),
      Infinity,
    );
    expect(Object.keys(checkpoints)).toEqual([
      ...['each', 'each[0]/if', 'each[0]/in', 'call', 'call/verse', 'each[1]/if', 'each[1]/in'],
    ]);
    expect(checkpoints['each[1]/in']).toEqual(ended({ value: 'in(8)' }));
    expect(checkpoints['call']).toEqual(ended({ outputs: { value: 'verse' }, value: 'verse' }));
  });

  it('of a reply that was spoken while it streamed let it be spoken again', () => {
    const texts: string[] = [];
    const requests: unknown[] = [];
    const run = (checkpoints: WorkflowCheckpoints) =>
      runUntil(
        () =>
          virtualRun(
            [
              {
                id: 'a',
                type: 'llm_chat',
                config: { provider: 'm', stream: true },
                inputs: { message: 'Why?' },
                stream_buffer: { forward_on: 'sentence', sentence_count: 1 },
              },
              { id: 'v', type: 'tts', inputs: { text: from('a') } },
            ],
            {
              models: {
                m: scriptedModel({
                  tokens: ['It is so. ', 'It was said before. ', 'Now it is over.'],
                  tokensPerSecond: 10,
                  onRequest: (request) => requests.push(request),
                }),
              },
              voices: { v: scriptedVoice({ latency: 10, msPerWord: 50, realTimeFactor: 0 }) },
              checkpoints,
            },
          ).pipe(tap((event) => event.type === 'utterance-start' && texts.push(event.text))),
        Infinity,
      );
    const whole = run({});
    const said = texts.splice(0);
    const { a } = whole.checkpoints;
    const again = run({ a: a!, v: started });
    expect(requests).toHaveLength(1);
    expect(texts).toEqual(said);
    expect(again.outputs).toEqual(whole.outputs);
    expect(again.events.map(({ type }) => type).slice(0, 3)).toEqual([
      ...['workflow-resumed', 'step-restored', 'step-restarted'],
    ]);
  });

  it('give a conversation its turns back, and none twice', () => {
    const prompts: unknown[] = [];
    const said = (prompt: Prompt) =>
      typeof prompt === 'string' ? prompt : prompt.map(({ role, content }) => `${role}: ${content}`);
    const turn = (id: string, message: string) => ({
      id,
      type: 'llm_chat',
      config: { provider: 'm', use_conversation: true, conversation_id: 'c', system_message: 'Be brief.' },
      inputs: { message },
    });
    const models = {
      m: scriptedModel({
        text: 'So.',
        tokensPerSecond: 10,
        onRequest: ({ prompt }) => prompts.push(said(prompt)),
      }),
    };
    const steps = [
      turn('a', 'One?'),
      { id: 'l', type: 'loop', inputs: { items: [1] }, config: { body: [turn('b', 'Two?')] } },
      turn('d', 'Three?'),
    ];
    const whole = runUntil(() => virtualRun(steps, { models, checkpoints: {} }), Infinity);
    const asked = prompts.splice(0);
    const rest = Object.fromEntries(Object.entries(whole.checkpoints).filter(([key]) => key !== 'd'));
    const again = runUntil(() => virtualRun(steps, { models, checkpoints: rest }), Infinity);
    expect(prompts.splice(0)).toEqual(asked.slice(2));
    expect(again.outputs).toEqual(whole.outputs);

    const conversations = new Map([['c', new Conversation({ id: 'c' })]]);
    const first = { a: whole.checkpoints['a']! };
    runUntil(() => virtualRun([turn('a', 'One?')], { models, conversations, checkpoints: {} }), Infinity);
    prompts.length = 0;
    runUntil(() => virtualRun([turn('a', 'One?')], { models, conversations, checkpoints: first }), Infinity);
    expect(prompts).toEqual([]);
    expect(conversations.get('c')?.messages).toHaveLength(3);
  });

  it('keep what a failed step was passed over with, and the branch inside it', () => {
    const steps = [
      {
        id: 'if',
        type: 'condition',
        on_error: 'continue',
        config: {
          if: { exists: 1 },
          then: [step('ok', 1), step('bad', 2, { config: { ms: 2, fail: true }, depends_on: ['ok'] })],
        },
      },
      step('after', 5, { inputs: { item: from('ok', 'value') }, depends_on: ['if'] }),
    ];
    const first = working();
    const whole = runUntil(() => virtualRun(steps, { ...first, checkpoints: {} }), Infinity);
    expect(first.marks).toEqual(['ok', 'bad', 'after(ok)']);
    expect(whole.checkpoints['if']).toMatchObject({
      state: 'ended',
      failed: true,
      outputs: { result: null },
    });
    const second = working();
    const again = runUntil(
      () =>
        virtualRun(steps, { ...second, checkpoints: { ...whole.checkpoints, after: { state: 'started' } } }),
      Infinity,
    );
    expect(second.marks).toEqual(['after(ok)']);
    expect(again.outputs).toEqual(whole.outputs);
  });

  it('are used once: steps around that are tried again begin anew', () => {
    const { marks, handlers } = working();
    const steps = [
      {
        id: 'if',
        type: 'condition',
        retry: { count: 1, delay: 0.001, jitter: 0 },
        config: {
          if: { exists: 1 },
          then: [step('ok', 1), step('bad', 2, { config: { ms: 2, fail: true } })],
        },
      },
    ];
    told(steps, { handlers, checkpoints: { if: started, ok: ended({ value: 'ok' }), bad: started } });
    expect(marks).toEqual(['bad', 'ok', 'bad']);
  });

  it('nobody is asked again for what has been answered', () => {
    const asked: string[] = [];
    const steps = [
      { id: 'q', type: 'input', outputs: ['name'] },
      { id: 'r', type: 'input', outputs: ['town'] },
    ];
    const lines = told(steps, {
      onInput: ({ name }) => {
        asked.push(name);
        return 'x';
      },
      checkpoints: { q: ended({ name: 'Ann' }) },
    });
    expect(asked).toEqual(['town']);
    expect(lines).toContain('0 q==');
  });

  it.each<[string, unknown, string]>([
    ['a date', { when: new Date(0) }, 'outputs.when must be JSON to be kept, not a Date'],
    ['no number', { n: [NaN] }, 'outputs.n[0] must be JSON to be kept, not NaN'],
    ['a function', { f: () => 1 }, 'outputs.f must be JSON to be kept, not a function'],
    ['bytes', { b: new Uint8Array(1) }, 'outputs.b must be JSON to be kept, not a Uint8Array'],
  ])('are plain JSON: %s is the step’s failure', (_, outputs, message) => {
    const handlers = { work: () => outputs as never };
    expect(told([step('a', 0)], { handlers, checkpoints: {} }).at(-1)).toBe(
      `0 # step "a" (steps[0]): ${message}`,
    );
    expect(told([step('a', 0)], { handlers }).at(-1)).toBe('0 |');
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(told([step('a', 0)], { handlers: { work: () => circle }, checkpoints: {} }).at(-1)).toMatch(
      /nested deeper than 200 levels$/,
    );
  });

  it.each<[string, unknown, string]>([
    ['nowhere', started, 'checkpoints.nowhere: the workflow has no such step'],
    ['in', started, 'checkpoints.in: the workflow has no such step'],
    ['each[0]', started, 'checkpoints["each[0]"]: the workflow has no such step'],
    ['each/in', started, 'checkpoints["each/in"]: the workflow has no such step'],
    ['if/then', started, 'checkpoints["if/then"]: the workflow has no such step'],
    ['', started, 'checkpoints[""]: the workflow has no such step'],
    ['call/nothing', started, 'checkpoints["call/nothing"]: the workflow has no such step'],
    ['if', 1, 'checkpoints.if: must be an object'],
    ['if', {}, 'checkpoints.if: state must be started or ended'],
    ['if', { state: 'ended' }, 'checkpoints.if: outputs must be an object'],
    ['if', ended({ result: true }), 'checkpoints.if: outputs has no "branch", which this step gives'],
  ])('that do not fit are told with their place: %s %j', (key, checkpoint, message) => {
    const steps = [
      { id: 'each', type: 'loop', inputs: { items: [] }, config: { body: [step('in', 1)] } },
      { id: 'if', type: 'condition', config: { if: { exists: 1 }, then: [step('then', 1)] } },
      { id: 'call', type: 'agent_call', config: { workflow: 'poet.json' } },
    ];
    const files = { 'poet.json': [step('verse', 1)] };
    const { failure, events } = runUntil(
      () => virtualRun(steps, { ...working(), checkpoints: { [key]: checkpoint } as never }, {}, files),
      Infinity,
    );
    expect(events).toEqual([]);
    expect(failure).toBeInstanceOf(WorkflowError);
    expect((failure as WorkflowError).message).toBe(`workflow w: ${message}`);
    expect((failure as WorkflowError).path).toBe(message.split(': ')[0]);
    const fine = { then: started, if: started, 'each[3]/in': started, 'call/verse': started };
    expect(told(steps, { ...working(), checkpoints: fine }, {}, files).at(-1)).toMatch(/\|$/);
  });
});

describe('a run that is cut anywhere, any number of times', () => {
  const talk = (id: string, message: unknown) => ({
    id,
    type: 'llm_chat',
    config: { provider: 'm', stream: true, use_conversation: true, conversation_id: 'c' },
    inputs: { message },
  });
  const steps = [
    step('a', 3),
    talk('hello', '{{a.value}}'),
    {
      id: 'each',
      type: 'loop',
      inputs: { items: ['x', 'y', 'z'] },
      config: {
        max_concurrency: 2,
        body: [
          step('in', 4, { inputs: { item: '{{item}}' } }),
          {
            id: 'if',
            type: 'condition',
            config: {
              if: { equals: ['{{item}}', 'y'] },
              then: [step('yes', 2, { inputs: { item: from('in', 'value') } })],
              else: [step('no', 1, { config: { ms: 1, fail: true }, on_error: 'continue' })],
            },
          },
        ],
      },
    },
    { id: 'call', type: 'agent_call', inputs: { word: from('hello') }, config: { workflow: 'poet.json' } },
    talk('bye', 'and {{call.line}}'),
    {
      id: 'o',
      type: 'output',
      inputs: { all: '{{bye.response}} {{bye.total_messages}}', rounds: from('each', 'results') },
    },
  ];
  const files = {
    'poet.json': [
      { id: 'word', type: 'input', outputs: ['word'] },
      { id: 'made', type: 'work', config: { ms: 3 }, inputs: { item: from('word', 'word') } },
      { id: 'out', type: 'output', inputs: { line: from('made', 'value') } },
    ],
  };
  const models = { m: scriptedModel({ text: 'one two', tokensPerSecond: 500 }) };
  const run = (marks: ReturnType<typeof working>, checkpoints: WorkflowCheckpoints) =>
    virtualRun(steps, { handlers: marks.handlers, models, checkpoints }, {}, files);
  const reference = working();
  const whole = runUntil(() => run(reference, {}), Infinity);

  it('gives what the whole run gives, with each finished step’s effect once', () => {
    expect(whole.failure).toBeUndefined();
    expect(whole.end).toBeGreaterThan(9);
    fc.assert(
      fc.property(fc.array(fc.nat(Math.ceil(whole.end)), { maxLength: 6 }), (cuts) => {
        const working_ = working();
        let checkpoints: WorkflowCheckpoints = {};
        for (const until of [...cuts, Infinity]) {
          const before = checkpoints;
          const cut = runUntil(() => run(working_, before), until, before);
          checkpoints = cut.checkpoints;
          const announced = cut.events.flatMap((event) =>
            event.type === 'step-start' || event.type === 'step-restarted' ? [event] : [],
          );
          for (const event of announced) {
            const key = [...(event.within ?? []), event.step].join('/');
            expect(before[key]?.state).toBe(event.type === 'step-start' ? undefined : 'started');
          }
          expect(cut.events[0]?.type).toBe(
            Object.keys(before).length > 0 ? 'workflow-resumed' : 'workflow-start',
          );
          if (until === Infinity) expect(cut.outputs).toEqual(whole.outputs);
        }
        expect(checkpoints).toEqual(whole.checkpoints);
        expect(working_.marks.toSorted()).toEqual(reference.marks.toSorted());
      }),
      { numRuns: 60 },
    );
  });
});
