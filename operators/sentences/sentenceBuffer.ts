import {
  asyncScheduler,
  Observable,
  Subscription,
  type MonoTypeOperatorFunction,
  type Observer,
  type Subscriber,
} from 'rxjs';
import { shown } from '../../src/shown.js';
import type { BufferSentencesConfig } from '../bufferSentences.js';
import { Arrivals } from './arrivals.js';
import { Chunker } from './chunker.js';
import { Clock } from './clock.js';
import type { LanguageOf } from './language.js';
import { checkedLocale } from './locale.js';

/** A full stop takes longer to be trusted than a `!`, but never longer than this. */
const longestQuiet = 400;

/** The operator behind `bufferSentences`, with the languages that it is to know. */
export function sentenceBuffer(
  config: BufferSentencesConfig,
  languageOf: LanguageOf,
): MonoTypeOperatorFunction<string> {
  const checkedConfig = checked(config, languageOf);

  return (source) =>
    new Observable((subscriber) => {
      const buffer = new SentenceBuffer(subscriber, checkedConfig);
      subscriber.add(buffer);
      buffer.add(source.subscribe(buffer));
    });
}

/**
 * One subscription: what it is told of goes out in chunks, with the text or with time. An observer that is a
 * subscription, too, is what RxJS takes for a subscriber: a source talks to it without anything between, which a
 * million tokens feel, and looks whether it is closed.
 */
class SentenceBuffer extends Subscription implements Observer<string> {
  readonly #subscriber: Subscriber<string>;
  readonly #maxBufferTime: number;
  readonly #quietTime: number;
  readonly #chunker: Chunker;
  readonly #clock: Clock;
  readonly #arrivals = new Arrivals();
  /** The last gaps between tokens that came at different moments. */
  readonly #gaps = new Float64Array(8);
  #moments = 0;
  #lastToken = -Infinity;
  /** What comes while a chunk is being emitted (the consumer may feed the source) waits for its turn. */
  readonly #inbox: (() => void)[] = [];
  #busy = false;

  constructor(subscriber: Subscriber<string>, config: ReturnType<typeof checked>) {
    super();
    this.#subscriber = subscriber;
    this.#maxBufferTime = config.maxBufferTime;
    this.#quietTime = config.quietTime;
    this.#chunker = new Chunker(config.language, config.limits);
    this.#clock = new Clock(config.scheduler, config.valve, subscriber, {
      dueAt: () => Math.min(this.#overdueAt(), this.#quietDue()),
      ring: () => this.#enter(() => this.#ring()),
    });
  }

  next(token: string): void {
    if (this.closed) return;
    if (typeof token !== 'string') {
      this.error(
        new TypeError(
          `bufferSentences: a token must be a string (pluckText makes them of events), got ${typeof token}`,
        ),
      );
      return;
    }
    // Running text in a burst changes nothing but how much is waiting, and there is an alarm for that.
    const burst = this.#clock.bursting();
    if (burst && this.#chunker.pass(token)) return;
    if (token.length === 0) return;
    if (this.#busy) {
      this.#later(token);
      return;
    }
    const chunk = burst ? this.#chunker.push(token) : this.#push(token);
    if (chunk === undefined) {
      this.#watch();
    } else {
      this.#busy = true;
      this.#emit(chunk);
      this.#catchUp();
    }
  }

  // Not inside `next`, which would make room for what this function remembers at every token.
  #later(token: string) {
    this.#inbox.push(() => this.#emit(this.#push(token)));
  }

  error(error: unknown): void {
    if (this.closed) return;
    this.#enter(() => {
      this.#flush();
      this.#subscriber.error(error);
    });
    this.unsubscribe();
  }

  complete(): void {
    if (this.closed) return;
    this.#enter(() => {
      this.#flush();
      this.#subscriber.complete();
    });
    this.unsubscribe();
  }

  /** Does what emits, unless that is going on. */
  #enter(work: () => void) {
    if (this.#busy) {
      this.#inbox.push(work);
      return;
    }
    this.#busy = true;
    work();
    this.#catchUp();
  }

  #catchUp() {
    while (this.#inbox.length > 0 && !this.#subscriber.closed) this.#inbox.shift()?.();
    this.#busy = false;
  }

  /** Notes a token; gives the first chunk that leaves because of it. */
  #push(token: string): string | undefined {
    if (!this.#clock.bursting()) this.#arrived(this.#clock.arrival());
    return this.#chunker.pass(token) ? undefined : this.#chunker.push(token);
  }

  /** Emits a chunk and those that leave right after it. */
  #emit(first: string | undefined) {
    for (let chunk = first; chunk !== undefined;) {
      this.#subscriber.next(chunk);
      if (this.#subscriber.closed) return;
      chunk = this.#chunker.next();
    }
    this.#watch();
  }

  /** Sees to it that an alarm is set for what is waiting. */
  #watch() {
    const clock = this.#clock;
    // A quiet end is due when `quietTime` has passed, or later: an alarm for that long will do.
    const late = this.#chunker.undecided ? this.#lastToken + this.#quietTime : Infinity;
    if (clock.setFor > late || clock.setFor === Infinity) clock.arm();
  }

  /** Notes when a token has come, and how long after the one before it. */
  #arrived(now: number) {
    const gap = now - this.#lastToken;
    if (gap === 0) return;
    this.#gaps[this.#moments++ & 7] = gap;
    this.#arrivals.add(this.#chunker.end, now);
    this.#lastToken = now;
  }

  #flush() {
    const rest = this.#chunker.rest();
    if (rest !== '') this.#subscriber.next(rest);
  }

  #overdueAt(): number {
    const { waiting, start } = this.#chunker;
    return waiting ? this.#arrivals.since(start) + this.#maxBufferTime : Infinity;
  }

  #quietDue(): number {
    const { waiting, certainty } = this.#chunker;
    if (!waiting || certainty === 0) return Infinity;
    if (certainty === 2) return this.#lastToken + this.#quietTime;
    let longest = 0;
    for (const gap of this.#gaps) if (gap > longest && gap < Infinity) longest = gap;
    return this.#lastToken + Math.max(this.#quietTime, Math.min(longestQuiet, 1.5 * longest));
  }

  #ring() {
    const { end } = this.#chunker;
    const now = this.#clock.now();
    if (this.#quietDue() <= now) {
      const chunk = this.#chunker.quiet();
      if (chunk !== undefined) this.#subscriber.next(chunk);
    }
    while (!this.#subscriber.closed && this.#overdueAt() <= now) {
      this.#subscriber.next(this.#chunker.overdue());
      if (this.#chunker.halfWord) this.#arrivals.renew(this.#chunker.start, end, now, this.#maxBufferTime);
    }
    this.#clock.arm();
  }
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
    throw new TypeError(`bufferSentences: ${option} must be ${allowed}, got ${shown(value)}`);
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
