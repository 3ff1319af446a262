import { concat, NEVER, of, throwError, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { defineVoice, type VoiceDefinition } from '../../src/defineVoice.js';
import type { VoiceEvent } from '../../src/voice.js';
import { StalledReplyError } from '../../src/errors.js';
import { marbles } from '../support/marbles.js';
import { valveOf } from '../support/valveOf.js';
import { collect, collectFailure } from '../support/collect.js';
import { describeVoice } from '../providers/voiceConformance.js';

const audio = (bytes: number): VoiceEvent => ({ type: 'audio', data: new Uint8Array(bytes) });
const make = (
  synthesize: VoiceDefinition['synthesize'],
  more: Partial<VoiceDefinition> = {},
): ReturnType<typeof defineVoice> =>
  defineVoice({
    provider: 'hum',
    format: { encoding: 'pcm_s16le', sampleRate: 16000, channels: 1 },
    rates: [0.5, 2],
    synthesize,
    ...more,
  });

describeVoice('defineVoice', () => {
  let requests = 0;
  return {
    voice: make((text) => {
      requests++;
      return of(audio(2 * text.length), audio(2));
    }),
    words: false,
    speech: false,
    requests: () => requests,
  };
});

describe('defineVoice', () => {
  const failing = (error: unknown): Observable<VoiceEvent> => throwError(() => error as Error);

  it('types what a provider throws, and cleans it of secrets', async () => {
    const secrets = { secrets: () => ['a-secret-key'] };
    const status = Object.assign(new Error('no a-secret-key'), { status: 401 });
    const refused = (await collectFailure(make(() => failing(status), secrets)('Hello'))).error as Error;
    expect(refused).toMatchObject({ name: 'AuthenticationError', retryable: false });
    expect([refused.message, refused.cause, refused.stack].join()).not.toContain('a-secret-key');
    const unreachable = make(() => failing(new TypeError('fetch failed')));
    expect((await collectFailure(unreachable('Hello'))).error).toMatchObject({ name: 'ConnectionError' });
    const throwing = make(() => {
      throw new SyntaxError('Unexpected token');
    });
    expect((await collectFailure(throwing('Hello'))).error).toMatchObject({ name: 'MalformedReplyError' });
  });

  it('takes no silence for speech', async () => {
    expect((await collectFailure(make(() => of())('Hello'))).error).toMatchObject({
      name: 'SpeechError',
      retryable: true,
      utterance: 'Hello',
    });
    expect(await collect(make(() => of(), { format: null })('Hello'))).toEqual([]);
  });

  it('waits as long as its valve is closed', () =>
    marbles(({ cold, expectObservable }) => {
      const states = cold('  t--f----------t-------f-----t', { t: true, f: false });
      const source = cold('  ---------------a------------------', { a: audio(2) });
      const expected = '     ---------------a---------------#';
      const valve = valveOf(states);
      const voice = make(() => source, { firstAudioTimeout: 5, idleTimeout: 10, valve });
      const late = new StalledReplyError('hum: nothing more within 10 ms', { provider: 'hum' });
      expectObservable(voice('Hello')).toBe(expected, { a: audio(2) }, late);
      const early = new StalledReplyError('hum: no audio within 5 ms', { provider: 'hum' });
      const silent = make(() => NEVER, { firstAudioTimeout: 5, valve: valveOf(states) });
      expectObservable(silent('Hello')).toBe('----------------#', {}, early);
      const whole = make(() => cold('--a--(a|)', { a: audio(2) }), {
        idleTimeout: 4,
        valve: valveOf(states),
      });
      expectObservable(whole('Hello')).toBe('--a--(a|)', { a: audio(2) });
    }));

  it('waits no longer than it was told', async () => {
    const first = make(() => NEVER, { firstAudioTimeout: 20 });
    expect((await collectFailure(first('Hello'))).error).toMatchObject({ name: 'StalledReplyError' });
    const later = make(() => concat(of(audio(2)), NEVER), { idleTimeout: 20 });
    const { values, error } = await collectFailure(later('Hello'));
    expect(values).toHaveLength(1);
    expect(error).toMatchObject({ name: 'StalledReplyError', retryable: true });
    // A timer cannot wait that long, and must not fire at once instead.
    const patient = make(() => of(audio(2)), { firstAudioTimeout: 2 ** 33, idleTimeout: Infinity });
    expect(await collect(patient('Hello'))).toHaveLength(1);
  });

  it('refuses what is out of range, by name', () => {
    expect(() => make(() => of(), { firstAudioTimeout: 0 })).toThrow(/hum: firstAudioTimeout.*0/);
    expect(() => make(() => of(), { idleTimeout: NaN })).toThrow(/idleTimeout.*NaN/);
    expect(() => make(() => of())('Hello', { rate: 3 })).toThrow(/rate must be from 0\.5 to 2, got 3/);
  });
});
