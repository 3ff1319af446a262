import { existsSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { take } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parsePartialJson } from '../../operators/parsePartialJson.js';
import { llamaCpp, type LlamaCppModel, type NodeLlamaCpp } from '../../providers/llama-cpp/index.js';
import { createValve, type ChatEvent } from '../../src/index.js';
import { collect } from './chatConformance.js';

const engine = new URL('./llama-cpp/node_modules/node-llama-cpp/dist/index.js', import.meta.url);
const stories = new URL('../../../shared/models/stories260K.gguf', import.meta.url);
const missing = [
  existsSync(engine) ? [] : ['node-llama-cpp (npm run install:llama-cpp)'],
  existsSync(stories) ? [] : ['../shared/models/stories260K.gguf'],
].flat();
if (missing.length > 0)
  console.log(`llama-cpp: the real engine is not tested here, missing: ${missing.join(', ')}`);

const modelPath = stories.pathname;
const once = 'Once upon a time';
const text = (events: readonly ChatEvent[]) =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('');

describe('llama-cpp', () => {
  it.each([
    [{ modelPath: '' }, 'modelPath'],
    [{}, 'modelPath'],
    [{ modelPath: 'x.gguf', maxThreads: 0 }, 'maxThreads'],
    [{ modelPath: 'x.gguf', contextSize: 1.5 }, 'contextSize'],
  ])('refuses %j, naming %s', (config, name) => {
    expect(() => llamaCpp(config)).toThrow(TypeError);
    expect(() => llamaCpp(config)).toThrow(name);
  });

  it('takes its file as every provider takes its model', () => {
    expect(llamaCpp({ model: './models/x.gguf' }).model).toBe('x.gguf');
    expect(llamaCpp({ modelPath: './models/x.gguf' }).model).toBe('x.gguf');
  });

  it('refuses at call time what it cannot do', () => {
    const model = llamaCpp({ modelPath: 'x.gguf' });
    expect(() => model('Hi', { tools: [] })).toThrow(TypeError);
    expect(() => model('Hi', { reasoning: true })).toThrow('reasoning');
    expect(() => model.events('Hi', { schema: z.date() })).toThrow('schema');
  });

  it('says which package is missing, and asks again the next time', async () => {
    let asked = 0;
    const load = () => {
      asked++;
      return Promise.reject(
        Object.assign(new Error("Cannot find package 'node-llama-cpp'"), { code: 'ERR_MODULE_NOT_FOUND' }),
      );
    };
    const model = llamaCpp({ modelPath: '/models/x.gguf', load });
    expect([model.provider, model.model, asked]).toEqual(['llama-cpp', 'x.gguf', 0]);
    for (const source of [model('Hi'), model.complete('Hi')])
      expect((await collect(source)).error).toMatchObject({
        name: 'ProviderError',
        provider: 'llama-cpp',
        retryable: false,
        message: expect.stringContaining('node-llama-cpp is not installed') as string,
      });
    expect(asked).toBe(2);
  });

  it('knows a package that really is missing', async () => {
    // the specs' copy lies where this provider does not look; whoever has one of his own gets a missing file
    const { error } = await collect(llamaCpp({ modelPath: '/models/x.gguf' })('Hi'));
    expect((error as Error).message).toMatch(/node-llama-cpp is not installed|ENOENT/);
  });

  it('loads nothing for a signal that is aborted already', async () => {
    let asked = 0;
    const load = () => Promise.reject(new Error(String(asked++)));
    const reason = new Error('too late');
    const { error } = await collect(
      llamaCpp({ modelPath: 'x', load })('Hi', { signal: AbortSignal.abort(reason) }),
    );
    expect({ error, asked }).toEqual({ error: reason, asked: 0 });
  });

  it('firstTokenTimeout covers the loading too', async () => {
    const model = llamaCpp({ modelPath: 'x', load: () => new Promise(() => undefined) });
    expect((await collect(model('Hi', { firstTokenTimeout: 30 }))).error).toMatchObject({
      name: 'StalledReplyError',
    });
  });
});

describe.skipIf(missing.length > 0)('llama-cpp with the real engine', () => {
  let loads = 0;
  /** The place in the context that the last request used. */
  let generated: { readonly usedOutputTokens: number } | undefined;
  const load = async () => {
    loads++;
    const real = (await import(engine.href)) as NodeLlamaCpp;
    class Watched extends real.LlamaCompletion {
      constructor(options: ConstructorParameters<NodeLlamaCpp['LlamaCompletion']>[0]) {
        super(options);
        generated = options.contextSequence.tokenMeter;
      }
    }
    return { ...real, LlamaCompletion: Watched };
  };
  let model: LlamaCppModel;
  let greedy: string;
  beforeAll(async () => {
    model = llamaCpp({ modelPath, load, contextSize: 512, maxThreads: 1 });
    expect(loads).toBe(0);
    greedy = text((await collect(model.events(once, { maxTokens: 40 }))).values);
  }, 120_000);
  afterAll(() => model.dispose());

  it('tells a story, token by token, the same one every time, from one loading', async () => {
    expect(greedy).toMatch(/^, there was a little girl/);
    const { values, completed } = await collect(model.events(once, { maxTokens: 40 }));
    expect(completed).toBe(true);
    expect(values.length).toBeGreaterThan(20);
    expect(text(values)).toBe(greedy);
    expect(values.at(-1)).toMatchObject({ type: 'finish', reason: 'length', usage: { outputTokens: 40 } });
    expect((await collect(model(once, { maxTokens: 40 }))).values.join('')).toBe(greedy);
    expect(loads).toBe(1);
  });

  it('stops where it is told', async () => {
    const { values } = await collect(model.events(once, { maxTokens: 40, stop: ['girl'] }));
    expect(text(values)).toBe(', there was a little');
    expect(values.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
  });

  it('draws the same lot for the same seed', async () => {
    const draw = async (seed: number) =>
      (await collect(model(once, { maxTokens: 40, temperature: 1.2, seed }))).values.join('');
    expect(await draw(1)).toBe(await draw(1));
    const others = await Promise.all([2, 3, 4].map(draw));
    expect(new Set(others).size).toBeGreaterThan(1);
  });

  it('cannot write anything but what the schema allows', async () => {
    const schema = z.object({ name: z.enum(['Lily', 'Jack']), happy: z.boolean() });
    const reply$ = model(once, { schema, maxTokens: 100 }).pipe(parsePartialJson(schema));
    const { values, completed } = await collect(reply$);
    expect(completed).toBe(true);
    expect(schema.safeParse(values.at(-1)).success).toBe(true);
  });

  it('goes on exactly where a text was cut, also in the middle of a word', async () => {
    const whole = (await collect(model.complete(once, { maxTokens: 40 }))).values.join('');
    expect(whole).toBe(greedy);
    for (const cut of [20, 22, 23]) {
      const { values } = await collect(
        model.complete(once, { maxTokens: 40, continueFrom: whole.slice(0, cut) }),
      );
      expect(values).toHaveLength(1);
      expect((whole.slice(0, cut) + values.join('')).startsWith(whole)).toBe(true);
    }
  });

  it('leaves the engine to the next one when it is left', async () => {
    expect((await collect(model(once).pipe(take(3)))).values).toHaveLength(3);
    expect((await collect(model(once, { maxTokens: 40 }))).values.join('')).toBe(greedy);
    for (let n = 0; n < 20; n++) model(once).subscribe().unsubscribe();
    expect((await collect(model(once, { maxTokens: 40 }))).values.join('')).toBe(greedy);
    expect(loads).toBe(1);
  });

  it('lets requests take turns', async () => {
    const replies = await Promise.all([40, 20, 40].map((maxTokens) => collect(model(once, { maxTokens }))));
    const [first, second, third] = replies.map(({ values }) => values.join(''));
    expect(first).toBe(greedy);
    expect(third).toBe(greedy);
    expect(greedy.startsWith(second!)).toBe(true);
  });

  it('computes nothing while the valve is closed, and gives up such a wait', async () => {
    const valve = createValve({ high: 5, low: 2 });
    const seen: string[] = [];
    const reply = model(once, { maxTokens: 400, valve, idleTimeout: 60_000 });
    const subscription = reply.subscribe((token) => {
      seen.push(token);
      valve.add(1);
    });
    while (seen.length < 5) await after(5);
    await after(50);
    const before = generated!.usedOutputTokens;
    await after(200);
    expect(generated!.usedOutputTokens).toBe(before);
    expect(seen).toHaveLength(5);
    valve.remove(3);
    while (seen.length < 8) await after(5);
    // one step may be under way; no more than that
    expect(generated!.usedOutputTokens - before).toBeLessThanOrEqual(5);
    subscription.unsubscribe();
    expect((await collect(model(once, { maxTokens: 40 }))).values.join('')).toBe(greedy);
  });

  it('ends with the reason of an aborted signal, and stops', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { values, error } = await new Promise<{ values: string[]; error: unknown }>((resolve) => {
      const got: string[] = [];
      model(once, { signal: controller.signal }).subscribe({
        next: (token) => {
          got.push(token);
          if (got.length === 3) controller.abort(reason);
        },
        error: (failure: unknown) => resolve({ values: got, error: failure }),
      });
    });
    expect(error).toBe(reason);
    expect(values).toHaveLength(3);
    await collect(model(once, { maxTokens: 1 }));
    const before = generated!.usedOutputTokens;
    await after(100);
    expect(generated!.usedOutputTokens).toBe(before);
  });

  it('answers in a chat session where there is a template', async () => {
    const { ChatMLChatWrapper } = (await import(engine.href)) as { ChatMLChatWrapper: new () => object };
    const chat = llamaCpp({
      modelPath,
      load,
      contextSize: 512,
      maxThreads: 1,
      chatWrapper: new ChatMLChatWrapper(),
    });
    try {
      const conversation = [
        { role: 'system', content: 'Tell stories.' },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi.' },
        { role: 'user', content: once },
      ] as const;
      const { values } = await collect(chat.events(conversation, { maxTokens: 30 }));
      expect(values.at(-1)).toMatchObject({ type: 'finish', reason: 'length', usage: { outputTokens: 30 } });
      const whole = text(values);
      expect(whole).not.toBe('');
      const cut = whole.indexOf(' ', 12) + 2;
      const continueFrom = whole.slice(0, cut);
      const { values: rest } = await collect(chat.complete(conversation, { maxTokens: 40, continueFrom }));
      expect(rest).toHaveLength(1);
      expect(rest[0]!.slice(0, 5)).toBe(whole.slice(cut, cut + 5));
      // the conversation before leaves nothing behind
      expect(text((await collect(chat.events(conversation, { maxTokens: 30 }))).values)).toBe(whole);
    } finally {
      await chat.dispose();
    }
  });

  it('can be disposed of while it runs, and loads again when it is asked', async () => {
    const own = llamaCpp({ modelPath, load, contextSize: 512, maxThreads: 1 });
    const before = loads;
    let disposed: Promise<void> | undefined;
    const { values, error } = await new Promise<{ values: number; error: unknown }>((resolve) => {
      let tokens = 0;
      own(once).subscribe({
        next: () => {
          tokens++;
          if (tokens === 3) disposed = own.dispose();
        },
        error: (failure: unknown) => resolve({ values: tokens, error: failure }),
      });
    });
    expect(error).toMatchObject({ name: 'ProviderError', retryable: false });
    expect(values).toBeLessThan(10);
    await disposed;
    expect((await collect(own(once, { maxTokens: 40 }))).values.join('')).toBe(greedy);
    expect(loads - before).toBe(2);
    await own[Symbol.asyncDispose]();
    await own.dispose();
  });

  it('tells a file that is not there from one that may come', async () => {
    const none = llamaCpp({ modelPath: `${modelPath}.none`, load });
    expect((await collect(none('Hi'))).error).toMatchObject({ name: 'ProviderError', retryable: false });
  });
});
