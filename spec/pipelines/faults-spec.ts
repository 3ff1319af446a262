import fc from 'fast-check';
import { setTimeout as after } from 'node:timers/promises';
import { lastValueFrom, from as each, mergeMap, tap, toArray, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  bufferSentences,
  createModelHealth,
  fallbackChain,
  fallbackToComplete,
  retryBeforeFirstToken,
  toSpeech,
} from '../../operators/index.js';
import { flite } from '../../providers/flite/index.js';
import { scriptedVoice } from '../../providers/scripted/index.js';
import type { ChatModel, ChatOptions, SpeechEvent, Voice } from '../../src/index.js';
import type { ChatWire } from '../providers/chatConformance.js';
import { chatWires } from '../providers/chatWires.js';
import { recordedReply, type RecordedReply } from '../support/recordedReply.js';
import { within } from '../support/within.js';
import {
  drop,
  hang,
  reset,
  wireServer,
  type WireReply,
  type WireRequest,
  type WireServer,
} from '../support/wireServer.js';

const tokens = [
  ...['The', ' sky', ' is', ' blue', ' be', 'cause', ' air', ' scat', 'ters', ' light', '.'],
  ...[' Dr', '.', ' Ray', 'leigh', ' found', ' it', ' in', ' 18', '71', '.\n\n', 'Café', ' – 天空', '!'],
];
const reply = tokens.join('');
/** Every byte for every SDK takes more than a minute: unless told so, every one of the first and a sample of the others. */
const everyByte = process.env['RX_ALOUD_EVERY_BYTE'] !== undefined;

type Answer = (request: WireRequest, earlier: number) => WireReply;

/** A server of a protocol, a model of its SDK, and what happened between them. */
interface Stage {
  readonly wire: ChatWire;
  readonly model: ChatModel;
  readonly recorded: RecordedReply;
  /** What each run is answered. A run is known by its prompt. */
  readonly answers: Map<string, Answer>;
  readonly asked: Map<string, readonly WireRequest[]>;
  readonly server: WireServer;
}

describe('faults, through whole pipelines', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  /** What keeps a process busy, counted: sockets, timers and the channels of workers. */
  const held = () => {
    const all = process.getActiveResourcesInfo();
    const count = (kind: RegExp) => all.filter((name) => kind.test(name)).length;
    return { sockets: count(/^TCPSocket/), timers: count(/^Timeout$/), workers: count(/Worker|MessagePort/) };
  };
  const more = (now: ReturnType<typeof held>) =>
    now.sockets > before.sockets || now.timers > before.timers || now.workers > before.workers;
  const stages: Stage[] = [];
  let before = held();

  const open = async (wire: ChatWire): Promise<Stage> => {
    const answers = new Map<string, Answer>();
    const asked = new Map<string, readonly WireRequest[]>();
    const server = await wireServer((request) => {
      const run = wire.readRequest(request).messages[0]!.content;
      const earlier = asked.get(run) ?? [];
      asked.set(run, [...earlier, request]);
      return answers.get(run)!(request, earlier.length);
    });
    const model = wire.create({ baseURL: server.url, apiKey: 'sk-0123456789' });
    const stage = { wire, model, recorded: recordedReply(wire, tokens), answers, asked, server };
    stages.push(stage);
    return stage;
  };

  beforeEach(() => {
    process.on('unhandledRejection', note);
    before = held();
  });
  afterEach(async () => {
    await Promise.all(stages.splice(0).map(({ server }) => server.close()));
    for (let wait = 0; more(held()) && wait < 1000; wait++) await after(10);
    process.off('unhandledRejection', note);
    expect(more(held()), `${JSON.stringify(held())}, before ${JSON.stringify(before)}`).toBe(false);
    expect(unhandled.splice(0)).toEqual([]);
  });

  /** One run: what was spoken, what the voice was asked for, what the server was asked for. */
  const speak = async (
    { model, answers, asked }: Stage,
    run: string,
    answer: Answer,
    voice: Voice,
    options: ChatOptions = {},
  ) => {
    answers.set(run, answer);
    const patient = { count: 5, delay: 1, jitter: 0 };
    const events = await lastValueFrom(
      model(run, options).pipe(
        retryBeforeFirstToken<string>(patient),
        fallbackToComplete(
          (partial) =>
            model.complete(run, { continueFrom: partial }).pipe(retryBeforeFirstToken<string>(patient)),
          { expects: 'continuation' },
        ),
        bufferSentences({ minChunkLength: 5 }),
        toSpeech(voice, { concurrency: 3 }),
        toArray(),
      ),
      { defaultValue: [] as SpeechEvent[] },
    );
    const texts = (type: 'utterance-start' | 'utterance-end') =>
      events.flatMap((event) => (event.type === type ? [event.text] : []));
    expect(texts('utterance-start')).toEqual(texts('utterance-end'));
    return { spoken: texts('utterance-start').join(''), events, requests: asked.get(run)! };
  };
  const humming = () => {
    const log: string[] = [];
    const voice = scriptedVoice({
      latency: 0,
      realTimeFactor: 0,
      msPerWord: 20,
      onRequest: ({ text }) => log.push(text),
    });
    return { voice, log };
  };
  const words = (text: string) => text.split(/\s+/).filter(Boolean);
  /** Every word once, in order, and so was the voice asked. */
  const expectAllOnce = async (stage: Stage, run: string, answer: Answer, options?: ChatOptions) => {
    const { voice, log } = humming();
    const { spoken, requests } = await speak(stage, run, answer, voice, options);
    expect(spoken, run).toBe(reply);
    expect(words(log.join(' ')), run).toEqual(words(reply));
    return requests;
  };
  const atOnce = <T>(inputs: readonly T[], work: (input: T) => Promise<unknown>, concurrency = 8) =>
    lastValueFrom(each(inputs).pipe(mergeMap(work, concurrency)), { defaultValue: undefined });
  /** The fault first; then whatever is asked is answered whole: streamed again, or the rest. */
  const once =
    ({ recorded }: Stage, fault: WireReply): Answer =>
    (request, earlier) => {
      if (earlier === 0) return fault;
      return recorded.asksForStream(request) ? recorded.streamed : recorded.rest(request);
    };
  /** Bytes of the recording before the event that says it is whole, and those with it. */
  const marker = ({ wire, recorded }: Stage) => {
    const finish = Buffer.from(wire.finish('stop')).length;
    return { begins: recorded.bytes.length - finish, ends: recorded.bytes.length };
  };
  const offsetsOf = ({ wire, recorded }: Stage, step = 13) =>
    Array.from({ length: recorded.bytes.length }, (_, offset) => offset).filter(
      (offset) => everyByte || wire === chatWires[0] || offset % step === 0,
    );

  describe.each(chatWires)('$name', (wire) => {
    it('says every word once when the connection is reset after any byte', async () => {
      const stage = await open(wire);
      const { begins } = marker(stage);
      const offsets = offsetsOf(stage);
      let healthy = 0;
      let finished = 0;
      await atOnce(offsets, async (offset) => {
        const run = `reset after ${offset}`;
        const requests = await expectAllOnce(stage, run, once(stage, stage.recorded.cut(offset, reset)));
        if (requests[1] && !stage.recorded.asksForStream(requests[1])) finished++;
        // One that broke, and the one that healed it: streamed again where nothing had come, else for the rest.
        if (offset <= begins) expect(requests, run).toHaveLength(2);
        // Whether the end of the reply was read before the reset is up to the network.
        else if (requests.length === 1) healthy++;
        else expect(requests, run).toHaveLength(2);
      });
      expect(healthy).toBeLessThan(stage.recorded.bytes.length - begins);
      expect(finished).toBeGreaterThan(0);
      const { length } = stage.recorded.bytes;
      console.log(
        `${wire.name}: reset after ${offsets.length} of ${length} bytes, ${finished} times in the middle of the text`,
      );
    }, 240_000);

    it('says every word once when the stream ends cleanly, but too early', async () => {
      const stage = await open(wire);
      const { begins } = marker(stage);
      const offsets = offsetsOf(stage, 31).filter((offset) => everyByte || offset % 7 === 0);
      let whole = 0;
      await atOnce(offsets, async (offset) => {
        const run = `cut after ${offset}`;
        const requests = await expectAllOnce(stage, run, once(stage, stage.recorded.cut(offset)));
        if (requests.length === 1) whole++;
        // Nothing but what says that the reply is whole makes it so.
        if (offset <= begins) expect(requests, run).toHaveLength(2);
        else expect(requests.length, run).toBeLessThanOrEqual(2);
      });
      expect(whole).toBeLessThan(stage.recorded.bytes.length - begins);
    }, 240_000);

    it('asks three times, and only streaming, at 429, then 529, then success', async () => {
      const stage = await open(wire);
      const refusal = (status: number, headers = {}): WireReply => ({
        status,
        headers: { 'content-type': 'application/json', ...headers },
        body: [wire.refusal('not now', status)],
      });
      const script = [refusal(429, { 'retry-after': '0' }), refusal(529), stage.recorded.streamed];
      const requests = await expectAllOnce(stage, 'busy', (_request, earlier) => script[earlier]!);
      expect(requests.map((request) => stage.recorded.asksForStream(request))).toEqual([true, true, true]);
    });

    it.each([0, 1, 9, tokens.length])(
      'says every word once when an error comes inside a 200, after %d tokens',
      async (count) => {
        const stage = await open(wire);
        const bytes = [wire.begin ?? '', ...tokens.slice(0, count).map(wire.text), wire.errorInside!.bytes];
        const fault: WireReply = { ...stage.recorded.streamed, body: [bytes.join('')] };
        const requests = await expectAllOnce(stage, `error after ${count}`, once(stage, fault));
        expect(requests).toHaveLength(2);
        // What has been heard is not asked for again.
        expect(stage.recorded.asksForStream(requests[1]!)).toBe(count === 0);
      },
    );

    it('asks a second server when the first is late, and leaves the loser within 100 ms', async () => {
      const loser = async () => {
        const [late, prompt] = await Promise.all([open(wire), open(wire)]);
        late.answers.set('Why?', () => late.recorded.cut(0, hang));
        prompt.answers.set('Why?', () => prompt.recorded.streamed);
        let spoke: number | undefined;
        const said = await lastValueFrom(
          fallbackChain([late.model, prompt.model], 'Why?', {
            hedgeAfter: 20,
            health: createModelHealth(),
          }).pipe(
            tap(() => (spoke ??= performance.now())),
            toArray(),
          ),
        );
        expect(said.join('')).toBe(reply);
        const closed = await late.server.earlyClose(late.asked.get('Why?')![0]!);
        expect(closed).toBeDefined();
        expect([late.asked.get('Why?'), prompt.asked.get('Why?')].map((all) => all!.length)).toEqual([1, 1]);
        return closed! - spoke!;
      };
      await within(100, loser);
    });

    it('ends the request and the voice when the listener leaves while the fallback is being asked', async () => {
      const stage = await open(wire);
      const { model, asked, answers, recorded, server } = stage;
      const run = 'leaves';
      answers.set(run, (request) =>
        recorded.asksForStream(request) ? recorded.cut(recorded.bytes.length / 2, reset) : { body: [hang] },
      );
      const { voice } = humming();
      const speech: Observable<SpeechEvent> = model(run).pipe(
        fallbackToComplete((partial) => model.complete(run, { continueFrom: partial }), {
          expects: 'continuation',
        }),
        bufferSentences(),
        toSpeech(voice),
        tap(() => expect(left).toBe(false)),
      );
      let left = false;
      const subscription = speech.subscribe();
      while ((asked.get(run)?.length ?? 0) < 2) await after(5);
      left = true;
      subscription.unsubscribe();
      expect(await server.earlyClose(asked.get(run)![1]!)).toBeDefined();
      expect(asked.get(run)).toHaveLength(2);
    });
  });

  it('says every word once when the stream stalls, whatever the SDK', async () => {
    await Promise.all(
      chatWires.map(async (wire) => {
        const stage = await open(wire);
        const length = stage.recorded.bytes.length;
        const offsets = [0, 0.1, 0.3, 0.7].map((part) => Math.floor(part * length));
        await atOnce([...offsets, marker(stage).begins], async (offset) => {
          const run = `${wire.name} stalled after ${offset}`;
          const fault = stage.recorded.cut(offset, hang);
          // Long enough for a busy machine to answer the second request in.
          const limits = { firstTokenTimeout: 2500, idleTimeout: 2500 };
          expect(await expectAllOnce(stage, run, once(stage, fault), limits)).toHaveLength(2);
        });
      }),
    );
  }, 60_000);

  it('says every word once through 500 random schedules of faults, the SDKs in turn', async () => {
    const seed = Number(process.env['RX_ALOUD_SEED'] ?? Date.now() % 2 ** 31);
    console.log(`fault schedules from RX_ALOUD_SEED=${seed}`);
    const open$ = await Promise.all(chatWires.map(open));
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    const fault = fc.oneof(
      fc.constantFrom(408, 429, 500, 502, 503, 529).map((status) => ({ kind: 'refused' as const, status })),
      fc.constantFrom(reset, drop).map((act) => ({ kind: 'gone' as const, act })),
      fc
        .tuple(part, fc.constantFrom(reset, drop, undefined))
        .map(([at, act]) => ({ kind: 'cut' as const, at, act })),
      fc.nat({ max: tokens.length }).map((count) => ({ kind: 'malformed' as const, count })),
      fc.nat({ max: tokens.length }).map((count) => ({ kind: 'error' as const, count })),
    );
    const schedules = fc.sample(fc.array(fault, { maxLength: 4 }), { numRuns: 500, seed });
    let faults = 0;
    await atOnce([...schedules.entries()], async ([index, faulty]) => {
      const stage = open$[index % open$.length]!;
      const { wire, recorded } = stage;
      const answer = (one: (typeof faulty)[number]): WireReply => {
        if (one.kind === 'refused')
          return { status: one.status, body: [wire.refusal('not now', one.status)] };
        if (one.kind === 'gone') return { first: [one.act] };
        if (one.kind === 'cut') {
          // Within the marker it would be no fault.
          const offset = Math.floor(one.at * marker(stage).begins);
          return recorded.cut(offset, ...(one.act === undefined ? [] : [one.act]));
        }
        const broken = one.kind === 'malformed' ? wire.malformed : wire.errorInside!.bytes;
        const begun = (wire.begin ?? '') + tokens.slice(0, one.count).map(wire.text).join('');
        return { ...recorded.streamed, body: [begun + broken] };
      };
      const run = `schedule ${index} of ${seed}, ${wire.name}`;
      const requests = await expectAllOnce(stage, run, (request, earlier) => {
        const next = faulty[earlier];
        if (next === undefined) {
          return recorded.asksForStream(request) ? recorded.streamed : recorded.rest(request);
        }
        faults++;
        return answer(next);
      });
      // Each fault is answered by one more request, and nothing else is asked.
      expect(requests, run).toHaveLength(faulty.length + 1);
    });
    console.log(`${faults} faults`);
  }, 180_000);

  it('speaks with the embedded voice, wherever the stream breaks', async () => {
    const voice = flite({ idleTimeout: 50 });
    for (const [index, wire] of chatWires.entries()) {
      const stage = await open(wire);
      const offset = Math.floor((index / chatWires.length) * stage.recorded.bytes.length);
      const run = `${wire.name}, embedded after ${offset}`;
      const { spoken, events, requests } = await speak(
        stage,
        run,
        once(stage, stage.recorded.cut(offset, reset)),
        voice,
      );
      expect(spoken, run).toBe(reply);
      expect(requests, run).toHaveLength(2);
      const bytes = events.reduce((sum, event) => sum + (event.type === 'audio' ? event.data.length : 0), 0);
      // 13 words take some seconds at 32,000 bytes a second.
      expect(bytes).toBeGreaterThan(100_000);
    }
  }, 60_000);
});
