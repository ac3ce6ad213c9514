// Parallel coordinates: an axis for each objective, and a line across them for each finished individual.
import type { EChartsOption } from 'echarts';
import type { RunRecord } from '../../population/run/run-record.ts';
import { headingOf, objectivesOf, shownValue, type Objective } from '../objectives.ts';
import { countLabels } from './chart.ts';
import type { AxisLabels } from './chart-data.ts';
import { kindLegend, kindNames, kinds, legendOption } from './kinds.ts';
import { linearRange, logRange, type AxisRange } from './ticks.ts';
import type { Theme } from './theme.ts';

export interface ParallelChart {
  readonly id: string;
  readonly objectives: readonly Objective[];
  /** Texts of the axes, in the order of the objectives. */
  readonly labels: readonly (AxisLabels | null)[];
  readonly option: (theme: Theme) => EChartsOption;
}

/** Undefined where fewer than two individuals have finished: there is nothing to compare. */
export function parallelChart(record: RunRecord): ParallelChart | undefined {
  const { individuals, tests } = record;
  const finished = individuals.filter(({ validation }) => validation !== null);
  if (finished.length < 2) return undefined;
  const axes = objectivesOf(record).flatMap((objective) => {
    const values = finished
      .map((individual) => shownValue(objective, individual, tests))
      .filter((value) => value !== null);
    return values.length > 0 ? [{ objective, range: rangeOf(objective, values) }] : [];
  });
  return {
    id: 'parallel-chart',
    objectives: axes.map(({ objective }) => objective),
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

/** Names stand on one side of all axes, whichever way these go. */
function nameAt({ maximise }: Objective, side: 'start' | 'end'): 'start' | 'end' {
  return maximise ? (side === 'start' ? 'end' : 'start') : side;
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
        // Lines cross the texts.
        axisLabel: { color: theme.text, fontSize: 11, textBorderColor: theme.background, textBorderWidth: 3 },
        areaSelectStyle: { width: 22, color: theme.text, borderColor: theme.text, opacity: 0.2 },
      },
    },
    parallelAxis: axes.map(({ objective, range: { min, max, ticks } }, dim) => ({
      dim,
      name: headingOf(objective).replace(' ', '\n'),
      type: objective.scale,
      min,
      max,
      inverse: objective.maximise ?? false,
      axisTick: { customValues: [...ticks] },
      axisLabel: { customValues: [...ticks] },
    })),
    // Beside each other the axes would have no room on a phone.
    media: [
      {
        query: { maxWidth: 560 },
        option: {
          parallel: { layout: 'vertical', left: 90, right: 24, top: 60, bottom: 30 },
          parallelAxis: axes.map(({ objective }) => ({ nameLocation: nameAt(objective, 'start') })),
        },
      },
      {
        option: {
          parallel: { layout: 'horizontal', left: 50, right: 60, top: 84, bottom: 20 },
          parallelAxis: axes.map(({ objective }) => ({ nameLocation: nameAt(objective, 'end') })),
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
