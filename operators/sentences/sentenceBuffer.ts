import { asyncScheduler, Observable, type MonoTypeOperatorFunction } from 'rxjs';
import type { BufferSentencesConfig } from '../bufferSentences.js';
import { untilUnsubscribed } from '../../src/untilUnsubscribed.js';
import { Arrivals } from './arrivals.js';
import { Chunker } from './chunker.js';
import { createClock } from './clock.js';
import type { LanguageOf } from './language.js';
import { checkedLocale } from './locale.js';

/** A full stop takes longer to be trusted than a `!`, but never longer than this. */
const longestQuiet = 400;

/** The operator behind `bufferSentences`, with the languages that it is to know. */
export function sentenceBuffer(
  config: BufferSentencesConfig,
  languageOf: LanguageOf,
): MonoTypeOperatorFunction<string> {
  const { limits, maxBufferTime, quietTime, language, valve, scheduler } = checked(config, languageOf);

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

      const enter = (work: () => void) => {
        if (busy) {
          inbox.push(work);
          return;
        }
        busy = true;
        work();
        catchUp();
      };
      const catchUp = () => {
        while (inbox.length > 0 && !subscriber.closed) inbox.shift()?.();
        busy = false;
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
      const dueAt = () => (chunker.waiting ? Math.min(overdueAt(), quietDue()) : Infinity);
      const ring = () => {
        const now = clock.now();
        if (quietDue() <= now) {
          const chunk = chunker.quiet();
          if (chunk !== undefined) subscriber.next(chunk);
        }
        while (!subscriber.closed && overdueAt() <= now) {
          subscriber.next(chunker.overdue());
          if (chunker.halfWord) arrivals.renew(chunker.start, arrived, now, maxBufferTime);
        }
        clock.arm();
      };
      const clock = createClock(scheduler, valve, subscriber, dueAt, () => enter(ring));
      const take = (token: string) => {
        const now = clock.arrival();
        if (tokens > 0) gaps[(tokens - 1) & 7] = now - lastToken;
        tokens++;
        if (now !== lastToken || tokens === 1) arrivals.add(arrived, now);
        lastToken = now;
        arrived += token.length;
        let chunk = chunker.push(token);
        while (chunk !== undefined) {
          subscriber.next(chunk);
          if (subscriber.closed) return;
          chunk = chunker.next();
        }
        if (clock.setFor === Infinity || chunker.undecided) clock.arm();
      };
      const finish = (last: () => void) => {
        const rest = chunker.rest();
        if (rest !== '') subscriber.next(rest);
        last();
      };
      source.pipe(untilUnsubscribed(subscriber)).subscribe({
        next: (token) => {
          if (token === '') return;
          if (busy) {
            inbox.push(() => take(token));
            return;
          }
          busy = true;
          take(token);
          catchUp();
        },
        error: (error: unknown) => enter(() => finish(() => subscriber.error(error))),
        complete: () => enter(() => finish(() => subscriber.complete())),
      });
    });
}

function checked(config: BufferSentencesConfig, languageOf: LanguageOf) {
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
