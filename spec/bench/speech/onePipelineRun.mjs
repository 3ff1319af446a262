// One kind of pipeline, a thousand times, in a process of its own: prints its figures as a line of JSON.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { concatMap, map, Subject, timer } from 'rxjs';

const [kind, seconds] = [process.argv[2], Number(process.argv[3])];
const count = 1000;
const perSecond = 50;
const sentence = [
  'The',
  ' light',
  ' of',
  ' the',
  ' sun',
  ' is',
  ' scattered',
  ' by',
  ' the',
  ' air',
  ',',
  ' which',
  ' makes',
  ' it',
  ' blue',
  '.',
];
const data = new Uint8Array(9600);
const audio = { type: 'audio', data };
const word = { type: 'word', text: 'The', offset: 0, duration: 300 };
const latency = 200;
/** A voice that costs next to nothing, the same for all. */
const voice = Object.assign(() => timer(latency).pipe(concatMap(() => [word, audio])), {
  provider: 'cheap',
  format: { encoding: 'pcm_s16le', sampleRate: 16000, channels: 1 },
});
let utterances = 0;

/** How a pipeline of this kind is made: given a Subject of tokens, or told to take an async queue. */
const makers = {
  bare: () => (source) => source.subscribe(),
  ours: async () => {
    const { bufferSentences, toSpeech } = await import('../../../dist/operators/index.js');
    return (source) =>
      source.pipe(bufferSentences(), toSpeech(voice)).subscribe((event) => {
        if (event.type === 'utterance-end') utterances++;
      });
  },
  // The two halves of ours, for whoever tunes them.
  buffer: async () => {
    const { bufferSentences } = await import('../../../dist/operators/index.js');
    return (source) =>
      source
        .pipe(
          bufferSentences(),
          concatMap((text) => voice(text)),
        )
        .subscribe((event) => {
          if (event.type === 'audio') utterances++;
        });
  },
  speech: async () => {
    const { toSpeech } = await import('../../../dist/operators/index.js');
    return (source) => {
      let text = '';
      let sentences = 0;
      return source
        .pipe(
          concatMap((token) => {
            text += token;
            if (!/[.!?]\s*$/.test(text) || ++sentences % 2 === 1) return [];
            const whole = text;
            text = '';
            return [whole];
          }),
          toSpeech(voice),
        )
        .subscribe((event) => {
          if (event.type === 'utterance-end') utterances++;
        });
    };
  },
  plain: () => (source) => {
    let text = '';
    return source
      .pipe(
        concatMap((token) => {
          text += token;
          if (!/[.!?]\s*$/.test(text)) return [];
          const whole = text;
          text = '';
          return [whole];
        }),
        concatMap((text) => voice(text).pipe(map((event) => ({ ...event, text })))),
      )
      .subscribe((event) => {
        if (event.type === 'audio') utterances++;
      });
  },
  langchain: async () => {
    const { RunnableLambda, RunnableSequence } = await import('@langchain/core/runnables');
    const { StringOutputParser } = await import('@langchain/core/output_parsers');
    const { AIMessageChunk } = await import('@langchain/core/messages');
    return (source) => {
      const queue = queueOf(source);
      const chain = RunnableSequence.from([
        RunnableLambda.from(async function* () {
          for await (const content of queue) yield new AIMessageChunk({ content });
        }),
        new StringOutputParser(),
      ]);
      void (async () => {
        for await (const text of sentences(await chain.stream('?'))) await spoken(text);
      })();
    };
  },
  aisdk: async () => {
    const { smoothStream, streamText } = await import('ai');
    return (source) => {
      const queue = queueOf(source);
      const { textStream } = streamText({
        model: {
          specificationVersion: 'v3',
          provider: 'scripted',
          modelId: 'scripted',
          supportedUrls: {},
          doStream: async () => ({
            stream: ReadableStream.from(
              (async function* () {
                yield { type: 'stream-start', warnings: [] };
                yield { type: 'text-start', id: '1' };
                for await (const delta of queue) yield { type: 'text-delta', id: '1', delta };
              })(),
            ),
          }),
        },
        prompt: '?',
        experimental_transform: smoothStream({ delayInMs: null, chunking: /[^.!?]+[.!?]+\s?/ }),
      });
      void (async () => {
        for await (const text of textStream) await spoken(text);
      })();
    };
  },
  livekit: async () => {
    const { initializeLogger, tokenize, tts } = await import('@livekit/agents');
    const { AudioFrame } = await import('@livekit/rtc-node');
    initializeLogger({ pretty: false, level: 'silent' });
    const samples = new Int16Array(4800);
    class Utterance extends tts.ChunkedStream {
      label = 'cheap';
      async run() {
        await new Promise((resolve) => setTimeout(resolve, latency));
        this.queue.put({
          requestId: 'r',
          segmentId: 's',
          frame: new AudioFrame(samples, 16000, 1, 4800),
          final: true,
        });
        this.queue.close();
      }
    }
    class Voice extends tts.TTS {
      label = 'cheap';
      constructor() {
        super(16000, 1, { streaming: false });
      }
      synthesize(text) {
        return new Utterance(text, this);
      }
    }
    return (source) => {
      const stream = new tts.StreamAdapter(new Voice(), new tokenize.basic.SentenceTokenizer()).stream();
      void (async () => {
        for await (const _ of stream) utterances++;
      })();
      source.subscribe((token) => stream.pushText(token));
    };
  },
};

async function* queueOf(source) {
  let waiting = [];
  let wake;
  source.subscribe((token) => {
    waiting.push(token);
    wake?.();
  });
  for (;;) {
    const batch = waiting;
    waiting = [];
    yield* batch;
    if (waiting.length === 0) await new Promise((resolve) => (wake = resolve));
  }
}
async function* sentences(tokens) {
  let text = '';
  for await (const token of tokens) {
    text += token;
    if (!/[.!?]\s*$/.test(text)) continue;
    yield text;
    text = '';
  }
}
const spoken = async () => {
  await new Promise((resolve) => setTimeout(resolve, latency));
  utterances++;
};

/** Drives the sources: groups of 50 at each millisecond of a 20 ms round, late ones made up for. */
async function drive(sources, forSeconds) {
  const rounds = 1000 / perSecond;
  const began = performance.now();
  let step = 0;
  let pushed = 0;
  const at = sources.map((_, index) => index % sentence.length);
  const total = forSeconds * 1000;
  // A process that can't keep up is not waited for: its rate tells.
  while (step < total && performance.now() - began < 1500 * forSeconds) {
    const due = Math.min(total, Math.floor(performance.now() - began));
    // At most one round at a time: a process that can't keep up is seen in its rate, not in one endless turn.
    for (const until = Math.min(due, step + 1); step < until; step++) {
      for (let index = step % rounds; index < sources.length; index += rounds) {
        const token = sentence[at[index]];
        at[index] = (at[index] + 1) % sentence.length;
        sources[index].next(token);
        pushed++;
      }
    }
    if (step >= due) await new Promise((resolve) => setTimeout(resolve, 1));
    else await new Promise((resolve) => setImmediate(resolve));
  }
  return { pushed, took: performance.now() - began };
}

async function measured(maker) {
  const make = await maker();
  const sources = Array.from({ length: count }, () => new Subject());
  for (const source of sources) make(source);
  await drive(sources, 2);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const spokenBefore = utterances;
  delay.enable();
  const before = process.cpuUsage();
  const { pushed, took } = await drive(sources, seconds);
  const { user, system } = process.cpuUsage(before);
  delay.disable();
  return {
    perToken: (user + system) / pushed,
    // The monitor's own timer is a millisecond.
    p99: Math.max(0, delay.percentile(99) / 1e6 - 1),
    rate: (pushed / took) * 1000,
    utterances: utterances - spokenBefore,
  };
}

const bare = await measured(makers.bare);
const it = await measured(makers[kind]);
console.log(JSON.stringify({ ...it, bare: bare.perToken, net: it.perToken - bare.perToken }));
process.exit(0);
