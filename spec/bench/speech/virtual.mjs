import { asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { bufferSentences, toSpeech } from '../../../dist/operators/index.js';
import { scriptedModel, scriptedVoice } from '../../../dist/providers/scripted/index.js';
import { voiceConfig } from './scripts.mjs';

/** A script spoken in virtual time, exactly: when its first audio came, when all was there, how it would have sounded. */
export function speakVirtually(script, { speech = {}, sentences = {}, voice = {} } = {}) {
  const audio = [];
  let open = 0;
  let mostOpen = 0;
  let utterances = 0;
  new TestScheduler(() => {}).run(({ flush }) => {
    scriptedModel(script)('?')
      .pipe(
        bufferSentences({ ...script.sentences, ...sentences }),
        toSpeech(
          scriptedVoice({
            ...voiceConfig,
            sampleRate: 1000,
            ...voice,
            onRequest: () => (mostOpen = Math.max(mostOpen, ++open)),
            onEnd: () => open--,
          }),
          speech,
        ),
      )
      .subscribe((event) => {
        if (event.type === 'audio') audio.push({ at: asyncScheduler.now(), duration: event.data.length / 2 });
        if (event.type === 'utterance-end') utterances++;
      });
    flush();
  });
  // A listener who begins with the first audio.
  let playedUntil = audio[0]?.at ?? 0;
  let gap = 0;
  let gaps = 0;
  for (const { at, duration } of audio) {
    if (at > playedUntil + 1e-6) {
      gap += at - playedUntil;
      gaps++;
    }
    playedUntil = Math.max(playedUntil, at) + duration;
  }
  return { first: audio[0]?.at, ready: audio.at(-1)?.at, gap, gaps, mostOpen, utterances };
}
