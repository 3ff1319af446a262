import { take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { traceVoice } from '../../../operators/opentelemetry/index.js';
import { scriptedVoice } from '../../../providers/scripted/index.js';
import { marbles } from '../../support/marbles.js';
import { telemetry } from '../../support/telemetry.js';

describe('traceVoice', () => {
  it('has a span for each subscription with its own length, ended when the listener leaves', () => {
    const { config, spans } = telemetry();
    const voice = traceVoice(scriptedVoice({ latency: 10, msPerWord: 100, realTimeFactor: 0.1 }), config);
    const speech = voice('One two three.');
    marbles(({ flush }) => {
      speech.subscribe();
      speech.subscribe();
      speech.pipe(take(1)).subscribe();
      flush();
    });
    const seen = spans().map(({ attributes }) => [
      attributes['rx_aloud.ended'],
      attributes['rx_aloud.audio.duration'],
      attributes['gen_ai.response.time_to_first_chunk'],
    ]);
    expect(seen.filter(([how]) => how === 'complete')).toEqual([
      ['complete', 0.3, expect.any(Number)],
      ['complete', 0.3, expect.any(Number)],
    ]);
    expect(seen.filter(([how]) => how === 'unsubscribe')).toHaveLength(1);
  });

  it('keeps what else the voice is', () => {
    const voice = traceVoice(Object.assign(scriptedVoice({ maxConcurrency: 3 }), { warm: () => 'warm' }));
    expect([voice.provider, voice.maxConcurrency, voice.format?.channels, voice.warm()]).toEqual([
      'scripted',
      3,
      1,
      'warm',
    ]);
  });
});
