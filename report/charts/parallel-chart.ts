// Parallel coordinates: an axis for each objective, and a line across them for each finished individual.
import type { EChartsOption } from 'echarts';
import type { RunRecord } from '../../population/run/run-record.ts';
import { objectives, shownValue, type Objective } from '../objectives.ts';
import { countLabels, type AxisLabels } from './chart.ts';
import { kindLegend, kindNames, kinds, legendOption } from './kinds.ts';
import { linearRange, logRange, type AxisRange } from './ticks.ts';
import type { Theme } from './theme.ts';

export interface ParallelChart {
  readonly id: string;
  readonly keys: readonly Objective['key'][];
  /** Texts of the axes, in the order of `keys`. */
  readonly labels: readonly (AxisLabels | null)[];
  readonly option: (theme: Theme) => EChartsOption;
}

/** Undefined where fewer than two individuals have finished: there is nothing to compare. */
export function parallelChart({ individuals, tests }: RunRecord): ParallelChart | undefined {
  const finished = individuals.filter(({ validation }) => validation !== null);
  if (finished.length < 2) return undefined;
  const axes = objectives.flatMap((objective) => {
    const values = finished
      .map((individual) => shownValue(objective, individual, tests))
      .filter((value) => value !== null);
    return values.length > 0 ? [{ objective, range: rangeOf(objective, values) }] : [];
  });
  return {
    id: 'parallel-chart',
    keys: axes.map(({ objective }) => objective.key),
    labels: axes.map(({ objective, range }) => (objective.scale === 'log' ? countLabels(range) : null)),
    // Many lines would be a surface.
    option: (theme) => parallelOption(theme, axes, Math.min(0.45, Math.max(0.06, 60 / finished.length))),
  };
}

interface ParallelAxis {
  readonly objective: Objective;
  readonly range: AxisRange;
}

function rangeOf({ scale }: Objective, values: readonly number[]): AxisRange {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return scale === 'log' ? logRange(Math.max(low, 1), Math.max(high, 1)) : linearRange(low, high);
}

function parallelOption(theme: Theme, axes: readonly ParallelAxis[], opacity: number): EChartsOption {
  return {
    animation: false,
    backgroundColor: theme.background,
    textStyle: { color: theme.text, fontFamily: 'system-ui, sans-serif' },
    legend: { ...legendOption(theme), data: kindLegend },
    parallel: {
      parallelAxisDefault: {
        nameGap: 14,
        nameTextStyle: { color: theme.text, fontSize: 12, lineHeight: 15 },
        axisLine: { lineStyle: { color: theme.muted } },
        axisTick: { lineStyle: { color: theme.muted } },
        axisLabel: { color: theme.muted, fontSize: 11 },
        areaSelectStyle: { width: 22, color: theme.text, borderColor: theme.text, opacity: 0.2 },
      },
    },
    parallelAxis: axes.map(({ objective: { title, scale, unit }, range: { min, max, ticks } }, dim) => ({
      dim,
      name: `${title}${unit === '' ? '' : ` (${unit.trim()})`}`.replace(' ', '\n'),
      type: scale,
      min,
      max,
      axisTick: { customValues: [...ticks] },
      axisLabel: { customValues: [...ticks] },
    })),
    // Beside each other the axes would have no room on a phone.
    media: [
      {
        query: { maxWidth: 560 },
        option: {
          parallel: { layout: 'vertical', left: 90, right: 24, top: 60, bottom: 30 },
          parallelAxis: axes.map(() => ({ nameLocation: 'start' as const })),
        },
      },
      {
        option: {
          parallel: { layout: 'horizontal', left: 50, right: 60, top: 84, bottom: 20 },
          parallelAxis: axes.map(() => ({ nameLocation: 'end' as const })),
        },
      },
    ],
    series: [false, true].flatMap((onFront) =>
      kindNames.map((kind) => ({
        type: 'parallel' as const,
        name: kinds[kind].label,
        color: theme.kinds[kind],
        z: onFront ? 3 : 2,
        lineStyle: { color: theme.kinds[kind], width: onFront ? 2.5 : 1, opacity: onFront ? 1 : opacity },
        activeOpacity: onFront ? 1 : Math.max(opacity, 0.5),
        inactiveOpacity: 0.03,
        data: [],
      })),
    ),
  };
}
