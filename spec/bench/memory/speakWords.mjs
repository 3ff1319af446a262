// A process that reads so many words aloud into a WAV, and tells what it took: `node speakWords.mjs COUNT PATH`.
import { lastValueFrom, tap } from 'rxjs';
import { bufferSentences, toSpeech } from '../../../dist/operators/index.js';
import { saveWav } from '../../../dist/operators/node/index.js';
import { scriptedVoice } from '../../../dist/providers/scripted/index.js';
import { fromTokens, withValve } from '../../../dist/src/index.js';

const [count = '0', path = ''] = process.argv.slice(2);
const words = 'the sky is blue since air scatters short waves of light more than long ones'.split(' ');
// Sentences of nine words: their texts are made as they are asked for, so that only the pipe can hold them.
const token = (i) => `${words[i % words.length]}${i}${i % 9 === 8 ? '. ' : ' '}`;
let expected = 0;
let utterances = 0;
let spoken = 0;
// A sum over all characters and their places tells a lost word from a moved one.
const sum = (text, from) => {
  let all = 0;
  for (let i = 0; i < text.length; i++) all += text.charCodeAt(i) * ((from + i) % 9973);
  return all;
};
let expectedSum = 0;
let spokenSum = 0;

const saved = withValve({ high: 4, low: 2 }, (valve) =>
  fromTokens(
    async function* () {
      for (let i = 0; i < Number(count); i++) {
        const text = token(i);
        expectedSum += sum(text, expected);
        expected += text.length;
        yield text;
      }
    },
    { valve },
  ).pipe(
    bufferSentences({ valve }),
    toSpeech(scriptedVoice({ latency: 0, msPerWord: 50, realTimeFactor: 0, sampleRate: 8000 }), { valve }),
    tap((event) => {
      if (event.type !== 'utterance-start') return;
      utterances++;
      spokenSum += sum(event.text, spoken);
      spoken += event.text.length;
    }),
    saveWav(path),
  ),
);
const { bytes, duration } = await lastValueFrom(saved, { defaultValue: { bytes: 0, duration: 0 } });
const { maxRSS } = process.resourceUsage();
// What is still held, where `--expose-gc` lets it be told.
globalThis.gc?.();
const { heapUsed } = process.memoryUsage();
console.log(
  JSON.stringify({
    maxRSS,
    heapUsed,
    bytes,
    duration,
    utterances,
    complete: expected === spoken && expectedSum === spokenSum,
  }),
);
