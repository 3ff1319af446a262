import {
  concat,
  concatMap,
  defer,
  delay,
  firstValueFrom,
  from,
  lastValueFrom,
  map,
  NEVER,
  Observable,
  of,
  range,
  Subject,
  take,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { publishTo } from '../../operators/index.js';
import {
  AuthenticationError,
  createValve,
  MalformedReplyError,
  ProducerLostError,
  ProviderError,
  RateLimitError,
  RelayAbortedError,
  RelayedError,
  RelayEndedError,
  RelayFencedError,
  RelayGapError,
  RelayOwnedError,
  SpeechError,
  TruncatedReplyError,
  WorkflowError,
  type Relay,
  type RelayConfig,
  type RelayEntry,
  type RelayProducer,
  type SpeechEvent,
} from '../../src/index.js';
import { collect, collectFailure } from '../support/collect.js';
import { eventually } from '../support/eventually.js';

let ids = 0;
/** An id that nobody has used. */
export const freshId = () => `stream ${process.pid}-${Date.now()}-${ids++} {天空}`;

const values = <T>(source: Observable<RelayEntry<T>>) => collect(source.pipe(map(({ value }) => value)));

/** Waits until a stream that has ended has lost its entries. */
const gone = (relay: Relay, id: string) =>
  eventually(async () =>
    expect((await collectFailure(relay.replay(id))).error).toBeInstanceOf(RelayGapError),
  );

/** Becomes the producer, for as long as the test wants; what the stream's Observable says in the end. */
export async function produce<T>(relay: Relay, id: string, options: { readonly takeOver?: boolean } = {}) {
  let failed: (error: unknown) => void = () => undefined;
  let completed: () => void = () => undefined;
  const over = new Promise<unknown>((resolve) => {
    failed = resolve;
    completed = () => resolve('complete');
  });
  const opened = new Subject<RelayProducer<T>>();
  const producer = firstValueFrom(opened);
  const subscription = relay.open<T>(id, options).subscribe({
    next: (handle) => queueMicrotask(() => opened.next(handle)),
    error: (error: unknown) => {
      failed(error);
      opened.error(error instanceof Error ? error : new Error(String(error)));
    },
    complete: completed,
  });
  return { producer: await producer, over, subscription };
}

/** Values that come one a turn, so that listeners come in between. */
const slowly = <T>(...all: readonly T[]) => from(all).pipe(concatMap((value) => of(value).pipe(delay(2))));

/** What every relay must do. A `lease` that is short enough to wait for is given by the specs. */
export function relayConformance(name: string, make: (config?: RelayConfig) => Relay): void {
  describe(`${name} is a relay`, () => {
    it('tells everything, from the beginning and after a cursor, to whoever comes late', async () => {
      const relay = make();
      const id = freshId();
      expect(await collect(of('a', 'b', 'c').pipe(publishTo(relay, id)))).toEqual(['a', 'b', 'c']);
      const entries = await collect(relay.replay<string>(id));
      expect(entries.map(({ value }) => value)).toEqual(['a', 'b', 'c']);
      expect(new Set(entries.map(({ cursor }) => cursor)).size).toBe(3);
      expect(await values(relay.replay(id, { after: entries[0]!.cursor }))).toEqual(['b', 'c']);
      expect(await values(relay.replay(id, { after: entries[2]!.cursor }))).toEqual([]);
      expect(await values(relay.replay(id))).toEqual(['a', 'b', 'c']);
    });

    it('tells listeners who were there before the producer, and those who join at any point, all of it once', async () => {
      const relay = make();
      const id = freshId();
      const all = Array.from({ length: 60 }, (_, index) => `${index} `);
      const heard: Promise<string[]>[] = [values(relay.replay<string>(id)), values(relay.replay<string>(id))];
      await collect(
        slowly(...all).pipe(
          publishTo(relay, id),
          tap((value) => {
            if (Number(value) % 3 === 0) heard.push(values(relay.replay<string>(id)));
          }),
        ),
      );
      expect(heard).toHaveLength(22);
      for (const each of await Promise.all(heard)) expect(each).toEqual(all);
    });

    it('keeps streams apart, whatever they are called', async () => {
      const relay = make();
      const odd = [
        '{',
        '}',
        '{}',
        '{1}',
        '}{',
        'a:state',
        ':',
        '*',
        ' ',
        '\n',
        '\0',
        '天空 💡',
        '__proto__',
        '-1',
        '%7B',
      ];
      const ids = [...odd, 'x'.repeat(10_000)].map((name) => `${name}${freshId().replace(/[{}]/g, '')}`);
      const live = ids.map((id) => values(relay.replay<string>(id)));
      await Promise.all(ids.map((id) => collect(slowly(id, 'end').pipe(publishTo(relay, id)))));
      for (const [index, id] of ids.entries()) expect(await live[index]).toEqual([id, 'end']);
    });

    it('takes nothing that is published for words of its own', async () => {
      const relay = make();
      const id = freshId();
      const published: unknown[] = [
        ...[
          'end',
          'complete',
          'aborted',
          'cancel',
          'epoch',
          '',
          '0-0',
          '\r\n$-1\r\n',
          '\0',
          '{"v":1}',
          'after',
        ],
        { end: 'complete', v: 'x', a: [{ at: [], bytes: 3 }], b: 'abc', after: '1-1' },
        { type: 'end', end: { type: 'aborted' } },
        ['end', 'error', 'v', '{}'],
        JSON.parse('{"__proto__":{"a":1},"constructor":null,"toString":"x"}'),
        { at: [new Uint8Array([1]), { b: new Uint8Array(0) }], bytes: 1 },
        '\ud83d',
        '\ude00',
        { '\ud83d': '\ude00' },
        'x'.repeat(5_000_000),
        '💡'.repeat(300_000),
        new Uint8Array(5000).fill(7),
        null,
      ];
      const live = values(relay.replay<unknown>(id));
      await collect(from(published).pipe(publishTo(relay, id)));
      expect(await live).toEqual(published);
      expect(await values(relay.replay<unknown>(id))).toEqual(published);
    });

    it('tells a listener that comes back with its last cursor exactly the rest', async () => {
      const relay = make();
      const id = freshId();
      const all = Array.from({ length: 40 }, (_, index) => index);
      const done = collect(slowly(...all).pipe(publishTo(relay, id)));
      const heard: number[] = [];
      let after: string | undefined;
      for (let visits = 0; heard.length < all.length; visits++) {
        const entries = await collect(relay.replay<number>(id, { after }).pipe(take(1 + (visits % 7))));
        heard.push(...entries.map(({ value }) => value));
        after = entries.at(-1)?.cursor;
      }
      expect(heard).toEqual(all);
      await done;
    });

    it('keeps a burst in order, whatever its size', async () => {
      const relay = make();
      const id = freshId();
      const live = values(relay.replay<number>(id));
      await collect(range(0, 2500).pipe(publishTo(relay, id)));
      expect(await live).toEqual(Array.from({ length: 2500 }, (_, index) => index));
      expect(await values(relay.replay<number>(id))).toEqual(
        Array.from({ length: 2500 }, (_, index) => index),
      );
    });

    it('carries whatever JSON can, bytes as bytes, and errors', async () => {
      const relay = make();
      const id = freshId();
      const error = new SpeechError('no voice', { utterance: 'Hello.', provider: 'flite' });
      const format = { encoding: 'pcm_s16le', sampleRate: 16_000, channels: 1 } as const;
      const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      const events: SpeechEvent[] = [
        { type: 'utterance-start', index: 0, text: 'Line\nbreak 天空 💡 \u0000' },
        { type: 'audio', index: 0, data: everyByte, format },
        { type: 'audio', index: 0, data: new Uint8Array(0), format },
        { type: 'utterance-error', index: 0, text: 'Hello.', error },
      ];
      const sent = [
        ...events,
        everyByte,
        [everyByte, { deep: [everyByte.subarray(3, 9)] }],
        '',
        // Half a character, as a token may be.
        '\ud83d',
        0,
        null,
        undefined,
        false,
        { v: 'v', a: 'a', b: 'b', end: 'complete', $: { at: [] } },
      ];
      await collect(from(sent).pipe(publishTo(relay, id)));
      const heard = await values(relay.replay<unknown>(id));
      expect(heard).toEqual(sent);
      const [, audio, , failed] = heard as [unknown, { data: Uint8Array }, unknown, { error: unknown }];
      expect(audio.data).toBeInstanceOf(Uint8Array);
      expect(Object.getPrototypeOf(audio.data)).toBe(Uint8Array.prototype);
      expect(failed.error).toBeInstanceOf(SpeechError);
    });

    it.each([
      new AuthenticationError('no key', { provider: 'openai', status: 401 }),
      new RateLimitError('slow down', { provider: 'openai', retryAfter: 1500 }),
      new ProviderError('teapot', { provider: 'ollama', status: 418, retryable: true }),
      new TruncatedReplyError('cut', { provider: 'gemini', partial: 'The sky' }),
      new MalformedReplyError('odd', {
        provider: 'x',
        path: 'a.b',
        issues: [{ path: 'a.b', message: 'no' }],
      }),
      new SpeechError('mute', { utterance: 'Hi.', retryable: false, cause: new TypeError('inner') }),
      new WorkflowError('step', { path: 'steps[1]', retryable: true }),
      new RangeError('a built-in one'),
      new AggregateError([new Error('one'), new TypeError('two')], 'both'),
    ])('tells an error as one of its class: $name', async (error) => {
      const relay = make();
      const id = freshId();
      const live = collectFailure(relay.replay(id));
      const source = concat(
        of(1, 2),
        throwError(() => error),
      );
      const local = await collectFailure(source.pipe(publishTo(relay, id)));
      expect(local).toEqual({ values: [1, 2], error });
      expect(local.error).toBe(error);
      for (const heard of [await live, await collectFailure(relay.replay(id))]) {
        expect(heard.values).toHaveLength(2);
        expect(heard.error).toBeInstanceOf(error.constructor);
        expect(heard.error).toEqual(error);
        expect(Object.entries(heard.error as object)).toEqual(Object.entries(error));
      }
    });

    it('tells an error of a class it does not know by its name, and keeps what it says of trying again', async () => {
      const relay = make();
      class OwnError extends Error {
        override readonly name = 'OwnError';
        readonly retryable = false;
      }
      const id = freshId();
      await collectFailure(throwError(() => new OwnError('mine')).pipe(publishTo(relay, id)));
      const { error } = await collectFailure(relay.replay(id));
      expect(error).toBeInstanceOf(RelayedError);
      expect(error).toMatchObject({ name: 'OwnError', message: 'mine', retryable: false });
    });

    it('tells nobody a secret that an error holds', async () => {
      const relay = make({ secrets: ['hunter2hunter2'] });
      const id = freshId();
      const cause = Object.assign(new Error('GET https://me:pass-word-1@host/?api_key=abcdef123456 failed'), {
        headers: { authorization: 'Bearer very-secret-token' },
      });
      const error = new ProviderError('refused hunter2hunter2, sk-proj-1234567890', { provider: 'x', cause });
      await collectFailure(throwError(() => error).pipe(publishTo(relay, id)));
      const heard = await collectFailure(relay.replay(id));
      const told = JSON.stringify(
        [heard.error, (heard.error as Error).cause].map((each) => [
          each,
          String(each),
          (each as Error).message,
        ]),
      );
      expect(told).toContain('refused [redacted]');
      expect(told).not.toMatch(/hunter2|pass-word-1|abcdef123456|very-secret|sk-proj/);
    });

    it('is aborted for its listeners when the producer’s subscriber leaves', async () => {
      const relay = make();
      const id = freshId();
      const live = collectFailure(relay.replay(id));
      expect(await collect(range(0, 10).pipe(publishTo(relay, id), take(3)))).toEqual([0, 1, 2]);
      for (const heard of [await live, await collectFailure(relay.replay(id))]) {
        expect(heard.values.map((entry) => (entry as RelayEntry<number>).value)).toEqual([0, 1, 2]);
        expect(heard.error).toBeInstanceOf(RelayAbortedError);
        expect(heard.error).toMatchObject({ id, retryable: false });
      }
    });

    it('is cancelled from anywhere: the source is unsubscribed, listeners see it aborted', async () => {
      const relay = make();
      const id = freshId();
      let left = false;
      const source = new Observable<string>((out) => {
        out.next('a');
        return () => (left = true);
      });
      const local = collectFailure(source.pipe(publishTo(relay, id)));
      const live = collectFailure(relay.replay(id));
      await firstValueFrom(relay.replay(id));
      expect(await collect(relay.cancel(id))).toEqual([true]);
      expect((await local).error).toBeInstanceOf(RelayAbortedError);
      expect(left).toBe(true);
      expect((await live).error).toBeInstanceOf(RelayAbortedError);
      expect(await collect(relay.cancel(id))).toEqual([false]);
    });

    it('does nothing before a cancel is subscribed', async () => {
      const relay = make();
      const id = freshId();
      const cancel = relay.cancel(id);
      await collect(of(1).pipe(publishTo(relay, id)));
      expect(await values(relay.replay(id))).toEqual([1]);
      expect(await collect(cancel)).toEqual([false]);
    });

    it('cancels what has not begun: it will not', async () => {
      const relay = make();
      const id = freshId();
      const live = collectFailure(relay.replay(id));
      expect(await collect(relay.cancel(id))).toEqual([true]);
      expect((await live).error).toBeInstanceOf(RelayAbortedError);
      let asked = false;
      const { error } = await collectFailure(defer(() => of((asked = true))).pipe(publishTo(relay, id)));
      expect(error).toBeInstanceOf(RelayAbortedError);
      expect(asked).toBe(false);
    });

    it('has one producer at a time, and none after the end', async () => {
      const relay = make({ lease: 30_000 });
      const id = freshId();
      const first = await produce<string>(relay, id);
      const refused = await collectFailure(relay.open(id));
      expect(refused.error).toBeInstanceOf(RelayOwnedError);
      expect(refused.error).toMatchObject({ retryable: true });
      const { retryAfter } = refused.error as RelayOwnedError;
      expect(retryAfter).toBeGreaterThan(0);
      expect(retryAfter).toBeLessThanOrEqual(30_000);
      first.producer.end({ type: 'complete' });
      expect(await first.over).toBe('complete');
      const late = await collectFailure(relay.open(id));
      expect(late.error).toBeInstanceOf(RelayEndedError);
      expect(late.error).toMatchObject({ id, end: 'complete', retryable: false });
      expect(first.producer.append('too late')).toEqual(expect.any(String));
      expect(await values(relay.replay(id))).toEqual([]);
    });

    it('hands over to a successor without a seam, and refuses what the old producer writes after it', async () => {
      const relay = make();
      const id = freshId();
      const live = values(relay.replay<string>(id));
      const first = await produce<string>(relay, id);
      expect(first.producer).toMatchObject({ id, epoch: 1, cursor: '0' });
      first.producer.append('a');
      const cursor = first.producer.append('b');
      expect(await firstValueFrom(first.producer.flushed())).toBe(cursor);
      const second = await produce<string>(relay, id, { takeOver: true });
      expect(second.producer).toMatchObject({ epoch: 2, cursor });
      first.producer.append('never');
      expect(await values(second.producer.written())).toEqual(['a', 'b']);
      second.producer.append('c');
      const fenced = await first.over;
      expect(fenced).toBeInstanceOf(RelayFencedError);
      expect(fenced).toMatchObject({ id, epoch: 1, current: 2, retryable: false });
      second.producer.end({ type: 'complete' });
      expect(await second.over).toBe('complete');
      expect(await live).toEqual(['a', 'b', 'c']);
      expect(await values(relay.replay(id))).toEqual(['a', 'b', 'c']);
    });

    it('waits for a successor as long as a listener wants', async () => {
      const relay = make({ lease: 300 });
      const id = freshId();
      const first = await produce<string>(relay, id);
      first.producer.append('a');
      first.producer.release(0);
      await first.over;
      const patient = values(relay.replay<string>(id, { successorWithin: Infinity }));
      expect((await collectFailure(relay.replay(id))).error).toBeInstanceOf(ProducerLostError);
      expect((await collectFailure(relay.replay(id, { successorWithin: 20 }))).error).toBeInstanceOf(
        ProducerLostError,
      );
      const second = await produce<string>(relay, id);
      expect(second.producer.epoch).toBe(2);
      second.producer.append('b');
      second.producer.end({ type: 'complete' });
      expect(await patient).toEqual(['a', 'b']);
    });

    // These wait for times that a machine which stands still for a moment does not miss: together, not one after the other.
    it.concurrent('takes a producer for lost when its lease has run out', async () => {
      const relay = make({ lease: 3000 });
      const id = freshId();
      const { producer, over } = await produce<string>(relay, id);
      const live = collectFailure(relay.replay<string>(id));
      const cursor = producer.append('a');
      producer.release(50);
      expect(await over).toBe('complete');
      for (const heard of [await live, await collectFailure(relay.replay<string>(id))]) {
        expect(heard.values).toEqual([{ cursor, value: 'a' }]);
        expect(heard.error).toBeInstanceOf(ProducerLostError);
        expect(heard.error).toMatchObject({ id, cursor, retryable: true });
      }
    });

    it.concurrent(
      'neither takes a producer for lost that lives and says nothing, nor lets its entries go',
      async () => {
        const relay = make({ lease: 4000, ttl: 4000 });
        const id = freshId();
        const live = values(relay.replay<string>(id));
        const { producer, over } = await produce<string>(relay, id);
        producer.append('a');
        // When what was ended meanwhile has had its time, so has this, were it not for its producer.
        const ended = freshId();
        await collect(of('a').pipe(publishTo(relay, ended)));
        await gone(relay, ended);
        const late = values(relay.replay(id));
        producer.append('b');
        producer.end({ type: 'complete' });
        expect(await over).toBe('complete');
        expect(await live).toEqual(['a', 'b']);
        expect(await late).toEqual(['a', 'b']);
      },
    );

    it.concurrent('remembers a stream whose entries have had their time', async () => {
      const relay = make({ ttl: 3000, lease: 3000 });
      const id = freshId();
      await collect(of('a', 'b').pipe(publishTo(relay, id)));
      expect(await values(relay.replay(id))).toEqual(['a', 'b']);
      await gone(relay, id);
      expect((await collectFailure(relay.open(id))).error).toBeInstanceOf(RelayEndedError);
    });

    it('says so when what is asked for is no longer kept, or never was', async () => {
      const relay = make({ maxLength: 20 });
      const id = freshId();
      await collect(range(1, 500).pipe(publishTo(relay, id)));
      const trimmed = await collectFailure(relay.replay(id));
      expect(trimmed.values).toEqual([]);
      expect(trimmed.error).toBeInstanceOf(RelayGapError);
      expect(trimmed.error).toMatchObject({ id, after: '0', retryable: false });
      const { first } = trimmed.error as RelayGapError;
      expect(Number(first)).toBeGreaterThan(1);
      expect(await values(relay.replay<number>(id, { after: String(Number(first) - 1) }))).toEqual(
        Array.from({ length: 501 - Number(first) }, (_, index) => Number(first) + index),
      );
      expect(await values(relay.replay<number>(id, { after: '480' }))).toHaveLength(20);
      expect((await collectFailure(relay.replay(id, { after: '5' }))).error).toBeInstanceOf(RelayGapError);
      expect((await collectFailure(relay.replay(id, { after: '5000' }))).error).toBeInstanceOf(RelayGapError);
      expect((await collectFailure(relay.replay(freshId(), { after: '5' }))).error).toBeInstanceOf(
        RelayGapError,
      );
    });

    it('emits nothing to a listener whose valve is closed, and everything later', async () => {
      const relay = make();
      const id = freshId();
      const valve = createValve({ high: 10, low: 0 });
      const heard: number[] = [];
      const done = new Promise<void>((resolve) =>
        relay.replay<number>(id, { valve }).subscribe({
          next: ({ value }) => {
            heard.push(value);
            valve.add(1);
          },
          complete: resolve,
        }),
      );
      await collect(range(0, 1000).pipe(publishTo(relay, id)));
      expect(heard.length).toBeLessThanOrEqual(10);
      while (heard.length < 1000) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        const before = heard.length;
        if (before % 10 === 0) valve.remove(10);
        await new Promise((resolve) => setTimeout(resolve, 0));
        expect(heard.length - before).toBeLessThanOrEqual(10);
      }
      valve.remove(10);
      await done;
      expect(heard).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    });

    it('counts at the producer’s valve what is not safe yet, and gives it all back', async () => {
      const relay = make();
      const id = freshId();
      let outstanding = 0;
      let most = 0;
      const valve = {
        open$: NEVER,
        add: (amount: number) => (most = Math.max(most, (outstanding += amount))),
        remove: (amount: number) => (outstanding -= amount),
      };
      await collect(range(0, 300).pipe(publishTo(relay, id, { valve })));
      expect(most).toBeGreaterThan(0);
      expect(outstanding).toBe(0);
      const cut = freshId();
      await collect(range(0, 300).pipe(publishTo(relay, cut, { valve }), take(7)));
      await collectFailure(relay.replay(cut));
      await eventually(() => expect(outstanding).toBe(0));
    });

    it('tells each subscription by itself, also one that leaves inside a value', async () => {
      const relay = make();
      const id = freshId();
      await collect(range(0, 10).pipe(publishTo(relay, id)));
      const replay = relay.replay<number>(id);
      expect(await values(replay.pipe(take(3)))).toEqual([0, 1, 2]);
      expect(await values(replay)).toHaveLength(10);
      expect(
        await lastValueFrom(
          replay.pipe(
            concatMap(({ cursor }) => relay.replay<number>(id, { after: cursor }).pipe(toArray())),
            toArray(),
          ),
        ),
      ).toMatchObject(Array.from({ length: 10 }, (_, index) => ({ length: 9 - index })));
    });

    it('refuses what cannot be meant', () => {
      const relay = make();
      expect(() => relay.open('')).toThrow(/open: id/);
      expect(() => relay.replay('')).toThrow(/replay: id/);
      expect(() => relay.cancel('')).toThrow(/cancel: id/);
      expect(() => relay.replay('x', { after: 'first' })).toThrow(
        /replay: after must be a cursor, got 'first'/,
      );
      expect(() => relay.replay('x', { successorWithin: -1 })).toThrow(/successorWithin/);
      expect(() => relay.open('x', { maxPending: 0 })).toThrow(/maxPending/);
      expect(() => publishTo(relay, '')).toThrow(TypeError);
      // Half a character has no bytes of its own: such names could not be told apart.
      for (const half of ['\ud83d', 'a\ude00b']) {
        expect(() => relay.open(half)).toThrow(/open: id must be/);
        expect(() => relay.replay(half)).toThrow(/replay: id must be/);
        expect(() => relay.cancel(half)).toThrow(/cancel: id must be/);
      }
      expect(() => make({ maxLength: 1.5 })).toThrow(/maxLength/);
      expect(() => make({ lease: 0 })).toThrow(/lease/);
      expect(() => make({ lease: 1000, ttl: 10 })).toThrow(/ttl/);
    });
  });
}
