import type { Bar, Figure } from './figure.js';

/** What a measurement returns, as far as it is shown. */
interface Results {
  readonly providers: {
    readonly results: readonly {
      readonly provider: string;
      readonly ratio: number;
      readonly microsecondsPerToken: { readonly ours: number; readonly sdk: number };
    }[];
  };
  readonly sentences: {
    readonly throughput: readonly {
      readonly name: string;
      readonly 'times the bare scan': number;
      readonly 'million tokens a second': number;
    }[];
    readonly growth: readonly ({ readonly text: string } & Readonly<Record<string, number | string>>)[];
  };
  readonly speech: {
    readonly timing: {
      readonly firstAudio: readonly {
        readonly name: string;
        readonly limit: number;
        readonly whole: number;
        readonly ours: { readonly first: number };
        readonly kit?: { readonly first?: number };
        readonly sdk?: { readonly first?: number };
      }[];
    };
    readonly lead: { readonly count: number } & Readonly<
      Record<string, number | { readonly lead: number; readonly open?: number }>
    >;
    readonly pipelines: Readonly<
      Record<
        string,
        { readonly failed?: string; readonly netMicrosecondsPerToken?: number; readonly p99?: number }
      >
    >;
  };
  readonly relay: readonly {
    readonly client: string;
    readonly what: 'throughput' | 'latency';
    readonly contender: string;
    readonly relayOverThis: number;
    readonly addedP50Milliseconds?: number;
    readonly addedP99Milliseconds?: number;
  }[];
  readonly memory: {
    readonly results: readonly { readonly words: number; readonly peakMegabytes: number }[];
  };
  readonly flite: {
    readonly coldFirstAudio: number;
    readonly warmFirstAudio: number;
    readonly firstAudioAfterUnsubscribe: number;
    readonly timesRealTime: number;
  };
}

const byValue = (a: Bar, b: Bar) => (a.value ?? Infinity) - (b.value ?? Infinity);
const ours = 'rx-aloud';
const bar = (label: string, value: number | undefined, more: Partial<Bar> = {}): Bar => ({
  label,
  value,
  ours: label === ours,
  ...more,
});

const makers: { readonly [Name in keyof Results]: (results: Results[Name]) => readonly Figure[] } = {
  providers: ({ results }) => [
    {
      title: 'A streamed token',
      says: 'CPU over that of the SDK’s own loop, the same reply from the same server',
      unit: '×',
      scale: 'linear',
      reference: { value: 1, label: 'the SDK alone' },
      bars: results.map(({ provider, ratio, microsecondsPerToken: cost }) =>
        bar(provider, ratio, { ours: true, detail: `${cost.ours} µs, the SDK ${cost.sdk} µs` }),
      ),
    },
  ],

  sentences: ({ throughput, growth }) => {
    const known: Readonly<Record<string, string>> = {
      bufferSentences: ours,
      'regex on a growing buffer': 'a regular expression',
    };
    const named = (name: string) => known[name] ?? name;
    const contenders = Object.keys(growth[0] ?? {}).filter((name) => name !== 'text');
    return [
      {
        title: 'Tokens to sentences',
        says: 'CPU over that of a bare scan that only looks for marks',
        unit: '×',
        scale: 'log',
        reference: { value: 1, label: 'a bare scan' },
        bars: throughput
          .filter(({ name }) => name !== 'bare scan')
          .map((row) =>
            bar(named(row.name), row['times the bare scan'], {
              detail: `${row['million tokens a second']} million tokens a second`,
            }),
          )
          .sort(byValue),
      },
      {
        title: 'Tokens to sentences, ten times the text',
        says: 'CPU a character over that in a tenth of the text, the worst of the texts: 1 is linear, 10 quadratic',
        unit: '×',
        scale: 'log',
        reference: { value: 1, label: 'linear' },
        bars: contenders
          .map((name) => {
            const worst = growth.reduce((a, b) => (Number(a[name]) >= Number(b[name]) ? a : b));
            return bar(named(name), Number(worst[name]), { detail: worst.text });
          })
          .sort(byValue),
      },
    ];
  },

  speech: ({ timing, lead, pipelines }) => {
    const { count, ...ahead } = lead;
    const plain = pipelines['plain RxJS concatMap']?.netMicrosecondsPerToken ?? NaN;
    const named = (name: string) => (name === 'plain RxJS concatMap' ? 'plain RxJS' : name);
    return [
      {
        title: 'Time to first audio',
        says: 'over what is possible: the end of the first sentence and the voice’s latency',
        unit: '×',
        scale: 'log',
        reference: { value: 1, label: 'possible' },
        bars: timing.firstAudio.flatMap(({ name: group, limit, whole, ours: mine, kit, sdk }) => {
          const over = (first: number | undefined) => (first === undefined ? undefined : first / limit);
          const detail = (first: number | undefined) =>
            first === undefined ? {} : { detail: `${Math.round(first)} ms` };
          return [
            bar(ours, over(mine.first), { group, ...detail(mine.first) }),
            bar('LiveKit', over(kit?.first), { group, ...detail(kit?.first) }),
            bar('AI SDK, by sentence', over(sdk?.first), { group, ...detail(sdk?.first) }),
            bar('the whole text first', over(whole), { group, ...detail(whole) }),
          ];
        }),
      },
      {
        title: 'Source lead over a slow voice',
        says: `tokens read and not yet spoken, at most, of ${count.toLocaleString('en-US')}`,
        unit: 'tokens',
        scale: 'log',
        bars: Object.entries(ahead)
          .flatMap(([name, row]) => (typeof row === 'number' ? [] : [bar(name, row.lead)]))
          .sort(byValue),
      },
      {
        title: '1,000 pipelines at 50 tokens a second',
        says: 'CPU a token over that of plain RxJS, which has no timers, no order and no word times',
        unit: '×',
        scale: 'log',
        reference: { value: 1, label: 'plain RxJS' },
        bars: Object.entries(pipelines)
          .map(([name, { netMicrosecondsPerToken: net }]) =>
            bar(named(name), net === undefined ? undefined : net / plain, {
              ...(net !== undefined && { detail: `${net.toFixed(2)} µs` }),
            }),
          )
          .filter(({ label }) => label !== 'plain RxJS')
          .sort(byValue),
      },
      {
        title: '1,000 pipelines: the event loop',
        says: 'delay, 99th percentile',
        unit: 'ms',
        scale: 'log',
        bars: Object.entries(pipelines)
          .map(([name, { p99 }]) => bar(named(name), p99))
          .sort(byValue),
      },
    ];
  },

  relay: (rows) => [
    {
      title: 'An entry through Redis',
      says: 'CPU over that of bare XADD and XREAD with the same client',
      unit: '×',
      scale: 'linear',
      reference: { value: 1, label: 'bare' },
      bars: rows
        // Each beside what does the same: many at once, and each alone.
        .filter(({ contender }) => contender === 'bare' || contender === 'bare, 128 unanswered')
        .map(({ client, what, relayOverThis }) => {
          const relay = rows.find(
            (row) => row.client === client && row.what === what && row.contender === 'relay',
          );
          const [p50, p99] = [relay?.addedP50Milliseconds, relay?.addedP99Milliseconds];
          const detail = `${p50?.toFixed(2)} ms later, p99 ${p99?.toFixed(2)} ms`;
          return bar(`${client}, ${what === 'latency' ? 'alone' : 'many at once'}`, relayOverThis, {
            ours: true,
            ...(what === 'latency' && { detail }),
          });
        }),
    },
  ],

  memory: ({ results }) => [
    {
      title: 'Reading a long text aloud into a WAV',
      says: 'peak memory of the process',
      unit: 'MB',
      scale: 'linear',
      bars: results.map(({ words, peakMegabytes }) =>
        bar(`${words.toLocaleString('en-US')} words`, peakMegabytes, { ours: true }),
      ),
    },
  ],

  flite: (results) => [
    {
      title: 'The embedded voice',
      says: `request to first audio; whole sentences come ${results.timesRealTime.toFixed(0)} times faster than they are played`,
      unit: 'ms',
      scale: 'linear',
      bars: [
        bar('warm', results.warmFirstAudio, { ours: true }),
        bar('after an interruption', results.firstAudioAfterUnsubscribe, { ours: true }),
        bar('the first of all', results.coldFirstAudio, { ours: true }),
      ],
    },
  ],
};

/** What is shown of a measurement; nothing of one that isn't known here. */
export function figuresOf(name: string, results: unknown): readonly Figure[] {
  const make = Object.hasOwn(makers, name) ? makers[name as keyof Results] : undefined;
  return make?.(results as never) ?? [];
}
