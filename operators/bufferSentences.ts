import {
  asyncScheduler,
  Observable,
  takeUntil,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import type { Valve } from '../src/valve.js';
import { Arrivals } from './sentences/arrivals.js';
import { Chunker } from './sentences/chunker.js';
import { createClock } from './sentences/clock.js';
import { languageOf } from './sentences/language.js';
import { checkedLocale } from './sentences/locale.js';

/** Options of {@link bufferSentences}. Lengths are UTF-16 units, times milliseconds. */
export interface BufferSentencesConfig {
  /** How many sentences a chunk has before it leaves. Default 2; an integer of 1 or more, or `Infinity`. */
  readonly sentenceBufferSize?: number;
  /** A chunk that leaves at a sentence end has at least this many characters, white space around it not counted. Default 20; an integer from 0 to `maxChunkLength`. */
  readonly minChunkLength?: number;
  /** No chunk has more characters than this, white space included. Default 2000; an integer of 1 or more, or `Infinity`. */
  readonly maxChunkLength?: number;
  /** No character waits longer than this, a lone half word no longer than twice. Default 3000 ms; over 0, `Infinity` for no limit. */
  readonly maxBufferTime?: number;
  /** Silence after a mark that proves a sure sentence end. Default 50 ms; 0 or more, `Infinity` for never. */
  readonly quietTime?: number;
  /** Whether the first chunk leaves after one sentence already, or (`'clause'`) after a clause. Default true. */
  readonly fastStart?: boolean | 'clause';
  /** BCP 47 tag that picks the abbreviations. By default the text's own script decides; Latin is read as English. */
  readonly locale?: string;
  /** While it is closed, `maxBufferTime` and `quietTime` stand still. */
  readonly valve?: Valve;
  /** Where time comes from. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/** A full stop takes longer to be trusted than a `!`, but never longer than this. */
const longestQuiet = 400;

/**
 * Joins streamed tokens to chunks of whole sentences, each as early as it can be told, without losing or changing a
 * character: what it emits, joined, is exactly what came in.
 *
 * A chunk leaves once it has `sentenceBufferSize` sentences and `minChunkLength` characters; the first one after a
 * single sentence (`fastStart`), so that speech starts soon. A sentence end is proved by what follows it, or by
 * `quietTime` without a token. Longer than `maxChunkLength`, or older than `maxBufferTime`, the text is cut at the
 * last sentence, else at a clause, else at a word. On complete and on error what is left goes out first.
 *
 * ```
 * source: --a--b-----c---|         a: 'Sure!'  b: ' I can help with that.'  c: ' Then'
 * bufferSentences()
 * result: -----------d---(e|)      d: 'Sure! I can help with that. '  e: 'Then'
 * ```
 *
 * ```ts
 * from(['Ask Dr.', ' Who. ', 'Hide', '!']).pipe(bufferSentences({ minChunkLength: 1 })).subscribe(console.log);
 * // 'Ask Dr. Who. '
 * // 'Hide!'
 * ```
 *
 * @throws TypeError when an option is out of its range.
 */
export function bufferSentences(config: BufferSentencesConfig = {}): MonoTypeOperatorFunction<string> {
  const { limits, maxBufferTime, quietTime, language, valve, scheduler } = checked(config);

  return (source) =>
    new Observable((subscriber) => {
      const chunker = new Chunker(language, limits);
      const arrivals = new Arrivals();
      const gaps = new Float64Array(8);
      let tokens = 0;
      let arrived = 0;
      let lastToken = 0;
      // What comes while a chunk is being emitted (the consumer may feed the source) waits for its turn.
      let busy = false;
      const inbox: (() => void)[] = [];

      const clock = createClock(scheduler, valve, subscriber, () => {
        if (busy) inbox.push(ring);
        else exclusively(ring);
      });

      const exclusively = (work: () => void) => {
        busy = true;
        try {
          work();
          for (let next = inbox.shift(); next && !subscriber.closed; next = inbox.shift()) next();
        } finally {
          busy = false;
        }
      };
      const quietDue = () => {
        const certainty = chunker.certainty;
        if (certainty === 0) return Infinity;
        if (certainty === 2) return lastToken + quietTime;
        let longest = 0;
        for (const gap of gaps) if (gap > longest) longest = gap;
        return lastToken + Math.max(quietTime, Math.min(longestQuiet, 1.5 * longest));
      };
      const overdueAt = () => (chunker.waiting ? arrivals.since(chunker.start) + maxBufferTime : Infinity);
      const arm = () => {
        if (chunker.waiting) clock.alarm(Math.min(overdueAt(), quietDue()));
      };
      const ring = () => {
        const now = clock.now();
        if (quietDue() <= now) {
          const chunk = chunker.quiet();
          if (chunk !== undefined) subscriber.next(chunk);
        }
        while (!subscriber.closed && overdueAt() <= now) {
          subscriber.next(chunker.overdue());
          if (chunker.halfWord) arrivals.renew(chunker.start, now);
        }
        arm();
      };
      const take = (token: string) => {
        const now = clock.now();
        if (tokens > 0) gaps[(tokens - 1) & 7] = now - lastToken;
        tokens++;
        lastToken = now;
        arrivals.add(arrived, now);
        arrived += token.length;
        chunker.push(token);
        for (let chunk = chunker.next(); chunk !== undefined; chunk = chunker.next()) {
          subscriber.next(chunk);
          if (subscriber.closed) return;
        }
        arm();
      };
      const finish = (last: () => void) => {
        const rest = chunker.rest();
        if (rest !== '') subscriber.next(rest);
        last();
      };
      const enter = (work: () => void) => {
        if (busy) inbox.push(work);
        else exclusively(work);
      };

      source
        // A synchronous source has to learn that its consumer is gone before its subscribe() returns.
        .pipe(takeUntil(new Observable<void>((gone) => subscriber.add(() => gone.next()))))
        .subscribe({
          next: (token) => {
            if (token === '') return;
            if (busy) {
              inbox.push(() => take(token));
              return;
            }
            busy = true;
            take(token);
            if (inbox.length > 0) exclusively(() => undefined);
            busy = false;
          },
          error: (error: unknown) => enter(() => finish(() => subscriber.error(error))),
          complete: () => enter(() => finish(() => subscriber.complete())),
        });
    });
}

function checked(config: BufferSentencesConfig) {
  const {
    sentenceBufferSize = 2,
    minChunkLength = 20,
    maxChunkLength = 2000,
    maxBufferTime = 3000,
    quietTime = 50,
    fastStart = true,
    locale,
    valve,
    scheduler = asyncScheduler,
  } = config;
  const refuse = (option: string, value: unknown, allowed: string) => {
    throw new TypeError(`bufferSentences: ${option} must be ${allowed}, got ${String(value)}`);
  };
  const countable = (value: number) => Number.isInteger(value) || value === Infinity;
  if (!(countable(sentenceBufferSize) && sentenceBufferSize >= 1))
    refuse('sentenceBufferSize', sentenceBufferSize, 'an integer of 1 or more, or Infinity');
  if (!(countable(maxChunkLength) && maxChunkLength >= 1))
    refuse('maxChunkLength', maxChunkLength, 'an integer of 1 or more, or Infinity');
  if (!(Number.isInteger(minChunkLength) && minChunkLength >= 0 && minChunkLength <= maxChunkLength))
    refuse('minChunkLength', minChunkLength, `an integer from 0 to maxChunkLength (${maxChunkLength})`);
  if (!(typeof maxBufferTime === 'number' && maxBufferTime > 0))
    refuse('maxBufferTime', maxBufferTime, 'a number of milliseconds over 0, or Infinity');
  if (!(typeof quietTime === 'number' && quietTime >= 0))
    refuse('quietTime', quietTime, 'a number of milliseconds of 0 or more, or Infinity');
  if (typeof fastStart !== 'boolean' && (fastStart as unknown) !== 'clause')
    refuse('fastStart', fastStart, "true, false or 'clause'");
  return {
    limits: { sentences: sentenceBufferSize, least: minChunkLength, most: maxChunkLength, fastStart },
    maxBufferTime,
    quietTime,
    language: languageOf(checkedLocale('bufferSentences', locale)),
    valve,
    scheduler,
  };
}
