import { durationOf } from '../../src/audioFormat.js';
import type { Voice } from '../../src/voice.js';
import { observedAs } from './observedAs.js';
import { checkTraceConfig, type TraceConfig } from './traceConfig.js';

/**
 * The same voice, with an OpenTelemetry span and figures for each utterance.
 *
 * The conventions for generative AI have no name for speech yet: the operation is `text_to_speech`, with
 * `gen_ai.output.type: 'speech'`; the rest is as for a model (see `traceModel`), the first chunk being the first audio.
 * The span has the length of the text, `rx_aloud.text.length` (UTF-16 units), and of PCM audio,
 * `rx_aloud.audio.duration` (seconds); the text itself is not recorded.
 *
 * ```ts
 * sentences.pipe(toSpeech(traceVoice(flite()))).subscribe(play);
 * ```
 *
 * @throws TypeError when an option is none.
 */
export function traceVoice<V extends Voice>(voice: V, config: TraceConfig = {}): V {
  if (typeof voice !== 'function') {
    throw new TypeError(`traceVoice: voice must be a voice, got ${typeof voice}`);
  }
  checkTraceConfig('traceVoice', config);
  const { provider, format } = voice;
  const speak = (...[text, options]: Parameters<Voice>) =>
    observedAs(
      {
        name: 'text_to_speech',
        provider,
        model: undefined,
        streams: true,
        request: { 'gen_ai.output.type': 'speech', 'rx_aloud.text.length': text.length },
      },
      config,
      voice(text, options),
      (span) => {
        let length = 0;
        return (event) => {
          if (event.type !== 'audio' || format === null) return;
          length += durationOf(event.data.length, format) ?? 0;
          if (length > 0) span.setAttribute('rx_aloud.audio.duration', length / 1000);
        };
      },
    );
  // What else a voice can do (warm up, say), this one can, too.
  return Object.assign(speak, voice);
}
