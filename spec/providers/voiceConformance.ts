import { getEventListeners } from 'node:events';
import {
  catchError,
  EMPTY,
  firstValueFrom,
  lastValueFrom,
  Subject,
  take,
  takeUntil,
  tap,
  toArray,
  type Observable,
} from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, vi, type TestContext } from 'vitest';
import { bytesPerFrame, durationOf } from '../../src/audioFormat.js';
import { AloudError } from '../../src/errors.js';
import { createValve, type Valve } from '../../src/valve.js';
import type { Voice, VoiceEvent } from '../../src/voice.js';
import { within } from '../support/within.js';

/** A voice and what can be seen of it from the other end. */
export interface VoiceUnderTest {
  readonly voice: Voice;
  /** How many syntheses have been asked for so far, where the other end can tell. */
  readonly requests?: () => number;
  /** How many are running at this moment, where the other end can tell. */
  readonly running?: () => number;
  /** Whether it reports words. */
  readonly words: boolean;
  /** Whether its word times are taken from the clock, and so never twice the same. */
  readonly measured?: boolean;
  /** Whether its audio is real speech, which must then be heard and be of plausible length. */
  readonly speech: boolean;
  /** Secrets that no error may hold. */
  readonly secrets?: readonly string[];
  /** What must fail, and how. Each is subscribed once. */
  readonly faults?: readonly {
    readonly name: string;
    readonly speak: () => Observable<VoiceEvent>;
    readonly error: string;
    readonly retryable: boolean;
  }[];
  /** For a voice that takes a valve: an utterance of so many bytes, and how much of it the other end has written. */
  readonly valved?: {
    /** With an `idleTimeout` of 250 ms or less. */
    readonly speak: (valve: Valve) => Observable<VoiceEvent>;
    readonly written: () => number;
    readonly bytes: number;
  };
  close?(): unknown;
}

const sentence = 'The sky is blue because the air scatters blue light.';
const longText = `${sentence} Red light passes through, and in the evening it is what remains. `
  .repeat(4)
  .trim();

/** Skips a case that a voice cannot have, and prints why. */
function leaveOut(context: TestContext, reason: string): void {
  console.log(`not tested: ${reason}`);
  context.skip(reason);
}

type Audio = Extract<VoiceEvent, { type: 'audio' }>;
type Word = Extract<VoiceEvent, { type: 'word' }>;
const collect = (events: Observable<VoiceEvent>) =>
  firstValueFrom(events.pipe(toArray()), { defaultValue: [] });
const audioOf = (events: readonly VoiceEvent[]) =>
  events.filter((event): event is Audio => event.type === 'audio');
const wordsOf = (events: readonly VoiceEvent[]) =>
  events.filter((event): event is Word => event.type === 'word');
const bytesOf = (events: readonly VoiceEvent[]) =>
  audioOf(events).reduce((sum, { data }) => sum + data.length, 0);
const errorOf = async (events: Observable<VoiceEvent>): Promise<unknown> => {
  let caught: unknown = 'it did not fail';
  await lastValueFrom(
    events.pipe(
      catchError((error: unknown) => {
        caught = error;
        return EMPTY;
      }),
    ),
    { defaultValue: undefined },
  );
  return caught;
};
/** Compared as bytes: a deep comparison of so much audio takes seconds. */
const sameBytes = (events: readonly Audio[], bytes: readonly Uint8Array[]) =>
  events.length === bytes.length &&
  events.every(({ data }, index) => Buffer.compare(data, bytes[index]!) === 0);
/** Everything an error shows to whoever prints it: message, stack, causes and own properties. */
const shown = (error: unknown, seen = new Set<unknown>()): string => {
  if (typeof error !== 'object' || error === null || seen.has(error)) return String(error);
  seen.add(error);
  const { message, stack } = error as { message?: unknown; stack?: unknown };
  const own = Reflect.ownKeys(error).map(
    (key) => `${String(key)}: ${shown((error as Record<PropertyKey, unknown>)[key], seen)}`,
  );
  return [String(message), String(stack), ...own].join('\n');
};

/** What every voice promises, whoever makes it. `setup` is called once. */
export function describeVoice(name: string, setup: () => VoiceUnderTest | Promise<VoiceUnderTest>): void {
  describe(`${name} keeps the promises of a voice`, () => {
    let test: VoiceUnderTest;
    const comparable = (events: readonly VoiceEvent[]) =>
      wordsOf(events).map((word) => (test.measured ? word.text : word));
    const ended = () =>
      vi.waitFor(() => expect(test.running?.() ?? 0).toBe(0), { timeout: 5000, interval: 5 });

    beforeAll(async () => {
      test = await setup();
    });
    afterAll(async () => {
      await test.close?.();
    });

    it('says who it is and what its audio is', () => {
      expect(test.voice.provider).toMatch(/^[a-z][a-z0-9-]*$/);
      if (test.voice.format) {
        expect(test.voice.format.sampleRate).toBeGreaterThanOrEqual(8000);
        expect(test.voice.format.channels).toBeGreaterThanOrEqual(1);
      }
      expect(test.voice.maxConcurrency ?? 1).toBeGreaterThanOrEqual(1);
    });

    it('does nothing before it is subscribed', async () => {
      const before = test.requests?.();
      void test.voice(sentence);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(test.requests?.()).toBe(before);
    });

    it('speaks in whole sample frames that are never written to again', async () => {
      const kept: Uint8Array[] = [];
      const events = await collect(
        test.voice(longText).pipe(
          tap((event) => {
            if (event.type === 'audio') kept.push(event.data.slice());
          }),
        ),
      );
      const format = test.voice.format;
      if (!format) {
        expect(kept).toEqual([]);
        return;
      }
      expect(kept.length).toBeGreaterThan(0);
      expect(sameBytes(audioOf(events), kept)).toBe(true);
      for (const data of kept) expect(data.length).toBeGreaterThan(0);
      if (format.encoding === 'pcm_s16le') {
        for (const data of kept) expect(data.length % bytesPerFrame(format)).toBe(0);
      }
      const [firstEvent, ...others] = audioOf(events);
      firstEvent?.data.fill(0x55);
      expect(sameBytes(others, kept.slice(1))).toBe(true);
    });

    it('synthesizes afresh for every subscription', async () => {
      const before = test.requests?.() ?? 0;
      const spoken = test.voice(sentence);
      const first = await collect(spoken);
      const second = await collect(spoken);
      expect(second.length).toBeGreaterThan(0);
      expect(bytesOf(second)).toBe(bytesOf(first));
      expect(comparable(second)).toEqual(comparable(first));
      if (test.requests) expect(test.requests()).toBe(before + 2);
    });

    it('is heard, and takes as long as speech does', async () => {
      if (!test.speech || test.voice.format?.encoding !== 'pcm_s16le') return;
      const events = await collect(test.voice(sentence));
      const bytes = Buffer.concat(audioOf(events).map(({ data }) => data));
      const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
      const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
      expect(loudness).toBeGreaterThan(300);
      const secondsPerWord = durationOf(bytes.length, test.voice.format)! / 1000 / sentence.split(' ').length;
      expect(secondsPerWord).toBeGreaterThan(0.15);
      expect(secondsPerWord).toBeLessThan(0.8);
    });

    it('reports the words in their order, within the audio', async () => {
      const events = await collect(test.voice(longText));
      const words = wordsOf(events);
      if (!test.words) {
        expect(words).toEqual([]);
        return;
      }
      // Some leave the punctuation on.
      expect(words.map(({ text }) => text.replace(/\W+$/, '').toLowerCase())).toEqual(
        longText.toLowerCase().match(/[a-z]+/g),
      );
      let at = 0;
      for (const { offset, duration } of words) {
        expect(offset).toBeGreaterThanOrEqual(at);
        expect(duration).toBeGreaterThanOrEqual(0);
        at = offset;
      }
      const format = test.voice.format;
      const length = format ? durationOf(bytesOf(events), format) : undefined;
      const last = words.at(-1)!;
      if (length !== undefined) expect(last.offset + last.duration).toBeLessThanOrEqual(length + 1);
    });

    it('says nothing for a text with nothing to say, and asks nobody', async () => {
      const before = test.requests?.();
      for (const text of ['', ' \n\t', '…', '— ! ?', '🙂'])
        expect(await collect(test.voice(text))).toEqual([]);
      expect(test.requests?.()).toBe(before);
    });

    it('stops when it is unsubscribed, and the next utterance is whole', async () => {
      const whole = await collect(test.voice(sentence));
      let count = 0;
      const enough = new Subject<void>();
      await collect(
        test.voice(longText).pipe(
          tap(() => {
            count++;
            enough.next();
          }),
          takeUntil(enough),
        ),
      );
      await ended();
      expect(bytesOf(await collect(test.voice(sentence)))).toBe(bytesOf(whole));
      expect(count).toBe(1);
    });

    it('ends at the other end within 100 ms of an unsubscribe', async (context) => {
      const { running } = test;
      if (!running) {
        leaveOut(
          context,
          `${test.voice.provider}: how soon an unsubscribe is seen at the other end, for it has none`,
        );
        return;
      }
      await within(100, async () => {
        const left = await new Promise<number>((resolve) => {
          const subscription = test.voice(longText).subscribe(() => {
            subscription.unsubscribe();
            resolve(performance.now());
          });
        });
        await vi.waitFor(() => expect(running()).toBe(0), { timeout: 5000, interval: 1 });
        return performance.now() - left;
      });
    });

    it('stops when it is unsubscribed before its first event', async () => {
      for (const wait of [0, 1, 5, 20]) {
        let count = 0;
        const subscription = test.voice(longText).subscribe(() => count++);
        const seen = await new Promise<number>((resolve) =>
          setTimeout(() => {
            subscription.unsubscribe();
            resolve(count);
          }, wait),
        );
        await ended();
        expect(count).toBe(seen);
      }
    });

    it('ends with its consumer', async () => {
      const [event] = await collect(test.voice(longText).pipe(take(1)));
      expect(event).toBeDefined();
      await ended();
    });

    it('sends nothing under an aborted signal, and fails with its reason', async () => {
      const before = test.requests?.();
      const reason = new Error('never mind');
      expect(await errorOf(test.voice(sentence, { signal: AbortSignal.abort(reason) }))).toBe(reason);
      expect(await errorOf(test.voice(sentence, { signal: AbortSignal.abort('words') }))).toBe('words');
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(test.requests?.()).toBe(before);
    });

    it('ends with the reason of a signal that aborts meanwhile', async () => {
      const controller = new AbortController();
      const reason = { why: 'the listener spoke' };
      const events = test.voice(longText, { signal: controller.signal });
      expect(await errorOf(events.pipe(tap(() => controller.abort(reason))))).toBe(reason);
      await ended();
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    });

    it('leaves no listener on a signal that outlives it', async () => {
      const { signal } = new AbortController();
      await collect(test.voice(sentence, { signal }));
      const subscription = test.voice(sentence, { signal }).subscribe();
      subscription.unsubscribe();
      expect(getEventListeners(signal, 'abort')).toEqual([]);
      await ended();
    });

    it('speaks several utterances at once without mixing them', async () => {
      const texts = ['One.', 'The second is a little longer.', sentence, 'Four, five, six.', 'And the last.'];
      const alone: VoiceEvent[][] = [];
      for (const text of texts) alone.push(await collect(test.voice(text)));
      const together = await Promise.all(texts.map((text) => collect(test.voice(text))));
      expect(together.map(bytesOf)).toEqual(alone.map(bytesOf));
      expect(together.map(comparable)).toEqual(alone.map(comparable));
    });

    it('reads nothing from its socket while the valve is closed, and no clock runs', async (context) => {
      const { valved } = test;
      if (!valved) {
        leaveOut(context, `${test.voice.provider}: a valve, for it takes none`);
        return;
      }
      const valve = createValve({ high: 1, low: 0 });
      let bytes = 0;
      const over = new Promise<unknown>((resolve) => {
        valved.speak(valve).subscribe({
          next: (event) => {
            if (bytes === 0) valve.add(1);
            bytes += bytesOf([event]);
          },
          error: resolve,
          complete: () => resolve('complete'),
        });
      });
      // Until the buffers on the way are full: then the other end cannot write on. Longer than the timeout already.
      await vi.waitFor(
        async () => {
          const before = valved.written();
          await new Promise((resolve) => setTimeout(resolve, 400));
          expect(before).toBeGreaterThan(0);
          expect(valved.written()).toBe(before);
        },
        { timeout: 20_000, interval: 10 },
      );
      expect(valved.written()).toBeLessThan(valved.bytes / 2);
      const heard = bytes;
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(bytes).toBe(heard);
      valve.remove(1);
      expect(await over).toBe('complete');
      expect(bytes).toBe(valved.bytes);
    }, 40_000);

    it('refuses a rate that is none at the call', () => {
      for (const rate of [0, -1, NaN, Infinity]) {
        expect(() => test.voice(sentence, { rate })).toThrow(TypeError);
        expect(() => test.voice(sentence, { rate })).toThrow(/rate/);
      }
    });

    it('fails with typed errors that hold no secret, and goes on afterwards', async () => {
      for (const fault of test.faults ?? []) {
        const error = await errorOf(fault.speak());
        expect(error, fault.name).toBeInstanceOf(AloudError);
        expect((error as AloudError).name, fault.name).toBe(fault.error);
        expect((error as AloudError).retryable, fault.name).toBe(fault.retryable);
        for (const secret of test.secrets ?? []) expect(shown(error), fault.name).not.toContain(secret);
      }
      await ended();
      expect(await collect(test.voice(sentence).pipe(take(1)))).toHaveLength(1);
      await ended();
    });
  });
}
