// What a chart of the report is before it is drawn: plain data, so that the server and the page draw the same.
import type { EChartsOption } from 'echarts';
import { compactCount } from '../number-text.ts';
import type { AxisLabels, ChartPoint } from './chart-data.ts';
import type { AxisRange } from './ticks.ts';
import type { Theme } from './theme.ts';

export interface Chart {
  /** The id of its place in the page. */
  readonly id: string;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly detailNames: readonly string[];
  /** The points of the option's first series, as many lists as there are series with such points. */
  readonly points: readonly (readonly ChartPoint[])[];
  readonly labels: { readonly x?: AxisLabels | undefined; readonly y?: AxisLabels | undefined };
  /** Everything else, without functions: it must survive JSON. */
  readonly option: (theme: Theme) => EChartsOption;
}

export interface Axis {
  readonly name: string;
  readonly type: 'log' | 'value';
  readonly range: AxisRange;
  readonly labels?: AxisLabels | undefined;
  /** From the highest value to the lowest: so that the best is at the lower end, and to the left. */
  readonly inverse?: boolean;
}

/** What surrounds the plot, the same in all charts: axes, background, tooltip. `top`: pixels above, for a legend. */
export function frame(theme: Theme, { x, y, top }: { x: Axis; y: Axis; top: number }): EChartsOption {
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
    xAxis: axisOption(theme, x, 'x'),
    yAxis: axisOption(theme, y, 'y'),
  };
}

/** How far off an axis its name stands, in pixels: beyond the ticks' texts. */
const nameGaps = { x: 32, y: 42 };

export function axisOption(theme: Theme, { name, type, range, inverse = false }: Axis, side: 'x' | 'y'): object {
  const { min, max, ticks } = range;
  return {
    type,
    name,
    min,
    max,
    inverse,
    nameGap: nameGaps[side],
    nameLocation: 'middle',
    nameTextStyle: { color: theme.text, fontSize: 13 },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.muted } },
    axisTick: { show: true, customValues: ticks },
    axisLabel: { color: theme.muted, fontSize: 12, hideOverlap: true, customValues: ticks },
    splitLine: { show: true, lineStyle: { color: theme.gridLine } },
  };
}

/** Short texts for the ticks of an axis of counts. */
export function countLabels({ ticks }: AxisRange): AxisLabels {
  return Object.fromEntries(ticks.map((tick) => [Math.round(tick), compactCount(tick)]));
}
