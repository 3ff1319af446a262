import { asyncScheduler } from 'rxjs';
import { longestTimer } from '../../src/longestTimer.js';
import { checkedRetry } from '../../src/retryDelay.js';
import { shown } from '../../src/shown.js';
import type { Voice } from '../../src/voice.js';
import type { ToSpeechConfig } from '../toSpeech.js';

const inRange = (
  option: string,
  value: number | undefined,
  allowed: string,
  test: (value: number) => boolean,
): void => {
  if (value === undefined || (typeof value === 'number' && test(value))) return;
  throw new TypeError(`toSpeech: ${option} must be ${allowed}, got ${shown(value)}`);
};
const isValve = (value: unknown) => typeof value === 'object' && value !== null && 'open$' in value;
const isVoice = (value: unknown) => typeof value === 'function' && 'format' in value;

/**
 * The config with its defaults.
 *
 * @throws TypeError that names the option, its value and what is allowed.
 */
export function checkedConfig(voice: Voice, config: ToSpeechConfig) {
  const { concurrency = 2, startDelay = 0, mergeWaiting = 0, onError = 'error', fallback } = config;
  const { maxAhead, firstAudioTimeout, idleTimeout, playback, scheduler = asyncScheduler } = config;
  if (!isVoice(voice)) throw new TypeError(`toSpeech: voice must be a Voice, got ${typeof voice}`);
  if (fallback !== undefined && !isVoice(fallback)) {
    throw new TypeError(`toSpeech: fallback must be a Voice, got ${typeof fallback}`);
  }
  inRange(
    'concurrency',
    concurrency,
    'a whole number over 0, or Infinity',
    (value) => value > 0 && (Number.isInteger(value) || value === Infinity),
  );
  inRange('maxAhead', maxAhead, 'milliseconds from 0', (value) => value >= 0);
  inRange('startDelay', startDelay, 'milliseconds from 0', (value) => value >= 0 && value < Infinity);
  inRange('firstAudioTimeout', firstAudioTimeout, 'milliseconds over 0', (value) => value > 0);
  inRange('idleTimeout', idleTimeout, 'milliseconds over 0', (value) => value > 0);
  inRange('mergeWaiting', mergeWaiting, 'a number of characters from 0', (value) => value >= 0);
  // From JavaScript anything may come.
  if (!['error', 'skip'].includes(onError)) {
    throw new TypeError(`toSpeech: onError must be 'error' or 'skip', got ${onError as string}`);
  }
  if (config.prepare !== undefined && typeof config.prepare !== 'function') {
    throw new TypeError(`toSpeech: prepare must be a function, got ${typeof config.prepare}`);
  }
  for (const [name, valve] of Object.entries({ valve: config.valve, playback })) {
    if (valve !== undefined && !isValve(valve)) {
      throw new TypeError(`toSpeech: ${name} must be a valve, got ${shown(valve)}`);
    }
  }
  const retry = checkedRetry('toSpeech: retry', config.retry ?? 0);
  for (const each of fallback ? [voice, fallback] : [voice]) {
    const unknownLength = each.format !== null && each.format.encoding !== 'pcm_s16le';
    if (unknownLength && (maxAhead !== undefined || playback !== undefined || startDelay > 0)) {
      throw new TypeError(
        `toSpeech: maxAhead, playback and startDelay need audio whose length is known (pcm_s16le), ` +
          `and ${each.provider} gives ${each.format.encoding}`,
      );
    }
  }
  const finite = (value: number | undefined) => (value === Infinity ? undefined : value);
  const timed = (value = Infinity) => (value > longestTimer ? undefined : value);
  return {
    ...config,
    concurrency,
    startDelay,
    mergeWaiting,
    onError,
    retry,
    scheduler,
    maxAhead: finite(maxAhead),
    firstAudioTimeout: timed(firstAudioTimeout),
    idleTimeout: timed(idleTimeout),
  };
}
