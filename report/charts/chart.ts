// What a chart of the report is before it is drawn: plain data, so that the server and the page draw the same.
import type { EChartsOption } from 'echarts';
import { compactCount } from '../number-text.ts';
import type { AxisRange } from './ticks.ts';
import type { Theme } from './theme.ts';

/** A point that shows its details when pointed at. */
export interface ChartPoint {
  readonly name: string;
  readonly value: readonly [number, number];
  /** One text for each of the chart's `detailNames`. */
  readonly details: readonly string[];
}

export interface Chart {
  /** The id of its place in the page. */
  readonly id: string;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly detailNames: readonly string[];
  /** The points of the option's first series, as many lists as there are series with such points. */
  readonly points: readonly (readonly ChartPoint[])[];
  /** Texts of the x axis by value, rounded. */
  readonly xLabels: Readonly<Record<number, string>>;
  /** Everything else, without functions: it must survive JSON. */
  readonly option: (theme: Theme) => EChartsOption;
}

export interface FrameSettings {
  readonly x: { readonly name: string; readonly type: 'log' | 'value'; readonly range: AxisRange };
  readonly y: { readonly name: string; readonly range: AxisRange };
  /** Pixels above the plot, for a legend. */
  readonly top: number;
}

/** What surrounds the plot, the same in all charts: axes, background, tooltip. */
export function frame(theme: Theme, { x, y, top }: FrameSettings): EChartsOption {
  const axis = ({ min, max, ticks }: AxisRange): object => ({
    min,
    max,
    nameLocation: 'middle',
    nameTextStyle: { color: theme.text, fontSize: 13 },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.muted } },
    axisTick: { show: true, customValues: ticks },
    axisLabel: { color: theme.muted, fontSize: 12, hideOverlap: true, customValues: ticks },
    splitLine: { show: true, lineStyle: { color: theme.gridLine } },
  });
  return {
    animation: false,
    backgroundColor: theme.background,
    textStyle: { color: theme.text, fontFamily: 'system-ui, sans-serif' },
    // Room for what is written beside the axes is set here: worked out from the texts, it would differ by font.
    grid: { left: 62, right: 18, top, bottom: 54, outerBoundsMode: 'none' },
    tooltip: {
      trigger: 'item',
      confine: true,
      backgroundColor: theme.surface,
      borderColor: theme.border,
      textStyle: { color: theme.text, fontSize: 13 },
    },
    xAxis: { ...axis(x.range), type: x.type, name: x.name, nameGap: 32 },
    yAxis: { ...axis(y.range), type: 'value', name: y.name, nameGap: 42 },
  };
}

/** Short texts for the ticks of an axis of counts. */
export function countLabels({ ticks }: AxisRange): Readonly<Record<number, string>> {
  return Object.fromEntries(ticks.map((tick) => [Math.round(tick), compactCount(tick)]));
}
