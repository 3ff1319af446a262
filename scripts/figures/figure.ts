/** One bar of a figure. */
export interface Bar {
  readonly label: string;
  /** `undefined` where the contender did not get through. */
  readonly value: number | undefined;
  /** Whether it is this package. */
  readonly ours: boolean;
  /** What the ratio was made of, in words. */
  readonly detail?: string;
  /** Bars of a group stand together under its name. */
  readonly group?: string;
}

/** A measurement as it is shown. Less is better. */
export interface Figure {
  readonly title: string;
  /** What is measured, over what. */
  readonly says: string;
  /** `×` for a ratio. */
  readonly unit: '×' | 'ms' | 'tokens' | 'MB';
  readonly scale: 'linear' | 'log';
  /** A value to compare with, drawn as a line. */
  readonly reference?: { readonly value: number; readonly label: string };
  readonly bars: readonly Bar[];
}

/** Where it was measured. */
export interface Machine {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly os: string;
  readonly date: string;
  /** Packages and their versions. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Everything of one folder of `spec/bench`. */
export interface Measurement {
  /** Whether sizes were small and rounds few. */
  readonly quick: boolean;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/** `docs/figures/bench.json`: measurements by the name of their folder. */
export type Figures = Readonly<Record<string, Measurement>>;

/** A value with its unit, as short as it can be told. */
export function told(value: number | undefined, unit: Figure['unit']): string {
  if (value === undefined) return 'did not get through';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const number = Number(value.toFixed(digits)).toLocaleString('en-US');
  return unit === '×' ? `${number}×` : unit === 'tokens' ? number : `${number} ${unit}`;
}
