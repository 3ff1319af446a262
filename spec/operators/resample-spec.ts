import { from, of, Subject, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { resample } from '../../operators/resample.js';
import type { AudioFormat } from '../../src/audioFormat.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { bytesOf, ends, eventsOf, hum, says, starts } from '../support/speech.js';

const wide: AudioFormat = { encoding: 'pcm_s16le', sampleRate: 16_000, channels: 1 };
const word: SpeechEvent = { type: 'word', index: 0, text: 'Hi', offset: 0, duration: 2 };

describe('resample', () => {
  it('changes the rate of every utterance, keeps its duration and everything else', () => {
    const speech = [
      starts(0),
      word,
      says(0, hum(1600), wide),
      ends(0),
      starts(1),
      says(1, hum(801), wide),
      ends(1),
    ];
    const seen = eventsOf(from(speech).pipe(resample(24_000)));
    expect(seen.filter(({ type }) => type !== 'audio')).toEqual(
      speech.filter(({ type }) => type !== 'audio'),
    );
    expect(bytesOf(seen, 0).length / 2).toBe(2400);
    expect(bytesOf(seen, 1).length / 2).toBe(Math.ceil(801 * 1.5));
    expect(seen.every((event) => event.type !== 'audio' || event.format.sampleRate === 24_000)).toBe(true);
  });

  it('cannot be heard where audio events meet', () => {
    const data = hum(1600);
    const cuts = Array.from({ length: 16 }, (_, i) => says(0, data.subarray(i * 200, (i + 1) * 200), wide));
    const cut = bytesOf(eventsOf(from([...cuts, ends(0)]).pipe(resample(22_050))), 0);
    const whole = bytesOf(eventsOf(of(says(0, data, wide), ends(0)).pipe(resample(22_050))), 0);
    expect(cut.equals(whole)).toBe(true);
  });

  it('starts afresh with each utterance and each subscription', () => {
    const resampled = of(says(0, hum(500), wide), ends(0), says(1, hum(500), wide), ends(1)).pipe(
      resample(24_000),
    );
    const first = eventsOf(resampled);
    expect(bytesOf(first, 0).equals(bytesOf(first, 1))).toBe(true);
    expect(eventsOf(resampled)).toEqual(first);
  });

  it('keeps the channels that the speech begins with', () => {
    const seen = eventsOf(of(says(0, hum(1600), { ...wide, channels: 2 }), ends(0)).pipe(resample(24_000)));
    expect(bytesOf(seen, 0).length).toBe(1200 * 2 * 2);
    expect(seen[0]).toMatchObject({ format: { channels: 2, sampleRate: 24_000 } });
  });

  it('gives out what it holds before an utterance’s failure, and leaves the source when its consumer does', () => {
    const failed: SpeechEvent = { type: 'utterance-error', index: 0, text: '', error: 'lost' };
    const seen = eventsOf(of(says(0, hum(1600), wide), failed).pipe(resample(8000)));
    expect(bytesOf(seen, 0).length).toBe(800 * 2);
    expect(seen.at(-1)).toBe(failed);

    const source = new Subject<SpeechEvent>();
    source.pipe(resample(8000), take(1)).subscribe();
    source.next(says(0, hum(1600), wide));
    expect(source.observed).toBe(false);
  });

  it.each([0, 999, 16_000.5, NaN, Infinity, '16000'])('refuses a rate of %o', (rate) => {
    expect(() => resample(rate as number)).toThrow(/resample: rate must be/);
  });
});
