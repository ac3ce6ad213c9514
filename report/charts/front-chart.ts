// The Pareto plot: validation error against MACs, the front as a line, every finished individual as a point.
import type { EChartsOption } from 'echarts';
import type { IndividualRecord, Provenance } from '../../population/run/journal-events.ts';
import { operatorLabel, type FrontMember, type RunRecord } from '../../population/run/run-record.ts';
import { individualNames } from '../individual-name.ts';
import { counted, groupedCount, listed, percent } from '../number-text.ts';
import { countLabels, frame, type Chart, type ChartPoint } from './chart.ts';
import { linearRange, logRange, type AxisRange } from './ticks.ts';
import type { Theme } from './theme.ts';

/** A shape for each kind, so that no one has to tell colours apart. */
const kinds: Readonly<Record<Provenance['how'], { readonly label: string; readonly symbol: string }>> = {
  first: { label: 'First parents', symbol: 'rect' },
  mutation: { label: 'Mutated', symbol: 'circle' },
  stitching: { label: 'Stitched', symbol: 'diamond' },
};
const kindNames = Object.keys(kinds) as Provenance['how'][];
const frontName = 'Front';
const legendHeight = 44;
/** Equal areas look equal: a diamond's size is that of its diagonals, a square's of its sides. */
const symbolSizes: Readonly<Record<Provenance['how'], number>> = { first: 11, mutation: 12, stitching: 15 };

/** `members` are the record's front; undefined where that is empty. */
export function frontChart(record: RunRecord, members: readonly FrontMember[]): Chart | undefined {
  const finished = record.individuals.filter((individual) => individual.validation !== null);
  if (members.length === 0) return undefined;
  const front = new Set(members.map(({ id }) => id));
  const toPoint = pointMaker(record);
  const pointsOf = (how: Provenance['how'], onFront: boolean): ChartPoint[] =>
    finished.filter(({ id, provenance }) => provenance.how === how && front.has(id) === onFront).map(toPoint);
  const points = [true, false].flatMap((onFront) => kindNames.map((how) => pointsOf(how, onFront)));

  const compared = [...points.slice(0, kindNames.length).flat(), ...finished.filter(isFirst).map(toPoint)];
  const [x, y] = axisRanges(points.flat(), compared);
  const above = points.flat().filter(({ value }) => value[1] > y.max).length;
  const corners = points
    .slice(0, kindNames.length)
    .flat()
    .map(({ value }) => value);
  corners.sort(([a], [b]) => a - b);
  // From edge to edge: what lies right of and above the line is dominated by the front.
  const line = [[corners[0]![0], y.max], ...corners, [x.max, corners.at(-1)![1]]];
  return {
    id: 'front-chart',
    label: `Validation error in percent against multiply-accumulate operations, for ${counted(finished.length, 'individual')}`,
    detailNames: ['How made', 'Parents', 'Validation error', 'Test error', 'MACs', 'Parameters'],
    points,
    xLabels: countLabels(x),
    option: (theme) => frontOption(theme, x, y, above, line),
  };
}

function pointMaker(record: RunRecord): (individual: IndividualRecord) => ChartPoint {
  const nameOf = individualNames(record);
  return ({ id, provenance, validation, macs, params }) => {
    const test = record.tests.get(id);
    return {
      name: id,
      // A logarithmic axis has no zero.
      value: [Math.max(macs, 1), Number((100 * validation!.error).toFixed(4))],
      details: [
        operatorLabel(provenance),
        listed(provenance.parents.map(nameOf)) || 'none',
        percent(validation!.error),
        test ? percent(test.error) : 'not tested',
        groupedCount(macs),
        groupedCount(params),
      ],
    };
  };
}

function isFirst({ provenance }: IndividualRecord): boolean {
  return provenance.how === 'first';
}

/** All MACs, and errors up to twice the worst of those `compared`: a few bad children would press all others together. */
function axisRanges(points: readonly ChartPoint[], compared: readonly ChartPoint[]): [AxisRange, AxisRange] {
  const macs = points.map(({ value }) => value[0]);
  const errorsOf = (some: readonly ChartPoint[]): number[] => some.map(({ value }) => value[1]);
  const best = Math.min(...errorsOf(points));
  const worst = Math.min(Math.max(...errorsOf(points)), 2 * Math.max(...errorsOf(compared)) || Infinity);
  // From zero, unless that would leave most of the plot empty.
  const bottom = best < 0.5 * worst ? 0 : Math.max(0, best - 0.2 * (worst - best || best));
  return [logRange(Math.min(...macs), Math.max(...macs)), linearRange(bottom, Math.min(100, 1.05 * worst))];
}

function frontOption(
  theme: Theme,
  x: AxisRange,
  y: AxisRange,
  above: number,
  line: readonly (readonly number[])[],
): EChartsOption {
  return {
    ...frame(theme, {
      x: { name: 'MACs (log scale)', type: 'log', range: x },
      y: { name: `Validation error (%)${above > 0 ? `; ${above} above ${y.max} not shown` : ''}`, range: y },
      top: legendHeight,
    }),
    // On a phone the legend takes two lines.
    media: [
      { query: { maxWidth: 480 }, option: { grid: { top: legendHeight + 24 } } },
      { option: { grid: { top: legendHeight } } },
    ],
    legend: {
      top: 6,
      itemWidth: 14,
      itemHeight: 11,
      itemGap: 14,
      textStyle: { color: theme.text, fontSize: 13 },
      data: [
        ...kindNames.map((how) => ({ name: kinds[how].label, icon: kinds[how].symbol })),
        { name: frontName, icon: 'path://M0 0h14v2h-14z' },
      ],
    },
    series: [
      ...kindNames.map((how) => pointSeries(how, theme, { z: 4, size: symbolSizes[how], opacity: 1 })),
      ...kindNames.map((how) => pointSeries(how, theme, dominatedLooks(how))),
      {
        name: frontName,
        type: 'line',
        step: 'end',
        z: 3,
        silent: true,
        symbol: 'none',
        color: theme.front,
        lineStyle: { width: 2, color: theme.front },
        data: line.map((point) => [...point]),
      },
    ],
  };
}

// First parents are what the others are compared with: they are not faded, and nothing hides them.
function dominatedLooks(how: Provenance['how']): { z: number; size: number; opacity: number } {
  return { z: how === 'first' ? 5 : 2, size: 0.7 * symbolSizes[how], opacity: how === 'first' ? 1 : 0.45 };
}

// Series of one name share their entry in the legend, which takes its looks from the first of them.
function pointSeries(
  how: Provenance['how'],
  theme: Theme,
  { z, size, opacity }: { z: number; size: number; opacity: number },
): { name: string; type: 'scatter' } & Record<string, unknown> {
  const color = theme.kinds[how];
  return {
    name: kinds[how].label,
    type: 'scatter',
    symbol: kinds[how].symbol,
    symbolSize: size,
    z,
    // A rim in the background's colour sets overlapping points apart.
    itemStyle: { color, opacity, borderColor: theme.background, borderWidth: 1 },
    emphasis: { scale: 1.5, itemStyle: { color, opacity: 1, borderColor: theme.text } },
  };
}
