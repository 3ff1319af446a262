import {
  Observable,
  identity,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';
import { bufferSentences } from '../../operators/bufferSentences.js';
import { untilUnsubscribed } from '../../src/untilUnsubscribed.js';
import { bufferTime, sentenceConfig } from './inMilliseconds.js';
import type { StreamBuffer } from './schema.js';

/**
 * Cuts a stream of tokens as a step's `stream_buffer` says. What is forwarded, joined, is exactly what came in;
 * without a `stream_buffer`, and with `immediate`, the tokens pass as they are.
 *
 * ```
 * tokens       -a-b-c-d-e-f-g|
 * chunk_size 3 -----(abc)-(def)-(g|)
 * ```
 */
export function forwardTokens(
  buffer: StreamBuffer | undefined,
  scheduler: SchedulerLike,
): MonoTypeOperatorFunction<string> {
  const { forward_on: on = 'sentence' } = buffer ?? { forward_on: 'immediate' };
  const config = buffer ?? {};
  const wait = bufferTime(config);
  switch (on) {
    case 'immediate':
      return identity;
    case 'sentence':
      return bufferSentences({ ...sentenceConfig(config), scheduler });
    case 'time':
      return cutStream({ cutter: never, wait, atLeast: config.min_chunk_length ?? 0, scheduler });
    case 'chunk_size':
      return cutStream({ cutter: () => bySize(config.chunk_size ?? 100), wait, atLeast: 0, scheduler });
    case 'word_count':
      return cutStream({ cutter: () => byWords(config.word_count ?? 10), wait, atLeast: 0, scheduler });
  }
}

/** How much of what is held may leave; 0 while it has to wait. It is asked with more of the same text each time. */
type Cutter = (held: string) => number;

interface Cutting {
  /** Makes the cutter of a piece. */
  readonly cutter: () => Cutter;
  /** Milliseconds that text waits at most. */
  readonly wait: number;
  /** What the clock lets go is at least that long. */
  readonly atLeast: number;
  readonly scheduler: SchedulerLike;
}

function cutStream({ cutter, wait, atLeast, scheduler }: Cutting): MonoTypeOperatorFunction<string> {
  return (source) =>
    new Observable((subscriber) => {
      let held = '';
      let due = false;
      let cut = cutter();
      let clock: Subscription | undefined;
      const take = (length: number) => {
        const piece = held.slice(0, length);
        held = held.slice(length);
        due = false;
        cut = cutter();
        clock?.unsubscribe();
        clock = undefined;
        subscriber.next(piece);
      };
      const settle = () => {
        for (let length = cut(held); length > 0 && !subscriber.closed; length = cut(held)) take(length);
        if (due && held.length >= atLeast && held !== '') take(held.length);
        if (held === '' || clock || due) return;
        clock = scheduler.schedule(() => {
          clock = undefined;
          due = true;
          settle();
        }, wait);
      };
      const flush = () => {
        clock?.unsubscribe();
        if (held !== '') take(held.length);
      };
      subscriber.add(() => clock?.unsubscribe());
      subscriber.add(
        source.pipe(untilUnsubscribed(subscriber)).subscribe({
          next: (text) => {
            held += text;
            settle();
          },
          error: (error: unknown) => {
            flush();
            subscriber.error(error);
          },
          complete: () => {
            // also what unsubscribing looks like
            if (subscriber.closed) return;
            flush();
            subscriber.complete();
          },
        }),
      );
    });
}

const never = (): Cutter => () => 0;

/** That many characters, none cut in two. */
function bySize(size: number): Cutter {
  return (held) => {
    if (held.length < size) return 0;
    const code = held.charCodeAt(size - 1);
    const half = code >= 0xd800 && code <= 0xdbff;
    if (!half) return size;
    if (size > 1) return size - 1;
    return held.length > 1 ? 2 : 0;
  };
}

/** That many words with the space after them; a word is whole once another one follows. */
function byWords(count: number): Cutter {
  let at = 0;
  let words = 0;
  let inWord = false;
  return (held) => {
    for (; at < held.length; at++) {
      const space = /\s/.test(held.charAt(at));
      if (!space && !inWord && words === count) return at;
      if (!space && !inWord) words++;
      inWord = !space;
    }
    return 0;
  };
}
