import { map, merge, of, timer, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  bufferSentences,
  fallbackToComplete,
  publishTo,
  retryBeforeFirstToken,
  toSpeech,
  uniformFormat,
} from '../../operators/index.js';
import { converse, createStreamingPipeline, modelFromEnvironment } from '../../pipelines/index.js';
import { ollama } from '../../providers/ollama/index.js';
import { openai } from '../../providers/openai/index.js';
import { scriptedModel, scriptedVoice } from '../../providers/scripted/index.js';
import {
  Conversation,
  memoryRelay,
  type ChatOptions,
  type CompleteOptions,
  type MemoryRelayConfig,
  type RelayOpenOptions,
  type RelayReplayOptions,
} from '../../src/index.js';
import { marbles } from '../support/marbles.js';

/** As from a variable that is not set. */
const unset = undefined;

// That this file compiles, with `exactOptionalPropertyTypes`, is half of what it proves.
describe('an option that is undefined is one that was left out', () => {
  const same = <T>(left: () => Observable<T>, right: () => Observable<T>) =>
    marbles(({ expectObservable }) => {
      expectObservable(left()).toEqual(right());
    });
  const text = 'The sky is blue. It is so because of the air. Air scatters light.';
  const tokens = () => scriptedModel({ text })('Why?');
  const voice = scriptedVoice();

  it('of a call', () => {
    const options: Required<ChatOptions> = {
      system: unset,
      temperature: unset,
      maxTokens: unset,
      topP: unset,
      stop: unset,
      seed: unset,
      schema: unset,
      tools: unset,
      reasoning: unset,
      signal: unset,
      firstTokenTimeout: unset,
      idleTimeout: unset,
      valve: unset,
    };
    const complete: CompleteOptions = { ...options, continueFrom: unset };
    const model = scriptedModel({ text });
    same(
      () => model('Why?', options),
      () => model('Why?'),
    );
    same(
      () => model.complete('Why?', complete),
      () => model.complete('Why?'),
    );
    for (const real of [ollama({ model: 'm' }), openai({ apiKey: 'none' })])
      expect(() => [real('Why?', options), real.complete('Why?', complete)]).not.toThrow();
  });

  it('of a model and a voice', () => {
    same(
      () =>
        scriptedModel({
          text,
          tokens: unset,
          tokensPerSecond: unset,
          firstTokenAfter: unset,
          failAfter: unset,
          error: unset,
          scheduler: unset,
        }).events('Why?'),
      () => scriptedModel({ text }).events('Why?'),
    );
    same(
      () => scriptedVoice({ latency: unset, msPerWord: unset, failOn: unset, sampleRate: unset })(text),
      () => voice(text),
    );
    expect(ollama({ model: unset, baseURL: unset, apiKey: unset, signal: unset }).model).toBe(ollama().model);
    expect(modelFromEnvironment('openai', { model: unset }).model).toBe(openai().model);
  });

  it('of an operator', () => {
    same(
      () =>
        tokens().pipe(
          bufferSentences({
            sentenceBufferSize: unset,
            minChunkLength: unset,
            maxBufferTime: unset,
            fastStart: unset,
            locale: unset,
          }),
          toSpeech(voice, {
            concurrency: unset,
            playback: unset,
            retry: unset,
            fallback: unset,
            speak: unset,
          }),
          uniformFormat({ sampleRate: unset, channels: unset }),
        ),
      () => tokens().pipe(bufferSentences(), toSpeech(voice), uniformFormat()),
    );
    same(
      () =>
        scriptedModel({ text, failAfter: 3 })('Why?').pipe(
          retryBeforeFirstToken({ count: unset, delay: unset, jitter: unset, maxDelay: unset, when: unset }),
          fallbackToComplete(() => of(text), { expects: unset, onDivergence: unset, when: unset }),
        ),
      () => scriptedModel({ text, failAfter: 3 })('Why?').pipe(fallbackToComplete(() => of(text))),
    );
  });

  it('of a format, where a later one has to follow', () => {
    const both = () =>
      merge(of(0), timer(1000)).pipe(
        map((_, turn) => `Sentence ${turn}.`),
        toSpeech(scriptedVoice({ failOn: 'Sentence 1.' }), { fallback: scriptedVoice({ sampleRate: 8000 }) }),
      );
    same(
      () => both().pipe(uniformFormat({ sampleRate: unset, channels: unset })),
      () => both().pipe(uniformFormat()),
    );
  });

  it('of a relay', () => {
    const published = (config: MemoryRelayConfig, open: RelayOpenOptions, replay: RelayReplayOptions) => {
      const relay = memoryRelay(config);
      return merge(
        tokens().pipe(publishTo(relay, 'a', open)),
        relay.replay<string>('a', replay).pipe(map(({ value }) => value)),
      );
    };
    same(
      () =>
        published(
          { maxLength: unset, ttl: unset, lease: unset, secrets: unset, scheduler: unset },
          { takeOver: unset, valve: unset, maxPending: unset },
          { after: unset, valve: unset, successorWithin: unset },
        ),
      () => published({}, {}, {}),
    );
  });

  it('of a pipeline', () => {
    const say = (speech: { maxAhead?: number | undefined }) =>
      of('Why?').pipe(
        converse({
          model: scriptedModel({ text: text.repeat(9), tokensPerSecond: 1000 }),
          voice: scriptedVoice({ realTimeFactor: 0.01 }),
          conversation: new Conversation({ id: unset, historyLimit: unset, clock: unset }),
          interrupt: unset,
          position: unset,
          speech,
        }),
      );
    same(
      () => say({ maxAhead: unset }),
      () => say({}),
    );
    expect(() =>
      createStreamingPipeline({
        llmProvider: unset,
        ttsProvider: unset,
        streamingConfig: { outputDir: unset },
      }),
    ).not.toThrow();
  });
});
