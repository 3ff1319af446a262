import { Observable } from 'rxjs';
import { defineVoice } from '../../src/defineVoice.js';
import { SpeechError, StalledReplyError } from '../../src/errors.js';
import { shown } from '../../src/shown.js';
import type { SpeakOptions, Voice, VoiceEvent } from '../../src/voice.js';
import { takeTurns } from './takeTurns.js';

const provider = 'web-speech';

/** The part of a window that speaks. */
export interface SpeechWindow {
  readonly speechSynthesis: SpeechSynthesis;
  readonly SpeechSynthesisUtterance: new (text: string) => SpeechSynthesisUtterance;
}

/** Which of a browser's voices, and how it is to speak. */
export interface WebSpeechConfig {
  /** Name or URI of one of `speechSynthesis.getVoices()`. Default: the browser's choice for the language. */
  readonly voice?: string | undefined;
  /** BCP 47 tag; a call's `language` wins. Default: the document's. */
  readonly language?: string | undefined;
  /** Speaking rate, from 0.1 to 10; a call's `rate` wins. Default: 1. */
  readonly rate?: number | undefined;
  /** From 0 to 2. Default: 1. */
  readonly pitch?: number | undefined;
  /** From 0 to 1. Default: 1. */
  readonly volume?: number | undefined;
  /** Milliseconds until the browser begins to speak, over 0; then `StalledReplyError`. Default: 5000. */
  readonly startTimeout?: number | undefined;
  /** The window that speaks. Default: this one. */
  readonly window?: SpeechWindow | undefined;
  /** Ends every utterance of this voice. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A browser's own voice: it plays by itself, so there is no audio and `format` is `null`; only words, where the
 * browser reports their boundaries (its remote voices mostly don't). A word's offset is the time it was reported,
 * its duration is reckoned: `estimated` is true.
 *
 * ```
 * utterance  ---w---w--w----|      completes when it has been said
 * ```
 *
 * ```ts
 * from(['Hello. ', 'How are you?']).pipe(toSpeech(webSpeech({ language: 'en' }))).subscribe(console.log);
 * ```
 *
 * A page has one queue and its `cancel` empties all of it. Utterances of this package therefore wait outside of it and are
 * handed over one at a time; unsubscribing one that speaks cancels it, and with it what other code has queued
 * meanwhile. Most browsers refuse to speak before the user has touched the page: `SpeechError`, not retryable.
 * Chrome's remote voices fall silent after some 15 s: keep utterances short (`bufferSentences` does).
 *
 * @throws TypeError for an option out of its range.
 */
export function webSpeech(config: WebSpeechConfig = {}): Voice {
  const { rate = 1, pitch = 1, volume = 1, startTimeout = 5000 } = config;
  requireRange('rate', rate, 0.1, 10);
  requireRange('pitch', pitch, 0, 2);
  requireRange('volume', volume, 0, 1);
  if (!(startTimeout > 0)) {
    throw new TypeError(`webSpeech: startTimeout must be milliseconds over 0, got ${shown(startTimeout)}`);
  }

  const speak = (
    text: string,
    options: SpeakOptions,
    { speechSynthesis, SpeechSynthesisUtterance }: SpeechWindow,
  ) =>
    new Observable<VoiceEvent>((subscriber) => {
      const utterance = new SpeechSynthesisUtterance(text);
      const language = options.language ?? config.language;
      const name = options.voice ?? config.voice;
      const voice = speechSynthesis.getVoices().find((one) => one.name === name || one.voiceURI === name);
      if (name !== undefined && !voice) {
        throw new SpeechError(`${provider}: the browser has no voice ${JSON.stringify(name)}`, {
          utterance: text,
          provider,
          retryable: false,
        });
      }
      if (voice) utterance.voice = voice;
      const tag = language ?? voice?.lang;
      if (tag !== undefined) utterance.lang = tag;
      utterance.rate = options.rate ?? rate;
      utterance.pitch = pitch;
      utterance.volume = volume;

      let began = performance.now();
      let over = false;
      const late = setTimeout(
        () =>
          subscriber.error(
            new StalledReplyError(`${provider}: not a word within ${startTimeout} ms`, { provider }),
          ),
        Math.min(startTimeout, 2 ** 31 - 1),
      );
      utterance.onstart = () => {
        clearTimeout(late);
        began = performance.now();
      };
      utterance.onboundary = ({ name: kind, charIndex, charLength }: SpeechSynthesisEvent) => {
        if (kind !== 'word') return;
        // Some browsers leave the length out.
        const part = charLength ? text.slice(charIndex, charIndex + charLength) : text.slice(charIndex);
        const word = /[\p{L}\p{N}](?:[^\s]*[\p{L}\p{N}])?/u.exec(part)?.[0];
        if (word === undefined) return;
        const msPerCharacter = 70;
        const duration = (word.length * msPerCharacter) / utterance.rate;
        subscriber.next({
          type: 'word',
          text: word,
          offset: performance.now() - began,
          duration,
          estimated: true,
        });
      };
      utterance.onend = () => {
        over = true;
        subscriber.complete();
      };
      utterance.onerror = ({ error }: SpeechSynthesisErrorEvent) => {
        over = true;
        subscriber.error(refusal(text, error));
      };
      subscriber.add(() => {
        clearTimeout(late);
        utterance.onstart = utterance.onboundary = utterance.onend = utterance.onerror = null;
        if (!over) speechSynthesis.cancel();
      });
      // Somebody may have left it paused: it would wait for ever.
      if (speechSynthesis.paused) speechSynthesis.resume();
      speechSynthesis.speak(utterance);
    });

  return defineVoice({
    provider,
    format: null,
    maxConcurrency: 1,
    rates: [0.1, 10],
    signal: config.signal,
    synthesize: (text, options) => {
      const window: Partial<SpeechWindow> = config.window ?? globalThis;
      const { speechSynthesis, SpeechSynthesisUtterance } = window;
      if (!speechSynthesis || !SpeechSynthesisUtterance) {
        const said = `${provider}: there is no speechSynthesis here: this voice needs a browser`;
        throw new SpeechError(said, { utterance: text, provider, retryable: false });
      }
      return queueOf(speechSynthesis)(
        voicesLoaded(speechSynthesis, speak(text, options, { speechSynthesis, SpeechSynthesisUtterance })),
      );
    },
  });
}

const queues = new WeakMap<SpeechSynthesis, ReturnType<typeof takeTurns>>();

/** One queue for all voices of a page. */
function queueOf(synthesis: SpeechSynthesis): ReturnType<typeof takeTurns> {
  const queue = queues.get(synthesis) ?? takeTurns();
  queues.set(synthesis, queue);
  return queue;
}

/** Browsers load their list of voices when they are first asked for it: waits for it, but not for long. */
function voicesLoaded<T>(synthesis: SpeechSynthesis, speech: Observable<T>): Observable<T> {
  if (synthesis.getVoices().length > 0) return speech;
  return new Observable((subscriber) => {
    const patience = 1000;
    const go = () => {
      forget();
      subscriber.add(speech.subscribe(subscriber));
    };
    const timer = setTimeout(go, patience);
    const forget = () => {
      clearTimeout(timer);
      synthesis.removeEventListener('voiceschanged', go);
    };
    synthesis.addEventListener('voiceschanged', go);
    return forget;
  });
}

/** What the browser's error means: whether another try can help. */
function refusal(utterance: string, error: string): SpeechError {
  const hint = error === 'not-allowed' ? ' (browsers speak only after the user has touched the page)' : '';
  const hopeless = [
    'not-allowed',
    'language-unavailable',
    'voice-unavailable',
    'text-too-long',
    'invalid-argument',
  ];
  return new SpeechError(`${provider}: ${error}${hint}`, {
    utterance,
    provider,
    retryable: !hopeless.includes(error),
  });
}

function requireRange(name: string, value: number, least: number, greatest: number): void {
  if (value >= least && value <= greatest) return;
  throw new TypeError(`webSpeech: ${name} must be from ${least} to ${greatest}, got ${shown(value)}`);
}
