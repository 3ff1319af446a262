import { initializeLogger, tokenize, tts } from '@livekit/agents';
import { AudioFrame } from '@livekit/rtc-node';
import { voiceConfig } from '../scripts.mjs';
import { feed, wordsOf } from './feed.mjs';

initializeLogger({ pretty: false, level: 'silent' });
const { latency, msPerWord, realTimeFactor, sampleRate } = voiceConfig;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The scripted voice, as LiveKit wants it. */
class Voice extends tts.TTS {
  label = 'scripted';
  open = 0;
  mostOpen = 0;
  constructor() {
    super(sampleRate, 1, { streaming: false });
  }
  synthesize(text) {
    return new Utterance(text, this);
  }
  stream() {
    throw new Error('by StreamAdapter');
  }
}
class Utterance extends tts.ChunkedStream {
  label = 'scripted';
  constructor(text, voice) {
    super(text, voice);
    this.voice = voice;
  }
  async run() {
    this.voice.mostOpen = Math.max(this.voice.mostOpen, ++this.voice.open);
    await pause(latency);
    const samples = (msPerWord * sampleRate) / 1000;
    const count = wordsOf(this.inputText);
    for (let word = 0; word < count; word++) {
      if (word > 0) await pause(msPerWord * realTimeFactor);
      this.queue.put({
        requestId: 'r',
        segmentId: 's',
        frame: new AudioFrame(new Int16Array(samples).fill(1), sampleRate, 1, samples),
        final: word === count - 1,
      });
    }
    this.voice.open--;
    this.voice.onEnd?.(this.inputText);
    this.queue.close();
  }
}

/** LiveKit's own adapter for voices that don't stream text, with its own sentence tokenizer. */
export async function liveKit(script) {
  const voice = new Voice();
  const stream = new tts.StreamAdapter(voice, new tokenize.basic.SentenceTokenizer()).stream();
  const began = performance.now();
  let first;
  let ready;
  const heard = (async () => {
    for await (const audio of stream) {
      if (audio === tts.SynthesizeStream.END_OF_STREAM) break;
      ready = performance.now() - began;
      first ??= ready;
    }
  })();
  for await (const token of feed(script, began)) stream.pushText(token);
  stream.endInput();
  await heard;
  stream.close();
  return { first, ready, mostOpen: voice.mostOpen };
}

/** Pushed as fast as it takes them: its stream can't say "wait". */
export async function liveKitLead(count, token, tokensOf) {
  let spoken = 0;
  let lead = 0;
  const voice = new Voice();
  voice.onEnd = (text) => (spoken += tokensOf(text));
  const stream = new tts.StreamAdapter(voice, new tokenize.basic.SentenceTokenizer()).stream();
  void (async () => {
    for await (const audio of stream) if (audio === tts.SynthesizeStream.END_OF_STREAM) break;
  })().catch(() => {});
  for (let index = 0; index < count; index++) {
    stream.pushText(token(index));
    lead = Math.max(lead, index + 1 - spoken);
    if (index % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  stream.close();
  return { lead, open: voice.mostOpen };
}
