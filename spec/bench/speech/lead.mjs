import { concat, concatMap, ignoreElements, of, tap } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { bufferSentences, toSpeech } from '../../../dist/operators/index.js';
import { withValve } from '../../../dist/src/index.js';
import { scriptedModel, scriptedVoice } from '../../../dist/providers/scripted/index.js';
import { liveHeap } from './collectGarbage.mjs';
import { liveKitLead } from './peers/liveKit.mjs';

const perSentence = 20;
export const token = (index) =>
  `${index % perSentence === 0 ? 'So' : ' on'}${index % perSentence === perSentence - 1 ? '. ' : ''}`;
const tokensOf = (text) => text.match(/so|on/giu).length;
let openNow = 0;
let mostOpen = 0;
const voice = () =>
  scriptedVoice({
    latency: 100,
    msPerWord: 10,
    realTimeFactor: 0,
    sampleRate: 1000,
    words: false,
    onRequest: () => (mostOpen = Math.max(mostOpen, ++openNow)),
    onEnd: () => openNow--,
  });

/** How far the source runs ahead of what has been spoken, and what that costs in memory. Virtual time, exact. */
function measure(count, pipeline) {
  let read = 0;
  let spoken = 0;
  let lead = 0;
  let most = 0;
  let utterances = 0;
  mostOpen = 0;
  const tokens = {
    *[Symbol.iterator]() {
      for (let index = 0; index < count; index++) yield token(index);
    },
  };
  const model = scriptedModel({ tokens, tokensPerSecond: Infinity });
  const watched = (options) => model('?', options).pipe(tap(() => (lead = Math.max(lead, ++read - spoken))));
  const before = liveHeap();
  new TestScheduler(() => {}).run(({ flush }) => {
    pipeline(watched).subscribe((text) => {
      spoken += tokensOf(text);
      if (utterances++ % Math.ceil(count / perSentence / 10) === 5)
        most = Math.max(most, liveHeap() - before);
    });
    flush();
  });
  if (spoken !== count) throw new Error(`${count - spoken} tokens were lost`);
  return { lead, heap: most, open: mostOpen };
}

const ours = (model) =>
  withValve({ high: 8, low: 4 }, (valve) =>
    model({ valve }).pipe(
      bufferSentences({ valve }),
      toSpeech(voice(), { valve }),
      concatMap((event) => (event.type === 'utterance-end' ? [event.text] : [])),
    ),
  );
/** What one writes with RxJS alone. */
const plain = (model) => {
  let text = '';
  return model({}).pipe(
    concatMap((token) => {
      text += token;
      if (!/[.!?]\s*$/.test(text)) return [];
      const sentence = text;
      text = '';
      return [sentence];
    }),
    concatMap((sentence) => concat(voice()(sentence).pipe(ignoreElements()), of(sentence))),
  );
};

/** Source lead over a slow voice. */
export async function lead({ quick }) {
  const count = quick ? 20_000 : 200_000;
  measure(1000, ours);
  const rows = {
    'rx-aloud': measure(count, ours),
    'plain RxJS': measure(count, plain),
    LiveKit: await liveKitLead(count, token, tokensOf),
  };
  console.log(
    `Source lead over a slow voice, of ${count} tokens; valve { high: 8, low: 4 } in chunks of two sentences`,
  );
  console.table(
    Object.fromEntries(
      Object.entries(rows).map(([name, { lead: tokens, heap, open }]) => [
        name,
        {
          'lead, tokens': tokens,
          'requests open at once': open ?? '-',
          'live heap, MB': heap === undefined ? '-' : (heap / 2 ** 20).toFixed(2),
        },
      ]),
    ),
  );
  return { count, ...rows };
}
