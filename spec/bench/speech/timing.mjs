import { scripts, sentenceEnd, textEnd, voiceConfig } from './scripts.mjs';
import { speakVirtually } from './virtual.mjs';
import { aiSdk } from './peers/aiSdk.mjs';
import { liveKit } from './peers/liveKit.mjs';

const goals = {
  'chat reply, 50 tokens/s': 1.06,
  '44-word first sentence, fastStart clause': 0.5,
  'list without full stops': 1.08,
  'the same without its first line': 1.08,
  'chat reply, 5 tokens/s': 1.12,
};
const ratio = (value, limit) => (value === undefined ? '-' : (value / limit).toFixed(2));

/** Time to first audio and to all audio, over what is possible. Ours in virtual time, the peers live and all at once. */
export async function timing({ quick }) {
  const names = Object.keys(scripts).filter((name) => !quick || scripts[name].tokensPerSecond > 5);
  const rows = await Promise.all(
    names.map(async (name) => {
      const script = scripts[name];
      const limit = sentenceEnd(script) + voiceConfig.latency;
      const ours = speakVirtually(script);
      const [kit, sdk] = await Promise.all([liveKit(script), aiSdk(script)]);
      return { name, limit, ours, kit, sdk, whole: textEnd(script) + voiceConfig.latency };
    }),
  );
  console.log('Time to first audio / (first sentence end + voice latency)');
  console.table(
    Object.fromEntries(
      rows.map(({ name, limit, ours, kit, sdk, whole }) => [
        name,
        {
          'rx-aloud': ratio(ours.first, limit),
          goal: goals[name],
          LiveKit: ratio(kit?.first, limit),
          'AI SDK by sentence': ratio(sdk?.first, limit),
          'whole text first': ratio(whole, limit),
          'limit ms': limit,
        },
      ]),
    ),
  );
  const ready = names
    .filter((name) => !name.startsWith('44'))
    .map((name) => {
      const script = scripts[name];
      const { ready: limit, mostOpen: unlimited } = speakVirtually(script, {
        speech: { concurrency: Infinity },
        sentences: { sentenceBufferSize: 1, minChunkLength: 1 },
      });
      const three = speakVirtually(script, { speech: { concurrency: 3 } });
      const kit = rows.find((row) => row.name === name)?.kit;
      return {
        name,
        ratio: three.ready / limit,
        open: three.mostOpen,
        unlimited,
        gapMs: three.gap,
        gaps: three.gaps,
        kit: kit && kit.ready / limit,
        kitOpen: kit?.mostOpen,
      };
    });
  console.log('All audio ready, concurrency 3 / no limit; what a listener misses meanwhile');
  console.table(
    Object.fromEntries(
      ready.map(({ name, ratio: ours, open, unlimited, gapMs, gaps, kit, kitOpen }) => [
        name,
        {
          'rx-aloud': ours.toFixed(2),
          'open at once': open,
          LiveKit: kit?.toFixed(2) ?? '-',
          'LiveKit open': kitOpen ?? '-',
          'without limit open': unlimited,
          'gap ms': Math.round(gapMs),
          gaps,
        },
      ]),
    ),
  );
  const slow = scripts['chat reply, 5 tokens/s'];
  const trade = [0, 1000, 2000, 4000, 8000].map((startDelay) => {
    const { first, gap, gaps } = speakVirtually(slow, { speech: { startDelay, concurrency: 4 } });
    return { startDelay, first, gap, gaps };
  });
  console.log('startDelay on the slow reply (5 tokens/s): first audio against gaps');
  console.table(
    Object.fromEntries(
      trade.map(({ startDelay, first, gap, gaps }) => [
        `${startDelay} ms`,
        { 'first audio ms': Math.round(first), 'gap ms': Math.round(gap), gaps },
      ]),
    ),
  );
  return { firstAudio: rows, ready, trade };
}
