import { asyncScheduler, map, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { bufferSentences, type BufferSentencesConfig } from '../../operators/bufferSentences.js';
import { toSpeech, type ToSpeechConfig } from '../../operators/toSpeech.js';
import { scriptedModel, scriptedVoice, type ScriptedModelConfig } from '../../providers/scripted/index.js';
import { withValve } from '../../src/index.js';
import { marbles } from '../support/marbles.js';

/** A reply spoken in virtual time: when its first audio came, and how it would have sounded from there on. */
function speak(
  script: ScriptedModelConfig,
  { sentences = {}, speech = {} }: { sentences?: BufferSentencesConfig; speech?: ToSpeechConfig } = {},
) {
  const audio: { at: number; duration: number }[] = [];
  marbles(({ flush }) => {
    const voice = scriptedVoice({ latency: 200, msPerWord: 300, realTimeFactor: 0.1, sampleRate: 1000 });
    scriptedModel(script)('?')
      .pipe(bufferSentences(sentences), toSpeech(voice, speech))
      .subscribe((event) => {
        if (event.type === 'audio') {
          audio.push({ at: asyncScheduler.now(), duration: event.data.length / 2 });
        }
      });
    flush();
  });
  let playedUntil = audio[0]!.at;
  let gap = 0;
  for (const { at, duration } of audio) {
    gap += Math.max(0, at - playedUntil);
    playedUntil = Math.max(playedUntil, at) + duration;
  }
  return { first: audio[0]!.at, gap };
}

const words = (text: string) => text.match(/\s*[\p{L}\p{N}]+|\s*[^\s\p{L}\p{N}]/gu)!;
const reply = Array.from(
  { length: 12 },
  () => 'The sky is blue because of the air. It scatters blue light.',
).join(' ');

describe('from the first token to the first audio', () => {
  it("takes the first sentence, the token that proves its end, and the voice's own latency", () => {
    // Its full stop is the ninth token, at 160 ms; the tenth proves it.
    expect(speak({ tokens: words(reply), tokensPerSecond: 50 }).first).toBe(180 + 200);
    expect(speak({ tokens: words(reply), tokensPerSecond: 5 }).first).toBe(1800 + 200);
  });

  it('takes a clause where a clause is asked for', () => {
    const text = `Since you ask me about it so nicely, ${reply[0]!.toLowerCase()}${reply.slice(1)}`;
    const { first } = speak(
      { tokens: words(text), tokensPerSecond: 50 },
      { sentences: { fastStart: 'clause' } },
    );
    // The comma is the ninth token here too.
    expect(first).toBe(180 + 200);
  });

  it('leaves no gap at 50 tokens a second', () => {
    expect(speak({ tokens: words(reply), tokensPerSecond: 50 }).gap).toBe(0);
  });

  it('trades the first audio of a slow model for no gap', () => {
    const script = { tokens: words(reply), tokensPerSecond: 4 };
    const at = (startDelay: number) => speak(script, { speech: { startDelay, concurrency: 6 } });
    expect(at(0).gap).toBeGreaterThan(0);
    expect(at(6000).first).toBeGreaterThan(at(0).first);
    expect(at(6000).gap).toBe(0);
  });
});

describe('from a source that is always faster', () => {
  it('leads by the mark of the valve and the sentence that is being read, however long the reply', () => {
    const perSentence = 20;
    const count = 20_000;
    const token = (index: number) =>
      `${index % perSentence === 0 ? 'So' : ' on'}${index % perSentence === perSentence - 1 ? '. ' : ''}`;
    let read = 0;
    let spoken = 0;
    let lead = 0;
    marbles(({ flush }) => {
      const model = scriptedModel({
        tokens: Array.from({ length: count }, (_, index) => token(index)),
        tokensPerSecond: Infinity,
      });
      const voice = scriptedVoice({ latency: 100, msPerWord: 10, sampleRate: 1000, words: false });
      withValve({ high: 8, low: 4 }, (valve) =>
        model('?', { valve }).pipe(
          tap(() => {
            lead = Math.max(lead, ++read - spoken);
          }),
          bufferSentences({ valve }),
          toSpeech(voice, { valve }),
          map((event) => (event.type === 'utterance-end' ? event.text.match(/so|on/giu)!.length : 0)),
        ),
      ).subscribe((tokens) => (spoken += tokens));
      flush();
    });
    expect(spoken).toBe(count);
    expect(lead).toBeLessThanOrEqual(8 * 2 * perSentence + perSentence);
  });
});
