import {
  catchError,
  connect,
  defer,
  EMPTY,
  endWith,
  identity,
  ignoreElements,
  map,
  merge,
  mergeMap,
  startWith,
  switchMap,
  takeUntil,
  tap,
  throwError,
  timeout,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs';
import type { AudioFormat } from './audioFormat.js';
import { debug } from './debug.js';
import { SpeechError, StalledReplyError } from './errors.js';
import { longestTimer } from './longestTimer.js';
import { pausableTimer } from './pausableTimer.js';
import { providerFailure } from './providerFailure.js';
import { rejectOnAbort } from './rejectOnAbort.js';
import { redactor } from './secrets.js';
import { shown } from './shown.js';
import type { Valve } from './valve.js';
import type { SpeakOptions, Voice, VoiceEvent } from './voice.js';

/** Timeouts of a voice at the other end of a network. */
export interface VoiceTimeouts {
  /** Milliseconds from the request to the first event, over 0; then `StalledReplyError`. `Infinity` turns it off. */
  readonly firstAudioTimeout?: number | undefined;
  /** Milliseconds between two events and to the end, over 0; then `StalledReplyError`. `Infinity` turns it off. */
  readonly idleTimeout?: number | undefined;
}

/** What a provider has to say about its voice; the rest is the same for all. */
export interface VoiceDefinition extends VoiceTimeouts {
  /** The provider's name, such as `xtts`. */
  readonly provider: string;
  /** The format of its audio; `null` where it plays by itself. */
  readonly format: AudioFormat | null;
  /** How many utterances it can synthesize at once. Default: any number. */
  readonly maxConcurrency?: number | undefined;
  /** The least and the greatest speaking rate it can do. */
  readonly rates: readonly [least: number, greatest: number];
  /** Aborts every synthesis of this voice. */
  readonly signal?: AbortSignal | undefined;
  /** While it is closed both timeouts stand still; to emit nothing meanwhile is `synthesize`'s part. */
  readonly valve?: Valve | undefined;
  /** What no error may hold. Asked when an error has come. */
  readonly secrets?: (() => Iterable<string | undefined>) | undefined;
  /** Refuses, with a `TypeError`, what it cannot honour. */
  readonly check?: ((options: SpeakOptions) => void) | undefined;
  /** One synthesis of a text with something to say. Called at subscribe time; unsubscribing must end it. */
  readonly synthesize: (text: string, options: SpeakOptions) => Observable<VoiceEvent>;
}

/**
 * Makes a voice that keeps the promises of every voice: cold; a text without letter or digit completes without a
 * request; the rate is checked at the call; an aborted signal sends nothing and ends with its reason; a silent
 * service fails in time; errors are typed and hold no secret; audio that never comes is an error too.
 *
 * ```ts
 * const hum = defineVoice({
 *   provider: 'hum',
 *   format: { encoding: 'pcm_s16le', sampleRate: 16000, channels: 1 },
 *   rates: [1, 1],
 *   synthesize: (text) => of({ type: 'audio', data: new Uint8Array(320 * text.length) }),
 * });
 * ```
 *
 * @throws TypeError when a timeout is out of its range.
 */
export function defineVoice(definition: VoiceDefinition): Voice {
  const { provider, format, maxConcurrency, rates, signal } = definition;
  const stalled = failOnSilence(definition);
  const log = debug(`rx-aloud:${provider}`);

  const voice = (text: string, options: SpeakOptions = {}): Observable<VoiceEvent> => {
    checkRate(provider, options.rate, rates);
    definition.check?.(options);
    const signals = [options.signal, signal].filter((given) => given !== undefined);
    const speech = defer(() => {
      if (!/[\p{L}\p{N}]/u.test(text)) return EMPTY;
      log('speak', { characters: text.length });
      let heard = format === null;
      return defer(() => definition.synthesize(text, options)).pipe(
        stalled,
        tap({
          next: ({ type }) => (heard ||= type === 'audio'),
          complete: () => {
            if (heard) return;
            throw new SpeechError(`${provider}: no audio came`, { utterance: text, provider });
          },
        }),
        catchError((error: unknown) => {
          const { clean } = redactor(definition.secrets?.() ?? []);
          const failure = clean(providerFailure(provider, clean(error)));
          log('failed', { error: failure.name });
          return throwError(() => failure);
        }),
      );
    });
    return speech.pipe(takeUntil(merge(...signals.map(rejectOnAbort))));
  };
  return Object.assign(voice, { provider, format }, maxConcurrency === undefined ? {} : { maxConcurrency });
}

function failOnSilence({
  provider,
  firstAudioTimeout = Infinity,
  idleTimeout = Infinity,
  valve,
}: VoiceDefinition): MonoTypeOperatorFunction<VoiceEvent> {
  for (const [name, value] of Object.entries({ firstAudioTimeout, idleTimeout })) {
    if (!(value > 0))
      throw new TypeError(`${provider}: ${name} must be milliseconds over 0, got ${shown(value)}`);
  }
  const late = (seen: number) => {
    const what = seen === 0 ? `no audio within ${firstAudioTimeout}` : `nothing more within ${idleTimeout}`;
    return throwError(() => new StalledReplyError(`${provider}: ${what} ms`, { provider }));
  };
  if (valve) {
    const firstIsLate = pausableTimer(firstAudioTimeout, valve).pipe(mergeMap(() => late(0)));
    const nextIsLate = pausableTimer(idleTimeout, valve).pipe(mergeMap(() => late(1)));
    return connect((events) => {
      const silence = events.pipe(
        map(() => nextIsLate),
        startWith(firstIsLate),
        switchMap(identity),
        takeUntil(events.pipe(ignoreElements(), endWith(true))),
      );
      return merge(silence, events);
    });
  }
  const first = firstAudioTimeout > longestTimer ? {} : { first: firstAudioTimeout };
  const each = idleTimeout > longestTimer ? {} : { each: idleTimeout };
  if (!('first' in first) && !('each' in each)) return (source) => source;
  return timeout({ ...first, ...each, with: ({ seen }) => late(seen) });
}

function checkRate(
  provider: string,
  rate: number | undefined,
  [least, greatest]: VoiceDefinition['rates'],
): void {
  if (rate === undefined || (rate >= least && rate <= greatest)) return;
  throw new TypeError(`${provider}: rate must be from ${least} to ${greatest}, got ${shown(rate)}`);
}
