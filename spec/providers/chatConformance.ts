/**
 * What every chat provider promises, against a server that speaks its protocol. To run it for a provider, describe
 * that protocol once as a `ChatWire` and call `chatConformance(wire)` in its spec:
 *
 * ```ts
 * chatConformance({
 *   name: 'ollama',
 *   create: ({ baseURL, apiKey, signal }) => ollama({ model: 'm', baseURL, apiKey, signal }),
 *   text: (text) => JSON.stringify({ message: { content: text }, done: false }) + '\n',
 *   …
 * });
 * ```
 *
 * The members say what they hold; the optional ones switch on the promises that not every protocol can make. What a
 * provider does beyond this (its own options, its own error events) is told in its own spec. `collect` and `serve`
 * are there for those specs too.
 */
import fc from 'fast-check';
import { isUtf8 } from 'node:buffer';
import { setTimeout as after } from 'node:timers/promises';
import { inspect } from 'node:util';
import { take, type Observable } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { ChatEvent, ChatModel, ChatOptions, FinishReason, Usage } from '../../src/chatModel.js';
import { enableDebug } from '../../src/debug.js';
import { toolCallTurn, toolResultTurn, type ToolCall } from '../../src/toolTurn.js';
import { createValve } from '../../src/valve.js';
import { within } from '../support/within.js';
import {
  drop,
  hang,
  reset,
  wireServer,
  type WireReply,
  type WireRequest,
  type WireServer,
  type WireStep,
} from '../support/wireServer.js';

/** What a provider has sent, read back from its protocol. Leave out what was not in the request. */
export interface ReadRequest {
  readonly model?: unknown;
  /** All messages in order, system ones included (first, where the protocol keeps them elsewhere). */
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly temperature?: unknown;
  readonly maxTokens?: unknown;
  readonly topP?: unknown;
  readonly stop?: unknown;
  readonly seed?: unknown;
  /** The JSON Schema of the reply's native structured output. */
  readonly schema?: unknown;
  readonly tools?: readonly { readonly name: unknown; readonly parameters: unknown }[];
}

/** A protocol, told as bytes. */
export interface ChatWire {
  readonly name: string;
  /** A model of the name `model-1` on that server. */
  readonly create: (config: {
    readonly baseURL: string;
    readonly apiKey?: string;
    readonly signal?: AbortSignal;
  }) => ChatModel;
  /** The environment variable of the key; leave it out where none is needed. */
  readonly keyVariable?: string;
  /** True where the key is in a client of one's own, so that none can be missing. */
  readonly bringsOwnKey?: boolean;
  /** Response headers of a stream, such as its content type. */
  readonly streamHeaders?: Readonly<Record<string, string>>;
  /** What comes before the first event. */
  readonly begin?: string;
  /** The bytes of one piece of text; each event whole. */
  readonly text: (text: string) => string;
  readonly reasoning?: (text: string) => string;
  /** Tool calls as this protocol streams them: in fragments and interleaved, where it can. */
  readonly toolCalls?: (calls: readonly ToolCall[]) => string;
  /** Everything from the reason to the end of the stream. Reasons that the protocol doesn't have are not asked for. */
  readonly finish: (reason: FinishReason, usage?: Usage) => string;
  /** The reasons the protocol has. */
  readonly reasons: readonly FinishReason[];
  /** The body of a non-streaming reply. */
  readonly whole: (text: string) => string;
  /** Bytes that say nothing but "still here"; leave it out where there are none. */
  readonly keepAlive?: string;
  /** A whole event that is not what the protocol says. */
  readonly malformed: string;
  /** An error event inside a 200, and what it is to become. */
  readonly errorInside?: { readonly bytes: string; readonly error: object };
  /** The body of an HTTP error. */
  readonly refusal: (message: string, status: number) => string;
  readonly readRequest: (request: WireRequest) => ReadRequest;
  /** Options that are a `TypeError`, with a value that would be right elsewhere. */
  readonly unsupported?: ChatOptions;
  /** Whether `complete` goes on by assistant prefill, or by asking. */
  readonly continuation: 'prefill' | 'instruction';
  /** False for an SDK that reads the whole body by itself. Default true. */
  readonly backpressure?: boolean;
  /** False for an SDK whose errors have no headers. Default true. */
  readonly retryAfterHeader?: boolean;
  /**
   * True for an SDK whose own reader throws the last event away when its line end is missing, and takes half a
   * character at the end for a broken connection. Default false.
   */
  readonly strictReader?: boolean;
  /** False for a stream of another form than lines. Default true. */
  readonly linewise?: boolean;
}

/** All that came out of a subscription. */
export interface Collected<T> {
  readonly values: readonly T[];
  readonly error: unknown;
  readonly completed: boolean;
}

/** Subscribes and waits for the end. */
export function collect<T>(source: Observable<T>): Promise<Collected<T>> {
  return new Promise((resolve) => {
    const values: T[] = [];
    source.subscribe({
      next: (value) => values.push(value),
      error: (error: unknown) => resolve({ values, error, completed: false }),
      complete: () => resolve({ values, error: undefined, completed: true }),
    });
  });
}

/** Waits for something that must come, however busy the machine is. */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it never came: ${holds.toString()}`);
    await after(2);
  }
}

const key = 'sk-secret-0123456789';
const said = ['Grüße', ' aus', ' 東京 🗼', ', “quoted”', '\n', 'and\u2028 done.'];
const usage: Usage = { inputTokens: 11, outputTokens: 7 };

export function chatConformance(wire: ChatWire): void {
  const servers: WireServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  const stream = (...body: WireStep[]): WireReply => ({
    ...(wire.streamHeaders === undefined ? {} : { headers: wire.streamHeaders }),
    body: [...(wire.begin === undefined ? [] : [wire.begin]), ...body],
  });
  const whole = (text: string): WireReply => ({
    headers: { 'content-type': 'application/json' },
    body: [wire.whole(text)],
  });
  const refusal = (status: number, headers: Record<string, string> = {}, message = 'no'): WireReply => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: [wire.refusal(message, status)],
  });
  const serve = async (...replies: (WireReply | ((request: WireRequest) => WireReply))[]) => {
    const server = await wireServer((request, index) => {
      const reply = replies[Math.min(index, replies.length - 1)]!;
      return typeof reply === 'function' ? reply(request) : reply;
    });
    servers.push(server);
    return { server, model: wire.create({ baseURL: server.url, apiKey: key }) };
  };
  const body = (texts: readonly string[] = said) =>
    (wire.begin ?? '') + texts.map(wire.text).join('') + wire.finish('stop', usage);
  const endless = function* (): Iterable<WireStep> {
    if (wire.begin !== undefined) yield wire.begin;
    for (let index = 0; ; index += 1) yield wire.text(`token number ${index} `);
  };
  const headers = wire.streamHeaders === undefined ? {} : { headers: wire.streamHeaders };

  const leftOut = Object.entries({
    'reasoning: the protocol has none': !wire.reasoning,
    'tool calls: the protocol has none': !wire.toolCalls,
    'errors inside a 200: the protocol has none': !wire.errorInside,
    'keep-alive bytes: the protocol has none': !wire.keepAlive,
    'CRLF and a missing last line end: its stream is not read by lines': wire.linewise === false,
    'Retry-After: the errors of this SDK have no headers': wire.retryAfterHeader === false,
    'backpressure to the socket: this SDK reads the whole body by itself': wire.backpressure === false,
    'a schema: the provider takes none': wire.unsupported?.schema !== undefined,
    'a missing key: none can be missing here': wire.keyVariable === undefined || wire.bringsOwnKey === true,
  }).flatMap(([reason, out]) => (out ? [reason] : []));
  if (leftOut.length > 0) console.log(`${wire.name}, not tested: ${leftOut.join('; ')}`);

  describe(`${wire.name}: a chat provider`, () => {
    describe('replies', () => {
      it('streams text token by token', async () => {
        const { model } = await serve(stream(...said.map(wire.text), wire.finish('stop', usage)));
        expect(await collect(model('Hi'))).toEqual({ values: said, error: undefined, completed: true });
      });

      it('hands a token on when it comes, not when the reply is whole', async () => {
        const { model } = await serve(stream(wire.text('early'), hang));
        expect((await collect(model('Hi').pipe(take(1)))).values).toEqual(['early']);
      });

      it('says why a reply ended, and what it cost', async () => {
        for (const reason of wire.reasons.filter((name) => name !== 'tool-calls')) {
          const { model } = await serve(stream(wire.text('Hi'), wire.finish(reason, usage)));
          expect(await collect(model.events('Hi'))).toEqual({
            values: [
              { type: 'text', text: 'Hi' },
              { type: 'finish', reason, usage },
            ],
            error: undefined,
            completed: true,
          });
        }
      });

      it('emits nothing but the finish for an empty reply', async () => {
        const { model } = await serve(stream(wire.finish('stop', usage)));
        expect((await collect(model.events('Hi'))).values).toEqual([
          { type: 'finish', reason: 'stop', usage },
        ]);
        expect(await collect(model('Hi'))).toMatchObject({ values: [], completed: true });
      });

      it.runIf(wire.reasoning)('keeps reasoning apart from text', async () => {
        const { model } = await serve(
          stream(
            wire.reasoning!('Let me'),
            wire.reasoning!(' see.'),
            wire.text('Yes.'),
            wire.finish('stop', usage),
          ),
        );
        expect((await collect(model.events('Hi'))).values.slice(0, 3)).toEqual([
          { type: 'reasoning', text: 'Let me' },
          { type: 'reasoning', text: ' see.' },
          { type: 'text', text: 'Yes.' },
        ]);
        expect((await collect(model('Hi'))).values).toEqual(['Yes.']);
      });

      it.runIf(wire.toolCalls)('brings tool calls whole, in order, with their arguments parsed', async () => {
        const calls: ToolCall[] = [
          { id: 'call-a', name: 'weather', arguments: { city: 'Köln', days: [1, 2] } },
          { id: 'call-b', name: 'clock', arguments: {} },
          { id: 'call-c', name: 'weather', arguments: { city: 'a "quoted" one' } },
        ];
        const { model } = await serve(
          stream(wire.text('One moment.'), wire.toolCalls!(calls), wire.finish('tool-calls', usage)),
        );
        const { values } = await collect(model.events('Hi'));
        expect(values).toEqual([
          { type: 'text', text: 'One moment.' },
          ...calls.map((call): ChatEvent => ({
            type: 'tool-call',
            ...call,
            id: expect.any(String) as string,
          })),
          { type: 'finish', reason: 'tool-calls', usage },
        ]);
        const ids = values.flatMap((event) => (event.type === 'tool-call' ? [event.id] : []));
        expect(new Set(ids).size).toBe(3);
      });
    });

    describe('bytes', () => {
      it('makes the same of a reply however it is split', async () => {
        const bytes = Buffer.from(body());
        await fc.assert(
          fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
            const places = [...new Set([0, ...cuts, bytes.length])].sort((a, b) => a - b);
            const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
            const steps = pieces.flatMap((piece): WireStep[] => [piece, { wait: 0 }]);
            const { model } = await serve({ ...headers, body: steps });
            expect(await collect(model('Hi'))).toEqual({ values: said, error: undefined, completed: true });
          }),
          { numRuns: 40 },
        );
      });

      it('makes the same of single bytes', async () => {
        const bytes = Buffer.from(body());
        const { model } = await serve({ ...headers, body: [...bytes].map((byte) => Uint8Array.of(byte)) });
        expect(await collect(model('Hi'))).toEqual({ values: said, error: undefined, completed: true });
      });

      it.runIf(wire.linewise !== false)('reads CRLF as LF, and misses no missing last line end', async () => {
        const crlf = await serve({ ...headers, body: [body().replaceAll('\n', '\r\n')] });
        expect(await collect(crlf.model('Hi'))).toEqual({ values: said, error: undefined, completed: true });
        if (wire.strictReader === true) return;
        const bare = await serve({ ...headers, body: [body().trimEnd()] });
        expect(await collect(bare.model('Hi'))).toEqual({ values: said, error: undefined, completed: true });
      });
    });

    describe('the terminal marker', () => {
      it.each([
        ['closed cleanly', undefined],
        ['reset', reset],
        ['dropped', drop],
      ] as const)(
        'tells a whole reply from one that is %s at any byte',
        async (how, act) => {
          const texts = ['Grüße', ' aus 東京.'];
          const bytes = Buffer.from(body(texts));
          const { model } = await serve((request) => {
            const end = Number(/at (\d+)/.exec(request.text)?.[1]);
            // A moment for the bytes to be read: a reset throws away what is still on its way.
            const last: WireStep[] = act === undefined ? [] : [{ wait: 1 }, act];
            return { ...headers, body: [bytes.subarray(0, end), ...last] };
          });
          let whole = 0;
          const ask = async (end: number) => {
            const { values, error, completed } = await collect(model(`at ${end}`));
            const text = values.join('');
            expect(texts.join('').startsWith(text), `${how} at ${end}: ${text}`).toBe(true);
            if (completed) {
              whole += 1;
              expect(text, `${how} at ${end}`).toBe(texts.join(''));
            } else if (act === undefined) {
              if (wire.strictReader === true && !isUtf8(bytes.subarray(0, end))) {
                expect(error, `${how} at ${end}`).toMatchObject({ name: 'ConnectionError', retryable: true });
                return;
              }
              const truncated = {
                name: 'TruncatedReplyError',
                retryable: true,
                partial: text,
                provider: wire.name,
              };
              expect(error, `${how} at ${end}`).toMatchObject(truncated);
            } else {
              expect(error, `${how} at ${end}`).toMatchObject({ name: 'ConnectionError', retryable: true });
            }
          };
          const step = act === drop ? 7 : 1;
          const ends = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) => at * step);
          for (let at = 0; at < ends.length; at += 16) await Promise.all(ends.slice(at, at + 16).map(ask));
          // Only cuts after the marker may pass for a whole reply.
          expect(whole).toBeLessThan(wire.finish('stop', usage).length);
        },
        60_000,
      );
    });

    describe('faults', () => {
      it.each([
        [400, 'ProviderError', false],
        [401, 'AuthenticationError', false],
        [403, 'AuthenticationError', false],
        [404, 'ProviderError', false],
        [408, 'ProviderError', true],
        [429, 'RateLimitError', true],
        [500, 'ProviderError', true],
        [503, 'OverloadedError', true],
        [529, 'OverloadedError', true],
      ])('%i is a %s, after exactly one request', async (status, name, retryable) => {
        const { server, model } = await serve(refusal(status, {}, 'because of this'));
        for (const source of [model('Hi'), model.complete('Hi')]) {
          const { error } = await collect<unknown>(source);
          expect(error).toBeInstanceOf(Error);
          expect(error).toMatchObject({ name, status, retryable, provider: wire.name });
          expect((error as Error).message).toContain('because of this');
          expect((error as Error).cause === undefined || (error as Error).cause instanceof Error).toBe(true);
        }
        await after(20);
        expect(server.requests).toHaveLength(2);
      });

      it.runIf(wire.retryAfterHeader !== false)(
        'says how long to wait, in seconds or until a date',
        async () => {
          const date = new Date(Date.now() + 90_000).toUTCString();
          for (const status of [429, 503]) {
            const { model } = await serve(
              refusal(status, { 'retry-after': '7' }),
              refusal(status, { 'retry-after': date }),
            );
            expect((await collect(model('Hi'))).error).toMatchObject({ retryAfter: 7000 });
            const { retryAfter } = (await collect(model('Hi'))).error as { retryAfter: number };
            expect(retryAfter).toBeGreaterThan(60_000);
            expect(retryAfter).toBeLessThanOrEqual(90_000);
          }
        },
      );

      it('a refused connection is a ConnectionError', async () => {
        const { server, model } = await serve(stream());
        await server.close();
        servers.length = 0;
        for (const source of [model('Hi'), model.complete('Hi')]) {
          const { error } = await collect<unknown>(source);
          expect(error).toMatchObject({ name: 'ConnectionError', retryable: true, provider: wire.name });
        }
      });

      it('a connection that breaks before the headers is a ConnectionError', async () => {
        const { model } = await serve({ first: [reset] });
        const { error } = await collect(model('Hi'));
        expect(error).toMatchObject({ name: 'ConnectionError', retryable: true });
      });

      it('a malformed event is a MalformedReplyError, after what came before it', async () => {
        const { model } = await serve(
          stream(wire.text('Hello') + wire.malformed + wire.text('!') + wire.finish('stop')),
        );
        expect(await collect(model('Hi'))).toMatchObject({
          values: ['Hello'],
          error: { name: 'MalformedReplyError', retryable: true, provider: wire.name },
        });
      });

      it('a whole reply that is no JSON is a MalformedReplyError', async () => {
        const { model } = await serve({ headers: { 'content-type': 'application/json' }, body: ['{"a":'] });
        expect((await collect(model.complete('Hi'))).error).toMatchObject({ name: 'MalformedReplyError' });
      });

      it.runIf(wire.errorInside)('an error event inside a 200 is an error', async () => {
        const { model } = await serve(stream(wire.text('Hello') + wire.errorInside!.bytes));
        const { values, error } = await collect(model('Hi'));
        expect(values).toEqual(['Hello']);
        expect(error).toMatchObject({ provider: wire.name, ...wire.errorInside!.error });
      });

      it('prints nothing on the console', async () => {
        const printed: unknown[] = [];
        const methods = ['log', 'warn', 'error', 'info', 'debug'] as const;
        const spies = methods.map((method) =>
          vi.spyOn(console, method).mockImplementation((...words: unknown[]) => void printed.push(words)),
        );
        try {
          const { model } = await serve(
            { status: 502, body: ['<html>Bad gateway</html>'] },
            stream(wire.malformed),
          );
          await collect(model('Hi'));
          await collect(model('Hi'));
        } finally {
          for (const spy of spies) spy.mockRestore();
        }
        expect(printed).toEqual([]);
      });
    });

    describe('time', () => {
      it('firstTokenTimeout passes when nothing comes, before the headers or after them', async () => {
        for (const reply of [{ first: [hang] }, stream(hang)]) {
          const { server, model } = await serve(reply);
          const { error } = await collect(model('Hi', { firstTokenTimeout: 400 }));
          expect(error).toMatchObject({ name: 'StalledReplyError', retryable: true, provider: wire.name });
          expect(await server.earlyClose(server.requests[0]!)).toBeDefined();
        }
      });

      it('idleTimeout passes when a reply stands still', async () => {
        const { model } = await serve(stream(wire.text('Hello'), hang));
        expect(await collect(model('Hi', { idleTimeout: 60 }))).toMatchObject({
          values: ['Hello'],
          error: { name: 'StalledReplyError', retryable: true },
        });
      });

      it('neither passes while text keeps coming', async () => {
        const pieces = Array.from({ length: 8 }, (_, index) => [{ wait: 40 }, wire.text(`${index}`)]).flat();
        const { model } = await serve(stream(...pieces, wire.finish('stop')));
        const { values } = await collect(model('Hi', { idleTimeout: 2000, firstTokenTimeout: 2000 }));
        expect(values.join('')).toBe('01234567');
      });

      it.runIf(wire.keepAlive)('keep-alive bytes satisfy neither', async () => {
        const alive = Array.from({ length: 1000 }, () => [{ wait: 15 }, wire.keepAlive!]).flat();
        const first = await serve(stream(...alive));
        const stalled = { name: 'StalledReplyError' };
        expect((await collect(first.model('Hi', { firstTokenTimeout: 150 }))).error).toMatchObject(stalled);
        const idle = await serve(stream(wire.text('Hello'), ...alive));
        expect((await collect(idle.model('Hi', { idleTimeout: 150 }))).error).toMatchObject(stalled);
      });

      it.runIf(wire.reasoning)('reasoning satisfies idleTimeout, not firstTokenTimeout', async () => {
        const thinking = (pieces: number) =>
          Array.from({ length: pieces }, () => [{ wait: 15 }, wire.reasoning!('hm ')]).flat();
        const first = await serve(stream(...thinking(1000)));
        const { error } = await collect(first.model('Hi', { firstTokenTimeout: 150 }));
        expect(error).toMatchObject({ name: 'StalledReplyError' });
        const idle = await serve(stream(...thinking(20), wire.text('Yes.'), wire.finish('stop')));
        expect((await collect(idle.model('Hi', { idleTimeout: 5000 }))).values).toEqual(['Yes.']);
      });

      it('both stand still while the valve is closed', async () => {
        const { model } = await serve(stream(wire.text('Hello'), wire.text(' there'), wire.finish('stop')));
        const valve = createValve({ high: 1, low: 0 });
        const values: string[] = [];
        const ended = new Promise<unknown>((resolve) => {
          model('Hi', { valve, idleTimeout: 300, firstTokenTimeout: 5000 }).subscribe({
            next: (token) => {
              values.push(token);
              if (values.length === 1) valve.add(1);
            },
            error: resolve,
            complete: () => resolve('complete'),
          });
        });
        await until(() => values.length > 0);
        await after(600);
        expect(values).toEqual(['Hello']);
        valve.remove(1);
        expect(await ended).toBe('complete');
        expect(values).toEqual(['Hello', ' there']);
      });

      it('firstTokenTimeout bounds complete', async () => {
        const { model } = await serve({ first: [hang] });
        const { error } = await collect(model.complete('Hi', { firstTokenTimeout: 60 }));
        expect(error).toMatchObject({ name: 'StalledReplyError' });
      });
    });

    describe('cold and cancellable', () => {
      it('sends nothing before subscribe, and a fresh request for every subscription', async () => {
        const { server, model } = await serve(stream(wire.text('Hello'), wire.finish('stop')));
        const reply$ = model('Hi');
        const whole$ = model.events('Hi');
        void model.complete('Hi');
        await after(20);
        expect(server.requests).toHaveLength(0);
        expect((await collect(reply$)).values).toEqual(['Hello']);
        expect((await collect(reply$)).values).toEqual(['Hello']);
        expect((await collect(whole$)).completed).toBe(true);
        expect(server.requests).toHaveLength(3);
      });

      const cancelled = (reply: () => WireReply, leave: (model: ChatModel) => Promise<() => void>) =>
        within(100, async () => {
          const { server, model } = await serve(reply());
          const unsubscribe = await leave(model);
          await until(() => server.requests.length > 0);
          const left = performance.now();
          unsubscribe();
          const closed = await server.earlyClose(server.requests[0]!);
          expect(closed, 'the server saw no close').toBeDefined();
          expect(server.requests).toHaveLength(1);
          return closed! - left;
        });
      const subscribed = async (model: ChatModel, tokens: number) => {
        let seen = 0;
        let unsubscribe: () => void = () => undefined;
        await new Promise<void>((resolve) => {
          const subscription = model('Hi').subscribe({
            next: () => {
              seen += 1;
              if (seen === tokens) resolve();
            },
          });
          unsubscribe = () => subscription.unsubscribe();
          if (tokens === 0) resolve();
        });
        return unsubscribe;
      };

      it('unsubscribing closes the connection before the headers', () =>
        cancelled(
          () => ({ first: [hang] }),
          (model) => subscribed(model, 0),
        ));

      it('unsubscribing closes the connection while a read is pending', () =>
        cancelled(
          () => stream(wire.text('Hello'), hang),
          async (model) => {
            const unsubscribe = await subscribed(model, 1);
            await after(20);
            return unsubscribe;
          },
        ));

      it('unsubscribing closes the connection between tokens', () =>
        cancelled(
          () => ({ ...headers, body: endless() }),
          (model) => subscribed(model, 3),
        ));

      it('leaving inside next closes it, and nothing more is emitted', async () => {
        const { server, model } = await serve({ ...headers, body: endless() });
        expect((await collect(model('Hi').pipe(take(3)))).values).toHaveLength(3);
        expect(await server.earlyClose(server.requests[0]!)).toBeDefined();
      });

      it('unsubscribing cancels complete too', () =>
        cancelled(
          () => ({ first: [hang] }),
          (model) => {
            const subscription = model.complete('Hi').subscribe();
            return Promise.resolve(() => subscription.unsubscribe());
          },
        ));

      it('an outer signal aborts with its reason', async () => {
        for (const reply of [{ first: [hang] }, stream(wire.text('Hello'), hang)]) {
          const { server, model } = await serve(reply);
          const outer = new AbortController();
          const reason = new Error('changed my mind');
          const ended = collect(model('Hi', { signal: outer.signal }));
          await until(() => server.requests.length > 0);
          await after(20);
          outer.abort(reason);
          expect((await ended).error).toBe(reason);
          expect(await server.earlyClose(server.requests[0]!)).toBeDefined();
        }
      });

      it('a signal that is aborted already sends nothing', async () => {
        const { server, model } = await serve(stream(wire.text('Hello'), wire.finish('stop')));
        const reason = new Error('too late');
        const signal = AbortSignal.abort(reason);
        expect((await collect(model('Hi', { signal }))).error).toBe(reason);
        expect((await collect(model.complete('Hi', { signal }))).error).toBe(reason);
        const never = wire.create({ baseURL: server.url, apiKey: key, signal });
        expect((await collect(never('Hi'))).error).toBe(reason);
        await after(20);
        expect(server.requests).toHaveLength(0);
      });

      it('leaves no rejection unhandled', async () => {
        const unhandled: unknown[] = [];
        const note = (reason: unknown) => unhandled.push(reason);
        process.on('unhandledRejection', note);
        const replies = [
          stream(wire.text('a'), hang),
          { first: [hang] },
          stream(wire.text('a'), { wait: 5 }, reset),
        ];
        for (const reply of replies) {
          const { server, model } = await serve(reply);
          const subscription = model('Hi').subscribe({ error: () => undefined });
          await until(() => server.requests.length > 0);
          await after(10);
          subscription.unsubscribe();
        }
        await after(30);
        process.off('unhandledRejection', note);
        expect(unhandled).toEqual([]);
      });

      it('uses a connection again after a whole reply', async () => {
        const { server, model } = await serve(stream(wire.text('Hello'), wire.finish('stop')));
        await collect(model('Hi'));
        await after(20);
        await collect(model('Hi'));
        const [first, second] = server.requests;
        expect(second!.connection).toBe(first!.connection);
      });
    });

    describe('the valve', () => {
      it('hands on nothing while it is closed', async () => {
        const { model } = await serve({ ...headers, body: endless() });
        const valve = createValve({ high: 5, low: 2 });
        let seen = 0;
        const subscription = model('Hi', { valve }).subscribe(() => {
          seen += 1;
          valve.add(1);
        });
        await until(() => seen >= 5);
        await after(30);
        expect(seen).toBe(5);
        valve.remove(3);
        await until(() => seen >= 8);
        await after(30);
        expect(seen).toBe(8);
        subscription.unsubscribe();
      });

      it.runIf(wire.backpressure !== false)('stops a server that sends as fast as it can', async () => {
        const { server, model } = await serve({ ...headers, body: endless() });
        const valve = createValve({ high: 16, low: 8 });
        let seen = 0;
        const subscription = model('Hi', { valve }).subscribe(() => {
          seen += 1;
          valve.add(1);
        });
        // One token a millisecond.
        const taking = setInterval(() => valve.remove(1), 1);
        await until(() => seen >= 200);
        clearInterval(taking);
        const request = server.requests[0]!;
        let before = -1;
        for (const end = performance.now() + 5000; before !== request.written && performance.now() < end;) {
          before = request.written;
          await after(100);
        }
        expect(request.written, 'the server is still sending').toBe(before);
        // What a loopback connection holds by itself is some megabytes; a reader without brakes takes hundreds.
        expect(request.written).toBeLessThan(24 * 1024 * 1024);
        subscription.unsubscribe();
      });
    });

    describe('requests', () => {
      it('carry the model, the conversation, and system messages wherever they stand', async () => {
        const { server, model } = await serve(stream(wire.text('Hello'), wire.finish('stop')));
        await collect(
          model(
            [
              { role: 'system', content: 'Be kind.' },
              { role: 'user', content: 'Hi' },
              { role: 'assistant', content: 'Hello!' },
              { role: 'user', content: 'How are you?' },
            ],
            { system: 'Be brief.' },
          ),
        );
        const read = wire.readRequest(server.requests[0]!);
        expect(read.model).toBe('model-1');
        const spoken = read.messages.filter(({ role }) => role !== 'system');
        expect(spoken).toEqual([
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Hello!' },
          { role: 'user', content: 'How are you?' },
        ]);
        const system = read.messages.filter(({ role }) => role === 'system').map(({ content }) => content);
        expect(system.join('\n')).toMatch(/Be brief\.\s+Be kind\./);
      });

      it('carry the options', async () => {
        const { server, model } = await serve(stream(wire.text('Hello'), wire.finish('stop')));
        const all = { temperature: 0.5, maxTokens: 99, topP: 0.9, stop: ['END'], seed: 7 };
        const left = Object.keys(wire.unsupported ?? {});
        const options = Object.fromEntries(Object.entries(all).filter(([name]) => !left.includes(name)));
        await collect(model('Hi', options));
        expect(wire.readRequest(server.requests[0]!)).toMatchObject(options);
        expect(wire.readRequest(server.requests[0]!)).not.toHaveProperty('tools');
        expect(wire.readRequest(server.requests[0]!)).not.toHaveProperty('schema');
      });

      it.runIf(wire.toolCalls)('carry tools and the turns that used them', async () => {
        const { server, model } = await serve(stream(wire.text('Sunny.'), wire.finish('stop')));
        const weather = {
          name: 'weather',
          description: 'By city.',
          parameters: z.object({ city: z.string() }),
        };
        const calls: ToolCall[] = [{ id: 'call-a', name: 'weather', arguments: { city: 'Köln' } }];
        await collect(
          model(
            [
              { role: 'user', content: 'Weather?' },
              toolCallTurn('', calls),
              toolResultTurn([{ id: 'call-a', name: 'weather', result: { sky: 'blue as ever' } }]),
            ],
            { tools: [weather] },
          ),
        );
        const request = server.requests[0]!;
        const { tools } = wire.readRequest(request);
        expect(tools).toMatchObject([
          { name: 'weather', parameters: { properties: { city: {} }, required: ['city'] } },
        ]);
        expect(request.text).toContain('Köln');
        expect(request.text).toContain('blue as ever');
      });

      it.runIf(wire.unsupported?.schema === undefined)(
        'carry a schema as native structured output',
        async () => {
          const { server, model } = await serve(stream(wire.text('{"answer":"4"}'), wire.finish('stop')));
          const schema = z.object({ answer: z.string() });
          expect((await collect(model('2 + 2?', { schema }))).values.join('')).toBe('{"answer":"4"}');
          await collect(
            model('2 + 2?', {
              schema: { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] },
            }),
          );
          for (const request of server.requests) {
            expect(wire.readRequest(request).schema).toMatchObject({
              properties: { answer: {} },
              required: ['answer'],
            });
          }
        },
      );

      it('are refused at call time when an option cannot be honoured', () => {
        const model = wire.create({ baseURL: 'http://127.0.0.1:9', apiKey: key });
        for (const [name, value] of Object.entries<unknown>({ ...wire.unsupported })) {
          expect(() => model('Hi', { [name]: value })).toThrow(TypeError);
          expect(() => model('Hi', { [name]: value })).toThrow(name);
        }
        const wrong: [string, unknown][] = [
          ['temperature', -1],
          ['temperature', NaN],
          ['maxTokens', 0],
          ['maxTokens', 1.5],
          ['topP', 1.1],
          ['topP', 0],
          ['stop', ''],
          ['seed', 0.5],
          ['firstTokenTimeout', 0],
          ['idleTimeout', -5],
          ['signal', {}],
          ['tools', 'weather'],
          ['reasoning', 'extreme'],
          ['frequency', 1],
        ];
        for (const [name, value] of wrong) {
          const calls = [model, model.events.bind(model), model.complete.bind(model)];
          for (const call of calls) {
            expect(() => call('Hi', { [name]: value }), `${name} ${String(value)}`).toThrow(TypeError);
            expect(() => call('Hi', { [name]: value })).toThrow(name);
          }
        }
        expect(() => model(7 as unknown as string)).toThrow(TypeError);
        expect(() => model([{ role: 'robot', content: 'Hi' }] as unknown as string)).toThrow(TypeError);
        // concatMap(model) would hand the index over as options.
        expect(() => model('Hi', 0 as unknown as object)).toThrow(TypeError);
      });
    });

    describe('complete', () => {
      it('makes one call and emits the whole text', async () => {
        const { server, model } = await serve(whole(said.join('')));
        expect(await collect(model.complete('Hi'))).toEqual({
          values: [said.join('')],
          error: undefined,
          completed: true,
        });
        expect(server.requests).toHaveLength(1);
      });

      it.each([
        ['The sky is scat', ' scattering light.', 'tering light.'],
        ['The sky is scat', 'scattering light.', 'tering light.'],
        ['The sky is ', ' blue.', 'blue.'],
        ['The sky is ', 'blue.', 'blue.'],
        ['The sky is', ' is blue.', ' blue.'],
        ['The', 'The sky is blue.', ' sky is blue.'],
        ['It costs $1', ' $100.', '00.'],
        ['One.\n\nTwo.\n', '\n\nThree.', '\nThree.'],
        ['', 'All of it.', 'All of it.'],
      ])('goes on after %j: %j is %j', async (begun, reply, rest) => {
        const { server, model } = await serve(whole(reply));
        expect((await collect(model.complete('Why?', { continueFrom: begun }))).values).toEqual([rest]);
        const { messages } = wire.readRequest(server.requests[0]!);
        const head = begun.trimEnd() === begun ? begun.replace(/\s*\S*$/, '') : begun.trimEnd();
        expect(messages[0]).toEqual({ role: 'user', content: 'Why?' });
        if (head !== '') expect(messages[1]).toEqual({ role: 'assistant', content: head });
        const last =
          begun !== '' && (wire.continuation === 'instruction' || head === '') ? 'user' : undefined;
        if (last !== undefined) expect(messages.at(-1)!.role).toBe(last);
        else if (head !== '') expect(messages.at(-1)!.role).toBe('assistant');
      });

      it('fails rather than making a word up', async () => {
        const { model } = await serve(whole(' the air.'));
        expect(await collect(model.complete('Why?', { continueFrom: 'It is scat' }))).toMatchObject({
          values: [],
          error: { name: 'ReplyDivergedError', partial: 'It is scat', retryable: false },
        });
      });
    });

    describe('secrets', () => {
      const leaks = (value: unknown): boolean => {
        const seen = new Set<unknown>();
        const look = (part: unknown): boolean => {
          if (typeof part === 'string') return part.includes(key);
          if (part === null || typeof part !== 'object' || seen.has(part)) return false;
          seen.add(part);
          return Reflect.ownKeys(part).some((name) => look(Reflect.get(part, name)));
        };
        const inspected = inspect(value, { depth: 20, showHidden: true });
        return inspected.includes(key) || look(value) || (value instanceof Error && look(value.cause));
      };

      it('no error holds the key, whatever the server echoes', async () => {
        const echo = `Incorrect API key provided: ${key}.`;
        const echoed = [
          refusal(401, { 'x-echo': key }, echo),
          refusal(429, { 'x-echo': `Bearer ${key}` }, echo),
          { status: 500, headers: { 'content-type': 'text/html' }, body: [`<p>${echo}</p>`] },
          stream(wire.text('Hello'), wire.malformed.replace(/(?=\n*$)/, ` ${key}`)),
          ...(wire.errorInside === undefined ? [] : [stream(wire.errorInside.bytes)]),
          { first: [reset] },
        ];
        for (const reply of echoed) {
          const { model } = await serve(reply);
          for (const source of [model('Hi'), model.complete('Hi')]) {
            const { error } = await collect<unknown>(source);
            expect(error).toBeInstanceOf(Error);
            expect(leaks(error), inspect(error, { depth: 20 })).toBe(false);
          }
        }
      });

      it('no inspected model holds it', async () => {
        const { model } = await serve(stream());
        expect(inspect(model, { depth: 20, showHidden: true })).not.toContain(key);
        expect(inspect(model('Hi'), { depth: 20, showHidden: true })).not.toContain(key);
        expect(model.provider).toBe(wire.name);
        expect(model.model).toBe('model-1');
      });

      it('no debug line holds it, and debug lines tell the request, the tokens and the time', async () => {
        const lines: string[] = [];
        const off = enableDebug('rx-aloud:*', (...line) => lines.push(JSON.stringify(line)));
        try {
          const { model } = await serve(
            stream(wire.text('Hello'), wire.text(' there'), wire.finish('stop', usage)),
            refusal(401, {}, `bad key ${key}`),
          );
          await collect(model(`My key is ${key}`, { temperature: 0.25 }));
          await collect(model('Hi'));
        } finally {
          off();
        }
        expect(lines.join('\n')).not.toContain(key);
        expect(lines[0]).toContain(`rx-aloud:${wire.name}`);
        expect(lines[0]).toMatch(/request.*model-1.*0\.25/);
        expect(lines.some((line) => /finish.*"events":2.*"ms":\d/.test(line))).toBe(true);
        expect(lines.at(-1)).toContain('AuthenticationError');
      });

      it.runIf(wire.unsupported?.tools === undefined)('names the tool whose parameters are none', () => {
        const model = wire.create({ baseURL: 'http://127.0.0.1:9', apiKey: key });
        const tools = [{ name: 'weather', parameters: undefined as never }];
        expect(() => model('Hi', { tools })).toThrow(/tools: the parameters of weather/);
      });

      it.runIf(wire.keyVariable !== undefined && wire.bringsOwnKey !== true)(
        'a missing key is an AuthenticationError that names the variable',
        async () => {
          const variable = wire.keyVariable!;
          vi.stubEnv(variable, undefined);
          try {
            const models = [{}, { apiKey: '' }].map((empty) =>
              wire.create({ baseURL: 'http://127.0.0.1:9', ...empty }),
            );
            for (const source of models.flatMap((model) => [model('Hi'), model.complete('Hi')])) {
              const { error } = await collect<unknown>(source);
              expect(error).toMatchObject({
                name: 'AuthenticationError',
                retryable: false,
                provider: wire.name,
              });
              expect((error as Error).message).toContain(variable);
            }
            const { server } = await serve(stream(wire.text('Hello'), wire.finish('stop')));
            vi.stubEnv(variable, key);
            expect((await collect(wire.create({ baseURL: server.url })('Hi'))).values).toEqual(['Hello']);
            expect(JSON.stringify([server.requests[0]!.headers, server.requests[0]!.path])).toContain(key);
          } finally {
            vi.unstubAllEnvs();
          }
        },
      );
    });
  });
}
