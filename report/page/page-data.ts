// What the page's script is given: types only, for those who write it and for the script that reads it.
import type { EChartsOption } from 'echarts';
import type { AxisLabels, ChartPoint } from '../charts/chart-data.ts';
import type { Architectures } from '../shown-layers.ts';

/** For each of the page's colours. */
export interface InThemes<T> {
  readonly light: T;
  readonly dark: T;
}

/** A list has an entry for each individual, in the order of the record: its place. */
export interface PageData {
  /** When the run began, in milliseconds since 1970: another number is another run. */
  readonly started: number;
  /** The run's folder as a shell reads it. */
  readonly folder: string;
  /** Whether models can be had from the server that the page came from. */
  readonly models: boolean;
  readonly individuals: {
    readonly ids: readonly string[];
    /** Of those that have one. */
    readonly names: Readonly<Record<number, string>>;
    /** Place among the kinds: a first parent, mutated, stitched. */
    readonly kinds: readonly number[];
    readonly labels: readonly string[];
    /** Places in `labels`. */
    readonly made: readonly number[];
    /** Places; an ancestor that the record does not know is an id. */
    readonly parents: readonly (readonly (number | string)[])[];
    readonly generations: readonly number[];
    /** Why those failed that did. */
    readonly failures: Readonly<Record<number, string>>;
    /** Which constraints those break that break some. */
    readonly breaches: Readonly<Record<number, string>>;
    /** Of those whose validation a rung ended: from how many samples error and loss are estimates. */
    readonly estimates: Readonly<Record<number, number>>;
  };
  /** In the validation part. */
  readonly samples: number;
  readonly objectives: readonly PageObjective[];
  /** Keys of what is plotted at first; in y the best are looked for. */
  readonly plotted: { readonly x: string; readonly y: string };
  /** Places, by rising MACs. */
  readonly front: readonly number[];
  /** Its place. */
  readonly knee: number | null;
  readonly architectures: Architectures;
  readonly charts: {
    readonly front?: FrontPlotData | undefined;
    readonly hypervolume?: ChartData | undefined;
    readonly lineage?: ChartData | undefined;
    readonly parallel?: ParallelData | undefined;
  };
}

export interface PageObjective {
  readonly key: string;
  readonly title: string;
  /** The title within a sentence. */
  readonly words: string;
  readonly scale: 'log' | 'value';
  readonly decimals: number;
  readonly unit: string;
  readonly maximise: boolean;
  readonly caveat: string | undefined;
  /** Values that constraints name. */
  readonly bounds: readonly number[];
  /** Null where it was not measured. */
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  readonly id: string;
  readonly detailNames: readonly string[];
  readonly points: readonly (readonly ChartPoint[])[];
  readonly labels: { readonly x?: AxisLabels | undefined; readonly y?: AxisLabels | undefined };
  readonly options: InThemes<EChartsOption>;
}

/** Its points follow from the individuals and the objectives that the reader chooses. */
export interface FrontPlotData extends Pick<ChartData, 'id' | 'options'> {
  /** By the keys of x and y with a space between: who is best, and the line through them. */
  readonly views: Readonly<
    Record<string, { readonly front: readonly number[]; readonly line: readonly (readonly number[])[] }>
  >;
  /** Who is on the run's front, where the lines do not show it. */
  readonly besideLine: readonly number[];
  /** By key and side. */
  readonly axes: InThemes<Readonly<Record<string, { readonly x: object; readonly y: object }>>>;
  readonly axisLabels: Readonly<Record<string, AxisLabels | undefined>>;
}

export interface ParallelData extends Pick<ChartData, 'id' | 'options'> {
  readonly keys: readonly string[];
  readonly labels: readonly (AxisLabels | null)[];
}
