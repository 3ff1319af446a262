/** What the page's controls set, for the next reply. Names, units and meaning are the operators' own. */
export interface Settings {
  readonly sentenceBufferSize: number;
  readonly minChunkLength: number;
  readonly maxBufferTime: number;
  readonly fastStart: boolean | 'clause';
  readonly concurrency: number;
}

/** A number that can be set: how far, and in which steps. */
export interface Range {
  readonly name: Exclude<keyof Settings, 'fastStart'>;
  readonly label: string;
  readonly hint: string;
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

export const ranges: readonly Range[] = [
  {
    name: 'sentenceBufferSize',
    label: 'Sentences at once',
    hint: 'how many sentences make an utterance',
    unit: '',
    least: 1,
    most: 6,
    step: 1,
  },
  {
    name: 'minChunkLength',
    label: 'Shortest utterance',
    hint: 'shorter sentences wait for the next one',
    unit: ' characters',
    least: 0,
    most: 200,
    step: 5,
  },
  {
    name: 'maxBufferTime',
    label: 'Longest wait',
    hint: 'then what there is goes to the voice',
    unit: ' ms',
    least: 200,
    most: 6000,
    step: 100,
  },
  {
    name: 'concurrency',
    label: 'Utterances in synthesis',
    hint: 'how many are made at the same time',
    unit: '',
    least: 1,
    most: 4,
    step: 1,
  },
];

export const fastStarts = [
  { value: false, label: 'off' },
  { value: true, label: 'sentence' },
  { value: 'clause', label: 'clause' },
] as const;

/** The package's own defaults. */
export const defaults: Settings = {
  sentenceBufferSize: 2,
  minChunkLength: 20,
  maxBufferTime: 3000,
  fastStart: true,
  concurrency: 2,
};

/**
 * Settings from outside; what is absent is the default.
 *
 * @throws TypeError that names what is out of range.
 */
export function readSettings(value: unknown): Settings {
  if (typeof value !== 'object' || value === null) throw new TypeError('settings must be an object');
  const given = value as Readonly<Record<string, unknown>>;
  const number = (name: Range['name']) => {
    const { least = 0, most = 0 } = ranges.find((range) => range.name === name) ?? {};
    const set = given[name] ?? defaults[name];
    if (typeof set !== 'number' || !Number.isInteger(set) || set < least || set > most) {
      throw new TypeError(
        `${name} must be a whole number from ${least} to ${most}, got ${JSON.stringify(set)}`,
      );
    }
    return set;
  };
  const fast = given['fastStart'] ?? defaults.fastStart;
  const fastStart = fastStarts.find((one) => one.value === fast)?.value;
  if (fastStart === undefined) {
    throw new TypeError(`fastStart must be true, false or "clause", got ${JSON.stringify(fast)}`);
  }
  return {
    sentenceBufferSize: number('sentenceBufferSize'),
    minChunkLength: number('minChunkLength'),
    maxBufferTime: number('maxBufferTime'),
    concurrency: number('concurrency'),
    fastStart,
  };
}
