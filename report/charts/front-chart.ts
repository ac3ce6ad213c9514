// The Pareto plot: one objective against another, the front as a line, every finished individual as a point.
import type { EChartsOption } from 'echarts';
import type { FrontMember, RunRecord } from '../../population/run/run-record.ts';
import { boundsOf } from '../bounds.ts';
import { kneePoint } from '../knee-point.ts';
import { counted } from '../number-text.ts';
import { shownValue } from '../objectives.ts';
import { plottedObjectives } from '../plotted-objectives.ts';
import { frame, type Axis, type Chart } from './chart.ts';
import type { ChartPoint } from './chart-data.ts';
import { frontBesideLine, frontView } from './front-view.ts';
import { kindLegend, kindNames, kindSeries, legendOption, type Kind } from './kinds.ts';
import { objectiveAxes, placeOn, type ObjectiveAxis } from './objective-axes.ts';
import type { Theme } from './theme.ts';

const frontName = 'Front';
const legendHeight = 44;

/** Of `plottedObjectives`. `members` are the record's front; undefined where that is empty. */
export function frontChart(record: RunRecord, members: readonly FrontMember[]): Chart | undefined {
  if (members.length === 0) return undefined;
  const axes = objectiveAxes(record, members);
  const plotted = plottedObjectives(record);
  const [x, y] = [axes.get(plotted[0].key)!, axes.get(plotted[1].key)!];
  const { front, line } = frontView(record, [x, y]);
  const bright = new Set([...front, ...frontBesideLine(record, members)]);
  const places = [...record.individuals.keys()].filter((place) => record.individuals[place]!.validation !== null);
  const pointOf = (place: number): ChartPoint => ({ individual: place, value: positionOf(record, place, [x, y]) });
  const pointsOf = (kind: Kind, group: (place: number) => boolean): ChartPoint[] =>
    places.filter((place) => record.individuals[place]!.provenance.how === kind && group(place)).map(pointOf);
  const feasible = (place: number): boolean => record.individuals[place]!.violation === 0;
  const groups = [
    (place: number): boolean => bright.has(place),
    (place: number): boolean => feasible(place) && !bright.has(place),
    (place: number): boolean => !feasible(place),
  ];
  const kneeId = kneePoint(members, plotted)?.id;
  const knee = places.filter((place) => record.individuals[place]!.id === kneeId).map(pointOf);
  return {
    id: 'front-chart',
    label: `${y.objective.axisTitle} against ${x.objective.axisTitle}, for ${counted(places.length, 'individual')}`,
    detailNames: [],
    points: [...groups.flatMap((group) => kindNames.map((kind) => pointsOf(kind, group))), knee],
    labels: { x: x.labels, y: y.labels },
    option: (theme) => frontOption(theme, [x, y], { line, bounds: boundLines(record, [x, y]) }),
  };
}

function positionOf(
  { individuals, tests }: RunRecord,
  place: number,
  [x, y]: [ObjectiveAxis, ObjectiveAxis],
): [number, number] {
  const individual = individuals[place]!;
  return [
    placeOn(x, shownValue(x.objective, individual, tests)!),
    placeOn(y, shownValue(y.objective, individual, tests)!),
  ];
}

/** Where constraints bound the axes. */
function boundLines({ start }: RunRecord, [x, y]: [ObjectiveAxis, ObjectiveAxis]): object[] {
  return boundsOf(start).flatMap(({ key, value }) => [
    ...(key === x.objective.key ? [{ xAxis: value * x.objective.factor }] : []),
    ...(key === y.objective.key ? [{ yAxis: value * y.objective.factor }] : []),
  ]);
}

/** The page's script finds the last series by their ids, and gives them other data (page/client/front-plot.ts). */
function frontOption(
  theme: Theme,
  [x, y]: [Axis, Axis],
  { line, bounds }: { line: readonly (readonly number[])[]; bounds: object[] },
): EChartsOption {
  return {
    ...frame(theme, { x, y, top: legendHeight }),
    // On a phone the legend takes two lines.
    media: [
      { query: { maxWidth: 480 }, option: { grid: { top: legendHeight + 24 } } },
      { option: { grid: { top: legendHeight } } },
    ],
    legend: {
      ...legendOption(theme),
      data: [...kindLegend, { name: frontName, icon: 'path://M0 0h14v2h-14z' }],
    },
    series: [
      ...kindNames.map((kind) => kindSeries(kind, theme, { z: 4, scale: 1, opacity: 1 })),
      ...kindNames.map((kind) => kindSeries(kind, theme, dominatedLooks(kind))),
      ...kindNames.map((kind) => ({
        ...kindSeries(kind, theme, { z: 1, scale: 0.6, opacity: 1 }),
        itemStyle: ringStyle(theme.kinds[kind], 1),
      })),
      {
        ...ringSeries('knee', theme.text, 22),
        label: { show: true, formatter: 'knee', position: 'bottom', distance: 6, color: theme.text, fontSize: 12 },
      },
      {
        id: 'line',
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
      { ...ringSeries('chosen', theme.text, 28), itemStyle: ringStyle(theme.text, 3) },
      {
        ...ringSeries('budget', theme.text, 22),
        itemStyle: { ...ringStyle(theme.text, 1.5), borderType: 'dashed' },
        markLine: lineAcross(theme.text, 'dashed', []),
      },
      { ...ringSeries('bounds', theme.text, 0), markLine: lineAcross(theme.muted, 'dotted', bounds) },
    ],
  };
}

/** A ring about points of the other series. */
function ringSeries(id: string, color: string, size: number): { type: 'scatter' } & Record<string, unknown> {
  return {
    id,
    type: 'scatter',
    symbol: 'circle',
    symbolSize: size,
    z: 6,
    silent: true,
    itemStyle: ringStyle(color, 1.5),
    data: [],
  };
}

/** Lines across the plot, each as the axis and where it stands on that. */
function lineAcross(color: string, type: 'dashed' | 'dotted', data: object[]): object {
  return {
    silent: true,
    symbol: 'none',
    label: { show: false },
    lineStyle: { color, type, width: type === 'dashed' ? 1 : 2 },
    data,
  };
}

function ringStyle(color: string, borderWidth: number): object {
  return { color: 'transparent', borderColor: color, borderWidth };
}

// First parents are what the others are compared with: they are not faded, and nothing hides them.
function dominatedLooks(kind: Kind): { z: number; scale: number; opacity: number } {
  return { z: kind === 'first' ? 5 : 2, scale: 0.7, opacity: kind === 'first' ? 1 : 0.45 };
}
