import { AsyncLocalStorage } from 'node:async_hooks';
import {
  context,
  metrics,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type ContextManager,
} from '@opentelemetry/api';
import { lastValueFrom, NEVER, Observable, of, take, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { traceModel, traceVoice } from '../../../operators/opentelemetry/index.js';
import { toSpeech } from '../../../operators/toSpeech.js';
import { openai } from '../../../providers/openai/index.js';
import { scriptedModel, scriptedVoice } from '../../../providers/scripted/index.js';
import { RateLimitError } from '../../../src/errors.js';
import { collect, collectFailure } from '../../support/collect.js';
import { marbles } from '../../support/marbles.js';
import { telemetry } from '../../support/telemetry.js';
import { wireServer } from '../../support/wireServer.js';
import { openaiWire } from '../../providers/openaiWire.js';

const usage = { inputTokens: 12, outputTokens: 4 };
const about: Attributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'scripted',
  'gen_ai.request.model': 'm-1',
};

describe('traceModel', () => {
  it('records a span and the figures of a streamed reply, by the conventions', async () => {
    const { config, spans, figures } = telemetry();
    const model = traceModel(
      scriptedModel({
        text: 'The sky is blue.',
        model: 'm-1',
        firstTokenAfter: 200,
        tokensPerSecond: 10,
        usage,
      }),
      { ...config, attributes: { 'app.tenant': 'a' } },
    );
    const options = {
      temperature: 0.5,
      maxTokens: 100,
      topP: 0.9,
      stop: 'END',
      seed: 7,
      schema: z.object({}),
    };
    let said = '';
    marbles(({ flush }) => {
      model('Why?', options).subscribe((token) => (said += token));
      flush();
    });
    expect(said).toBe('The sky is blue.');
    const [span, ...others] = spans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({ name: 'chat m-1', kind: SpanKind.CLIENT, ended: true, events: [] });
    expect(span!.status.code).toBe(SpanStatusCode.UNSET);
    expect(span!.attributes).toEqual({
      ...about,
      'app.tenant': 'a',
      'gen_ai.request.stream': true,
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 100,
      'gen_ai.request.top_p': 0.9,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.request.seed': 7,
      'gen_ai.output.type': 'json',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': 0.2,
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 4,
      'rx_aloud.ended': 'complete',
    });
    const tenant = { ...about, 'app.tenant': 'a' };
    const points = await figures();
    expect(
      points.map(({ name, unit, attributes, count, sum }) => [name, unit, attributes, count, sum]),
    ).toEqual([
      ['gen_ai.client.operation.duration', 's', tenant, 1, 0.5],
      ['gen_ai.client.operation.time_to_first_chunk', 's', tenant, 1, 0.2],
      ['gen_ai.client.token.usage', '{token}', { ...tenant, 'gen_ai.token.type': 'input' }, 1, 12],
      ['gen_ai.client.token.usage', '{token}', { ...tenant, 'gen_ai.token.type': 'output' }, 1, 4],
    ]);
    expect(points[0]!.bounds.slice(0, 3)).toEqual([0.01, 0.02, 0.04]);
    expect(points[2]!.bounds.at(-1)).toBe(67_108_864);
  });

  it('records nothing of what was said', async () => {
    const { config, spans, figures } = telemetry();
    const model = traceModel(scriptedModel({ text: 'a secret reply' }), config);
    await collect(model('a secret question', { system: 'a secret order' }));
    await collect(model.complete('a secret question'));
    const seen = JSON.stringify(spans().map(({ name, attributes, events }) => [name, attributes, events]));
    expect(seen + JSON.stringify(await figures())).not.toContain('secret');
  });

  it('tells a reply in one piece from a stream, and an events’ reply is the same', async () => {
    const { config, spans } = telemetry();
    const model = traceModel(scriptedModel({ text: 'Hi', usage }), config);
    expect(await collect(model.complete('Why?'))).toEqual(['Hi']);
    expect((await collect(model.events('Why?'))).map(({ type }) => type)).toEqual(['text', 'finish']);
    const [whole, stream] = spans();
    expect(whole!.attributes).toMatchObject({ 'gen_ai.request.stream': false });
    expect(whole!.attributes).not.toHaveProperty('gen_ai.response.time_to_first_chunk');
    expect(stream!.attributes).toMatchObject({ 'gen_ai.request.stream': true });
    expect(stream!.attributes).toHaveProperty('gen_ai.response.time_to_first_chunk');
  });

  it.each([
    [
      'a status',
      new RateLimitError('openai: slow down', { provider: 'openai', status: 429 }),
      '429',
      'slow down',
    ],
    ['a class', new TypeError('oh'), 'TypeError', 'oh'],
    ['an abort', new DOMException('enough', 'AbortError'), 'AbortError', 'enough'],
    ['no error', 'oops', '_OTHER', 'oops'],
  ])('tells a failure that is %s', async (_what, error, type, message) => {
    const { config, spans, figures } = telemetry();
    const model = traceModel(
      scriptedModel({ text: 'Half a reply', model: 'm-1', error, failAfter: 1 }),
      config,
    );
    expect((await collectFailure(model('Why?'))).error).toBe(error);
    const [span] = spans();
    expect(span!.attributes).toMatchObject({ 'error.type': type, 'rx_aloud.ended': 'error' });
    expect(span!.status.code).toBe(SpanStatusCode.ERROR);
    expect(span!.status.message).toContain(message);
    expect(span!.events.map(({ name }) => name)).toEqual(['exception']);
    const duration = (await figures()).find(({ name }) => name === 'gen_ai.client.operation.duration');
    expect(duration!.attributes).toEqual({ ...about, 'error.type': type });
  });

  it('ends with whoever leaves, which is no failure', () => {
    const { config, spans } = telemetry();
    const ended: string[] = [];
    const model = traceModel(
      scriptedModel({ text: 'One two three four.', onEnd: (_request, how) => ended.push(how) }),
      config,
    );
    marbles(({ flush }) => {
      model('Why?').pipe(take(2)).subscribe();
      const waiting = model('Why?').subscribe();
      waiting.unsubscribe();
      flush();
    });
    expect(ended).toEqual(['unsubscribe', 'unsubscribe']);
    expect(spans().map(({ attributes }) => attributes['rx_aloud.ended'])).toEqual([
      'unsubscribe',
      'unsubscribe',
    ]);
    expect(spans().map(({ status }) => status.code)).toEqual([SpanStatusCode.UNSET, SpanStatusCode.UNSET]);
  });

  it('is cold, with a span for each subscription, and stops a synchronous source', () => {
    const { config, spans } = telemetry();
    let produced = 0;
    const endless = new Observable<{ type: 'text'; text: string }>((subscriber) => {
      while (!subscriber.closed && produced < 1000) {
        produced++;
        subscriber.next({ type: 'text', text: 'a' });
      }
    });
    const model = traceModel(Object.assign(scriptedModel({ text: 'x' }), { events: () => endless }), config);
    const reply = model('Why?');
    expect(spans()).toEqual([]);
    reply.pipe(take(3)).subscribe();
    expect(produced).toBe(3);
    reply.pipe(take(2)).subscribe();
    expect(produced).toBe(5);
    expect(spans()).toHaveLength(2);
  });

  it('keeps what else the model is', () => {
    const release = () => 'released';
    const model = traceModel(Object.assign(scriptedModel({ text: 'x', model: 'm-2' }), { release }));
    expect([model.provider, model.model, model.release()]).toEqual(['scripted', 'm-2', 'released']);
  });

  it('speaks of Gemini as the conventions do, whichever SDK', () => {
    const { config, spans } = telemetry();
    for (const provider of ['gemini', 'google-genai', 'anthropic']) {
      const named = Object.assign(scriptedModel({ text: 'x' }), { provider, events: () => NEVER });
      traceModel(named, config)('Why?').subscribe().unsubscribe();
    }
    const names = spans().map(({ attributes }) => attributes['gen_ai.provider.name']);
    expect(names).toEqual(['gcp.gemini', 'gcp.gemini', 'anthropic']);
  });

  it('does nothing visible where no provider is registered', async () => {
    expect((await collect(traceModel(scriptedModel({ text: 'Hi' }))('Why?'))).join('')).toBe('Hi');
  });

  it.each([
    [() => traceModel('gpt' as never), /traceModel: model must be/],
    [() => traceModel(scriptedModel({ text: 'x' }), { tracer: {} as never }), /traceModel: tracer must be/],
    [() => traceModel(scriptedModel({ text: 'x' }), { meter: 1 as never }), /traceModel: meter must be/],
    [() => traceVoice(scriptedVoice(), { attributes: 'a' as never }), /traceVoice: attributes must be/],
    [() => traceVoice(null as never), /traceVoice: voice must be/],
  ])('refuses %s', (make, message) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });
});

describe('traceModel and traceVoice with what is registered globally', () => {
  /** Context that follows asynchronous calls, as an application's does. */
  class AsyncContext implements ContextManager {
    readonly #storage = new AsyncLocalStorage<Context>();
    active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
    with = ((now: Context, call: (...args: unknown[]) => unknown, self: unknown, ...args: unknown[]) =>
      this.#storage.run(now, () => call.apply(self, args))) as ContextManager['with'];
    bind = <T>(_now: Context, target: T) => target;
    enable = () => this;
    disable = () => this;
  }
  const { tracers, meters, spans, figures } = telemetry();
  beforeAll(() => {
    context.setGlobalContextManager(new AsyncContext());
  });
  afterAll(() => {
    context.disable();
    trace.disable();
    metrics.disable();
  });

  it('stands between the caller’s span and those of an instrumented fetch, and is registered late', async () => {
    const server = await wireServer(() => ({
      body: [openaiWire.text('It is blue.'), openaiWire.finish('stop', usage)],
    }));
    const model = traceModel(openai({ model: 'model-1', apiKey: 'sk-1', baseURL: `${server.url}/v1` }));
    const voice = traceVoice(scriptedVoice({ latency: 5, msPerWord: 100, realTimeFactor: 0.1 }));
    trace.setGlobalTracerProvider(tracers);
    metrics.setGlobalMeterProvider(meters);
    const unpatched = globalThis.fetch;
    const tracer = trace.getTracer('app');
    // As instrumentations do it.
    globalThis.fetch = (input, init) =>
      tracer.startActiveSpan('fetch', (span) => unpatched(input, init).finally(() => span.end()));
    try {
      await tracer.startActiveSpan('turn', async (turn) => {
        const text = (await collect(model('Why?'))).join('');
        await lastValueFrom(of(text).pipe(toSpeech(voice), toArray()));
        turn.end();
      });
    } finally {
      globalThis.fetch = unpatched;
      await server.close();
    }
    const all = spans();
    const named = (name: string) => all.find((span) => span.name === name)!;
    const chat = named('chat model-1');
    expect(named('fetch').parentSpanContext?.spanId).toBe(chat.spanContext().spanId);
    expect(chat.parentSpanContext?.spanId).toBe(named('turn').spanContext().spanId);
    expect(chat.instrumentationScope.name).toBe('rx-aloud');
    const speech = named('text_to_speech');
    expect(speech.parentSpanContext?.spanId).toBe(named('turn').spanContext().spanId);
    expect(speech.attributes).toMatchObject({
      'gen_ai.operation.name': 'text_to_speech',
      'gen_ai.output.type': 'speech',
      'gen_ai.provider.name': 'scripted',
      'rx_aloud.text.length': 11,
      'rx_aloud.audio.duration': 0.3,
      'rx_aloud.ended': 'complete',
    });
    const points = await figures();
    const count = (name: string) => points.filter((point) => point.name === name).length;
    expect(count('gen_ai.client.operation.duration')).toBe(2);
    expect(count('gen_ai.client.operation.time_to_first_chunk')).toBe(2);
    expect(count('gen_ai.client.token.usage')).toBe(2);
  });
});
