import {
  defer,
  lastValueFrom,
  map,
  NEVER,
  Observable,
  of,
  throwError,
  timer,
  type SchedulerLike,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tool, withTools } from '../../operators/withTools.js';
import { scriptedModel } from '../../providers/scripted/index.js';
import {
  MalformedReplyError,
  ToolError,
  type ChatEvent,
  type ChatModel,
  type ChatOptions,
  type Prompt,
} from '../../src/index.js';
import { collect, collectFailure } from '../support/collect.js';
import { marbles } from '../support/marbles.js';

const call = (id: string, name: string, args: unknown): ChatEvent => ({
  type: 'tool-call',
  id,
  name,
  arguments: args,
});
const oslo = call('c1', 'weather', { city: 'Oslo' });
const usage = { inputTokens: 5, outputTokens: 3 };
const finish = (reason: 'stop' | 'tool-calls', inputTokens: number, outputTokens: number): ChatEvent => ({
  type: 'finish',
  reason,
  usage: { inputTokens, outputTokens },
});

interface Asked {
  prompt: Prompt;
  options: ChatOptions;
}

/** A model that answers its first request with the first script, its second with the second, and so on. */
function answering(...scripts: readonly (readonly (string | ChatEvent)[])[]) {
  const asked: Asked[] = [];
  const end = (n: number) => (scripts[n]?.some((each) => typeof each === 'object') ? 'tool-calls' : 'stop');
  const models = scripts.map((tokens, n) =>
    scriptedModel({ tokens, tokensPerSecond: Infinity, finishReason: end(n), usage }),
  );
  const base = models[0]!;
  const events = (prompt: Prompt, options: ChatOptions = {}) =>
    defer(() => {
      asked.push({ prompt, options });
      return models[Math.min(asked.length, models.length) - 1]!.events(prompt, options);
    });
  const model = Object.defineProperties((prompt: Prompt) => base(prompt), {
    events: { value: events },
    complete: { value: (prompt: Prompt, options: ChatOptions) => base.complete(prompt, options) },
    provider: { value: 'scripted' },
    model: { value: 'steps' },
  }) as unknown as ChatModel;
  return { model, asked };
}

const weather = tool({
  name: 'weather',
  description: 'The weather now',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => `4 degrees in ${city}`,
});

const timed = (scheduler: SchedulerLike, ms: number) => ({
  ...weather,
  execute: () => timer(ms, scheduler).pipe(map(() => 'cold')),
});

describe('withTools', () => {
  it('runs what the model asks for, sends the result back, and goes on as one reply', async () => {
    const { model, asked } = answering(['Let me see. ', oslo], ['It is ', '4 degrees.']);
    const assistant = withTools(model, [weather]);
    expect(await collect(assistant.events('Do I need a coat?', { temperature: 0 }))).toEqual([
      { type: 'text', text: 'Let me see. ' },
      oslo,
      { type: 'text', text: 'It is ' },
      { type: 'text', text: '4 degrees.' },
      finish('stop', 10, 6),
    ]);
    const tools = [{ name: 'weather', description: 'The weather now', parameters: weather.parameters }];
    const question = { role: 'user', content: 'Do I need a coat?' };
    expect(asked).toEqual([
      { prompt: [question], options: { temperature: 0, tools } },
      {
        prompt: [
          question,
          {
            role: 'assistant',
            content: 'Let me see. ',
            metadata: { toolCalls: [{ id: 'c1', name: 'weather', arguments: { city: 'Oslo' } }] },
          },
          {
            role: 'user',
            content: '',
            metadata: { toolResults: [{ id: 'c1', name: 'weather', result: '4 degrees in Oslo' }] },
          },
        ],
        options: { temperature: 0, tools },
      },
    ]);
  });

  it('is a model: tokens, one whole text, names', async () => {
    const { model } = answering([oslo], ['It is ', 'cold.']);
    const assistant = withTools(model, [weather]);
    expect(await collect(assistant('Coat?'))).toEqual(['It is ', 'cold.']);
    expect([assistant.provider, assistant.model, assistant.name]).toEqual(['scripted', 'steps', 'scripted']);
    const again = withTools(answering(['Hm. ', oslo], ['It is ', 'cold.']).model, [weather]);
    expect(await collect(again.complete('Coat?'))).toEqual(['Hm. It is cold.']);
  });

  it('asks the model alone for what follows a text', async () => {
    const assistant = withTools(scriptedModel({ text: 'It is cold.' }), [weather]);
    expect(await lastValueFrom(assistant.complete('Coat?', { continueFrom: 'It is ' }))).toBe('cold.');
  });

  it('runs parallel calls side by side, whatever they answer with', () => {
    marbles(({ cold, expectObservable }) => {
      const { model } = answering(
        [call('a', 'slow', 1), call('b', 'slower', 2), call('c', 'now', 3)],
        ['done'],
      );
      const any = {};
      const tools = [
        { name: 'slow', parameters: any, execute: () => cold('--x|', { x: 'half', y: 'slow' }) },
        { name: 'slower', parameters: any, execute: () => cold('-x--y-|', { x: 'half', y: 'whole' }) },
        { name: 'now', parameters: any, execute: () => ['a', 'list'] },
      ];
      const results = withTools(model, tools)
        .events('Go')
        .pipe(map((event) => event.type));
      expectObservable(results).toBe('(ccc)-(tf|)', { c: 'tool-call', t: 'text', f: 'finish' });
    });
  });

  it('gives the results in the order of the calls; of an Observable the last value', async () => {
    const { model, asked } = answering([call('a', 'x', 1), call('b', 'y', 2), call('c', 'z', 3)], ['done']);
    const parameters = {};
    await collect(
      withTools(model, [
        { name: 'x', parameters, execute: () => new Promise((resolve) => setTimeout(resolve, 5, 'late')) },
        { name: 'y', parameters, execute: () => of('first', 'last') },
        { name: 'z', parameters, execute: () => undefined },
      ])('Go'),
    );
    expect(asked[1]!.prompt.at(-1)).toMatchObject({
      metadata: {
        toolResults: [
          { id: 'a', name: 'x', result: 'late' },
          { id: 'b', name: 'y', result: 'last' },
          { id: 'c', name: 'z', result: undefined },
        ],
      },
    });
  });

  it('gives a tool what the schema makes of the arguments, and carries a signature back', async () => {
    const seen: unknown[] = [];
    const signed = { ...oslo, signature: 'opaque' } as ChatEvent;
    const { model, asked } = answering([signed], ['done']);
    const parameters = z.object({ city: z.string(), unit: z.string().default('C') });
    const execute = (args: { city: string; unit: string }) => seen.push(args);
    await collect(withTools(model, [tool({ name: 'weather', parameters, execute })])('Go'));
    expect(seen).toEqual([{ city: 'Oslo', unit: 'C' }]);
    expect(asked[1]!.prompt.at(-2)).toMatchObject({
      metadata: { toolCalls: [{ id: 'c1', signature: 'opaque' }] },
    });
  });

  it.each([1, 3])('asks the model %i times at most, and says then that calls are left', async (maxSteps) => {
    const { model, asked } = answering([oslo]);
    let runs = 0;
    const counting = { ...weather, execute: () => runs++ };
    const events = await collect(withTools(model, [counting], { maxSteps }).events('Go'));
    expect(asked).toHaveLength(maxSteps);
    expect(runs).toBe(maxSteps - 1);
    expect(events.at(-1)).toEqual(finish('tool-calls', 5 * maxSteps, 3 * maxSteps));
  });

  describe('a call that cannot be answered', () => {
    const failing = (error: unknown) => ({
      ...weather,
      execute: () => {
        throw error;
      },
    });
    const cause = Object.assign(new Error('no station'), { retryable: true });
    const cases = [
      ['throws', failing(cause), oslo, { cause, retryable: true, path: undefined }],
      ['rejects', { ...weather, execute: () => Promise.reject(cause) }, oslo, { cause }],
      ['errors', { ...weather, execute: () => throwError(() => cause) }, oslo, { cause }],
      ['fails for good', failing('broken'), oslo, { cause: 'broken', retryable: false }],
      [
        'gets wrong arguments',
        weather,
        call('c1', 'weather', { city: 3 }),
        { path: 'city', retryable: true },
      ],
      ['does not exist', { ...weather, name: 'other' }, oslo, { retryable: true }],
    ] as const;

    it.each(cases)(
      'fails the reply with a ToolError when the tool %s',
      async (_, given, asking, expected) => {
        const { model, asked } = answering(['Hm. ', asking], ['never']);
        const { values, error } = await collectFailure(withTools(model, [given])('Go'));
        expect(values).toEqual(['Hm. ']);
        expect(error).toBeInstanceOf(ToolError);
        expect(error).toMatchObject({ name: 'ToolError', tool: 'weather', ...expected });
        expect(asked).toHaveLength(1);
      },
    );

    it.each(cases)('tells the model, if wanted, when the tool %s', async (_, given, asking) => {
      const { model, asked } = answering([asking], ['Sorry.']);
      expect(await collect(withTools(model, [given], { onError: 'report' })('Go'))).toEqual(['Sorry.']);
      expect(asked[1]!.prompt.at(-1)).toMatchObject({
        metadata: {
          toolResults: [{ id: 'c1', isError: true, result: expect.stringContaining('weather') as string }],
        },
      });
    });

    it('has what is wrong with the arguments for its cause', async () => {
      const { model } = answering([call('c1', 'weather', {})]);
      const { error } = await collectFailure(withTools(model, [weather])('Go'));
      expect((error as ToolError).cause).toBeInstanceOf(MalformedReplyError);
    });

    it('stops the other tools', async () => {
      const { model } = answering([call('a', 'bad', 1), call('b', 'slow', 2)]);
      let stopped = false;
      const slow = {
        name: 'slow',
        parameters: {},
        execute: (_: unknown, { signal }: { signal: AbortSignal }) => {
          signal.addEventListener('abort', () => (stopped = true));
          return NEVER;
        },
      };
      const bad = { name: 'bad', parameters: {}, execute: () => Promise.reject(new Error('no')) };
      await collectFailure(withTools(model, [bad, slow])('Go'));
      expect(stopped).toBe(true);
    });
  });

  it('does nothing before it is subscribed to, and starts afresh each time', async () => {
    const { model, asked } = answering([oslo], ['cold']);
    const reply = withTools(model, [weather])('Go');
    expect(asked).toHaveLength(0);
    expect(await collect(reply)).toEqual(['cold']);
    const before = asked.length;
    await collect(reply);
    expect(asked.length - before).toBe(1);
    expect(asked[before]!.prompt).toHaveLength(1);
  });

  it('ends the running tool with an unsubscribe', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const { model } = answering([oslo], ['never']);
      const running = cold('------x|');
      const reply = withTools(model, [{ ...weather, execute: () => running }])('Go');
      expectObservable(reply, '---!').toBe('');
      expectSubscriptions(running.subscriptions).toBe('^--!');
    });
  });

  it('aborts the signal of a running tool with an unsubscribe, and of a finished one never', async () => {
    const signals: AbortSignal[] = [];
    const keep = (answer: unknown) => ({
      ...weather,
      execute: (_: unknown, { signal }: { signal: AbortSignal }) => {
        signals.push(signal);
        return answer;
      },
    });
    await collect(withTools(answering([oslo], ['cold']).model, [keep(Promise.resolve('x'))])('Go'));
    await new Promise<void>((resolve) => {
      const { model } = answering([oslo], ['never']);
      const subscription = withTools(model, [keep(NEVER)])
        .events('Go')
        .subscribe((event) => {
          if (event.type === 'tool-call')
            setTimeout(() => {
              subscription.unsubscribe();
              resolve();
            }, 20);
        });
    });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
  });

  it('ends with the reason of an aborted signal, also while a tool runs', async () => {
    const { model } = answering([oslo], ['never']);
    const controller = new AbortController();
    const reason = new Error('enough');
    const execute = () => {
      setTimeout(() => controller.abort(reason), 5);
      return NEVER;
    };
    const reply = withTools(model, [{ ...weather, execute }])('Go', { signal: controller.signal });
    expect((await collectFailure(reply)).error).toBe(reason);
  });

  it("passes the model's error on", async () => {
    const lost = new Error('lost');
    const model = scriptedModel({ tokens: ['a', 'b'], tokensPerSecond: Infinity, failAfter: 1, error: lost });
    expect(await collectFailure(withTools(model, [weather])('Go'))).toEqual({ values: ['a'], error: lost });
  });

  it('takes the time its tools take', () => {
    marbles(({ expectObservable }) => {
      const { model } = answering(['a', oslo], ['b']);
      const assistant = withTools(model, [timed(undefined as never, 30)]);
      expectObservable(assistant('Go')).toBe('a 29ms (b|)');
    });
  });

  it.each([
    [{ maxSteps: 0 }, 'maxSteps'],
    [{ maxSteps: 1.5 }, 'maxSteps'],
    [{ maxSteps: Infinity }, 'maxSteps'],
    [{ onError: 'ignore' as 'error' }, 'onError'],
  ])('refuses %j, naming %s', (config, name) => {
    const { model } = answering([]);
    expect(() => withTools(model, [weather], config)).toThrow(TypeError);
    expect(() => withTools(model, [weather], config)).toThrow(name);
  });

  it('refuses tools that are none, have one name, or come with the call', () => {
    const { model } = answering([]);
    expect(() => withTools(model, [weather, weather])).toThrow(TypeError);
    expect(() => withTools(model, weather as never)).toThrow(/^tools must be a list/);
    expect(() => withTools(model, [{ name: 'x', parameters: {} } as never])).toThrow('execute');
    const assistant = withTools(model, [weather]);
    expect(() => assistant('Go', { tools: [] })).toThrow(TypeError);
    expect(() => assistant.events('Go', { tools: [] })).toThrow(TypeError);
    expect(() => assistant.complete('Go', { tools: [] })).toThrow(TypeError);
  });

  it("leaves a model's own complaints where they are: at call time", () => {
    const model = scriptedModel({ text: 'x' });
    const picky = Object.assign(
      Object.defineProperties(() => new Observable<string>(), {
        events: {
          value: () => {
            throw new TypeError('seed is not supported');
          },
        },
      }),
      { complete: (prompt: Prompt) => model.complete(prompt) },
    ) as unknown as ChatModel;
    expect(() => withTools(picky, [])('Go', { seed: 1 })).toThrow('seed is not supported');
  });
});
