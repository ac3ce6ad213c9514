// As much of the settings of ECharts as this script reads and changes; the rest is passed on as it is.
import type { EChartsOption, EChartsType } from 'echarts';

export interface PlainSeries {
  readonly id?: string;
  data?: readonly unknown[];
  label?: object;
  markLine?: object;
}

export interface PlainAxis {
  readonly axisLabel: { formatter?: (value: number) => string };
}

/** What is given: one axis a side. */
export interface PlainOption {
  xAxis: PlainAxis;
  yAxis: PlainAxis;
  readonly parallelAxis: readonly PlainAxis[];
  readonly series: readonly PlainSeries[];
  readonly tooltip: { formatter?: (item: { readonly data: never }) => HTMLElement };
  readonly legend?: { selected?: object };
  readonly dataZoom: readonly PlainZoom[];
}

interface PlainZoom {
  disabled?: boolean;
  startValue?: number;
  endValue?: number;
}

/** What a chart tells of itself: all in lists, with what it worked out. */
export interface DrawnOption {
  readonly xAxis: readonly DrawnAxis[];
  readonly yAxis: readonly DrawnAxis[];
  readonly parallelAxis: readonly DrawnAxis[];
  readonly legend?: readonly { readonly selected: object }[];
  /** `start` and `end` in percent of the axis. */
  readonly dataZoom: readonly {
    readonly start: number;
    readonly end: number;
    readonly startValue: number;
    readonly endValue: number;
    readonly minSpan: number;
  }[];
}

interface DrawnAxis {
  readonly min: number;
  readonly max: number;
}

/** A copy that may be changed. */
export function plainOption(option: EChartsOption): PlainOption {
  return structuredClone(option) as unknown as PlainOption;
}

export function drawnOption(instance: EChartsType): DrawnOption {
  return instance.getOption() as unknown as DrawnOption;
}

/** Gives an axis the texts of its ticks, if they have some. */
export function labelAxis(axis: PlainAxis, labels: Readonly<Record<number, string>> | null | undefined): void {
  if (labels) axis.axisLabel.formatter = (value) => labels[Math.round(value)] ?? '';
}
