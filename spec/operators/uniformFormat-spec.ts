import { from, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { uniformFormat } from '../../operators/uniformFormat.js';
import type { AudioFormat } from '../../src/audioFormat.js';
import { SpeechError } from '../../src/errors.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { bytesOf, ends, eventsOf, hum, kilohertz, samples, says, starts } from '../support/speech.js';

const wide: AudioFormat = { encoding: 'pcm_s16le', sampleRate: 16_000, channels: 1 };
const word: SpeechEvent = { type: 'word', index: 0, text: 'Hi', offset: 0, duration: 2 };

describe('uniformFormat', () => {
  it('lets audio of the first format through untouched, the very same events', () => {
    const speech = [starts(0), word, says(0, samples(3)), ends(0)];
    const seen = eventsOf(from(speech).pipe(uniformFormat()));
    expect(seen).toHaveLength(4);
    for (const [i, event] of speech.entries()) expect(seen[i]).toBe(event);
  });

  it('gives a later format the one of the first, each utterance whole before its end', () => {
    const speech = [
      starts(0),
      says(0, samples(3), wide),
      ends(0),
      starts(1),
      says(1, hum(2400, 24_000), { ...wide, sampleRate: 24_000 }),
      ends(1),
    ];
    const seen = eventsOf(from(speech).pipe(uniformFormat()));
    expect(
      new Set(seen.flatMap((event) => (event.type === 'audio' ? [event.format.sampleRate] : []))),
    ).toEqual(new Set([16_000]));
    expect(bytesOf(seen, 1).length).toBe(1600 * 2);
    expect(seen.at(-1)).toEqual(ends(1));
  });

  it('takes up a change in the middle of an utterance where it happens, nothing lost', () => {
    const other = { ...wide, sampleRate: 8000 };
    const speech = [
      says(0, hum(160), wide),
      says(0, hum(80), other),
      says(0, hum(160), wide),
      says(0, hum(80), other),
      ends(0),
    ];
    const seen = eventsOf(from(speech).pipe(uniformFormat()));
    expect(bytesOf(seen, 0).length).toBe(4 * 160 * 2);
    expect(bytesOf(seen, 0).subarray(640, 960).equals(hum(160))).toBe(true);
  });

  it('refuses what is not PCM', () => {
    let error: unknown;
    of(starts(0, 'Hi.'), says(0, samples(1), { ...kilohertz, encoding: 'opus' }))
      .pipe(uniformFormat())
      .subscribe({ error: (thrown: unknown) => (error = thrown) });
    expect(error).toBeInstanceOf(SpeechError);
    expect(error).toMatchObject({ utterance: 'Hi.', retryable: false });
  });

  it.each([{ sampleRate: 0 }, { sampleRate: 1.5 }, { channels: -1 }, { channels: NaN }])(
    'refuses %o',
    (format) => {
      expect(() => uniformFormat(format)).toThrow(/uniformFormat: .* must be a whole number over 0/);
    },
  );
});
