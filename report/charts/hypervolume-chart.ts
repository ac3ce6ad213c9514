// The chart of progress: how much of the objective space the front dominates after each generation.
import type { EChartsOption } from 'echarts';
import type { RunRecord } from '../../population/run/run-record.ts';
import { counted, groupedCount, percent } from '../number-text.ts';
import { countLabels, frame, type Chart } from './chart.ts';
import type { ChartPoint } from './chart-data.ts';
import { linearRange, type AxisRange } from './ticks.ts';
import type { Theme } from './theme.ts';

/** Undefined where no generation has been completed. */
export function hypervolumeChart({ generations }: Pick<RunRecord, 'generations'>): Chart | undefined {
  if (generations.length === 0) return undefined;
  const points = generations.map(({ generation, evaluations, hypervolume }): ChartPoint => {
    return {
      value: [evaluations, Number((100 * hypervolume).toFixed(4))],
      about: { name: `Generation ${generation}`, details: [groupedCount(evaluations), percent(hypervolume)] },
    };
  });
  const shares = points.map(({ value }) => value[1]);
  const [lowest, highest] = [Math.min(...shares), Math.max(...shares)];
  // A hundredth at least: smaller steps would not fit beside the axis, and not matter.
  const y = linearRange(lowest, Math.min(100, Math.max(highest, lowest + 1)), 4);
  const evaluations = Math.max(...points.map(({ value }) => value[0]), 1);
  // No room after the last generation: there is no more to come.
  const x = {
    min: 0,
    max: evaluations,
    ticks: linearRange(0, evaluations).ticks.filter((tick) => tick <= evaluations && Number.isInteger(tick)),
  };
  return {
    id: 'hypervolume-chart',
    label: `Hypervolume in percent of the reference box against evaluations, after ${counted(points.length, 'generation')}`,
    detailNames: ['Evaluations', 'Hypervolume'],
    points: [points],
    labels: { x: countLabels(x) },
    option: (theme) => hypervolumeOption(theme, x, y, points.length),
  };
}

function hypervolumeOption(theme: Theme, x: AxisRange, y: AxisRange, count: number): EChartsOption {
  return {
    ...frame(theme, {
      x: { name: 'Evaluations', type: 'value', range: x },
      y: { name: 'Hypervolume (%)', type: 'value', range: y },
      top: 16,
    }),
    series: [
      {
        type: 'line',
        symbol: 'circle',
        symbolSize: count > 60 ? 4 : 7,
        showAllSymbol: true,
        itemStyle: { color: theme.kinds.first },
        lineStyle: { color: theme.kinds.first, width: 2 },
      },
    ],
  };
}
