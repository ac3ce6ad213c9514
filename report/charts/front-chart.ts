// The Pareto plot: one objective against another, the front as a line, every finished individual as a point.
import type { EChartsOption } from 'echarts';
import type { FrontMember, RunRecord } from '../../population/run/run-record.ts';
import { kneePoint } from '../knee-point.ts';
import { counted } from '../number-text.ts';
import { objectiveOf, shownValue } from '../objectives.ts';
import { frame, type Axis, type Chart, type ChartPoint } from './chart.ts';
import { frontView } from './front-view.ts';
import { kindLegend, kindNames, kindSeries, legendOption, type Kind } from './kinds.ts';
import { objectiveAxes, placeOn } from './objective-axes.ts';
import type { Theme } from './theme.ts';

const frontName = 'Front';
const legendHeight = 44;

/** Validation error against MACs. `members` are the record's front; undefined where that is empty. */
export function frontChart(record: RunRecord, members: readonly FrontMember[]): Chart | undefined {
  if (members.length === 0) return undefined;
  const axes = objectiveAxes(record, members);
  const [x, y] = [axes.get('macs')!, axes.get('error')!];
  const { front, line } = frontView(record, ['macs', 'error'], [x, y]);
  const onLine = new Set(front);
  const places = [...record.individuals.keys()].filter((place) => record.individuals[place]!.validation !== null);
  const pointOf = (place: number): ChartPoint => ({ individual: place, value: positionOf(record, place, [x, y]) });
  const pointsOf = (kind: Kind, onFront: boolean): ChartPoint[] =>
    places
      .filter((place) => record.individuals[place]!.provenance.how === kind && onLine.has(place) === onFront)
      .map(pointOf);
  const kneeId = kneePoint(members)?.id;
  const knee = places.filter((place) => record.individuals[place]!.id === kneeId).map(pointOf);
  return {
    id: 'front-chart',
    label: `Validation error in percent against multiply-accumulate operations, for ${counted(places.length, 'individual')}`,
    detailNames: [],
    points: [...[true, false].flatMap((onFront) => kindNames.map((kind) => pointsOf(kind, onFront))), knee],
    labels: { x: x.labels, y: y.labels },
    option: (theme) => frontOption(theme, [x, y], line),
  };
}

function positionOf({ individuals, tests }: RunRecord, place: number, [x, y]: [Axis, Axis]): [number, number] {
  const individual = individuals[place]!;
  return [
    placeOn(x, shownValue(objectiveOf('macs'), individual, tests)!),
    placeOn(y, shownValue(objectiveOf('error'), individual, tests)!),
  ];
}

/** The page's script finds the last series by their ids, and gives them other data (page/client/front-plot.ts). */
function frontOption(theme: Theme, [x, y]: [Axis, Axis], line: readonly (readonly number[])[]): EChartsOption {
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
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: theme.text, type: 'dashed', width: 1 },
          data: [],
        },
      },
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

function ringStyle(color: string, borderWidth: number): object {
  return { color: 'transparent', borderColor: color, borderWidth };
}

// First parents are what the others are compared with: they are not faded, and nothing hides them.
function dominatedLooks(kind: Kind): { z: number; scale: number; opacity: number } {
  return { z: kind === 'first' ? 5 : 2, scale: 0.7, opacity: kind === 'first' ? 1 : 0.45 };
}
