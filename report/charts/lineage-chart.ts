// The lineage: every individual as a point in the column of its generation, joined to its parents.
import type { EChartsOption } from 'echarts';
import type { FrontMember, RunRecord } from '../../population/run/run-record.ts';
import { counted } from '../number-text.ts';
import { frame, type Chart } from './chart.ts';
import type { ChartPoint } from './chart-data.ts';
import { kindLegend, kindNames, kindSeries, legendOption } from './kinds.ts';
import { lineageLayout } from './lineage-layout.ts';
import { linearRange, type AxisRange } from './ticks.ts';
import type { Theme } from './theme.ts';

/** `members` are the record's front; undefined where that is empty. */
export function lineageChart(record: RunRecord, members: readonly FrontMember[]): Chart | undefined {
  const { individuals } = record;
  if (members.length === 0) return undefined;
  const places = lineageLayout(record);
  const ancestry = ancestryOf(record, members);
  const points = [true, false].flatMap((ofFront) =>
    kindNames.map((kind) =>
      individuals.flatMap(({ id, provenance }, index): ChartPoint[] =>
        provenance.how === kind && ancestry.has(id) === ofFront ? [{ individual: index, value: places[index]! }] : [],
      ),
    ),
  );
  const last = Math.max(...places.map(([generation]) => generation));
  const widest = Math.max(...places.map(([, lane]) => lane));
  return {
    id: 'lineage-chart',
    label: `Lineage of ${counted(individuals.length, 'individual')} over ${counted(last, 'generation')}`,
    detailNames: [],
    points,
    labels: {},
    option: (theme) => lineageOption(theme, [last, widest], individuals.length > 500 ? 0.15 : 0.4),
  };
}

/** Ids of the front's members and of all that they descend from. */
function ancestryOf({ individuals }: RunRecord, members: readonly FrontMember[]): ReadonlySet<string> {
  const ancestry = new Set(members.map(({ id }) => id));
  // Parents are always older.
  for (const { id, provenance } of individuals.toReversed())
    if (ancestry.has(id)) for (const parent of provenance.parents) ancestry.add(parent);
  return ancestry;
}

/** The page's script adds the edges, which follow from the points (page/client/lineage-plot.ts). */
function lineageOption(theme: Theme, [last, widest]: readonly [number, number], opacity: number): EChartsOption {
  const x: AxisRange = {
    min: -0.5,
    max: last + 0.5,
    ticks: linearRange(0, last, 8).ticks.filter((tick) => tick <= last && Number.isInteger(tick)),
  };
  // Lanes have no names.
  const y: AxisRange = { min: -widest - 1, max: widest + 1, ticks: [] };
  const framed = frame(theme, {
    x: { name: 'Generation', type: 'value', range: x },
    y: { name: '', type: 'value', range: y },
    top: 44,
  });
  const edges = { type: 'lines', coordinateSystem: 'cartesian2d', silent: true, data: [] } as const;
  return {
    ...framed,
    grid: { left: 14, right: 18, top: 44, bottom: 54, outerBoundsMode: 'none' },
    yAxis: { show: false, min: y.min, max: y.max },
    dataZoom: [
      { xAxisIndex: 0, minSpan: spanOf(6, last + 1) },
      { yAxisIndex: 0, minSpan: spanOf(12, 2 * widest + 2) },
    ].map((axis) => ({
      ...axis,
      type: 'inside',
      filterMode: 'none',
      // A wheel alone scrolls the page.
      zoomOnMouseWheel: 'ctrl',
    })),
    legend: { ...legendOption(theme), data: kindLegend },
    series: [
      ...[true, false].flatMap((ofFront) =>
        kindNames.map((kind) => ({
          ...kindSeries(kind, theme, { z: ofFront ? 4 : 3, scale: ofFront ? 0.9 : 0.6, opacity: ofFront ? 1 : 0.45 }),
          label: {
            position: 'bottom' as const,
            distance: 3,
            color: ofFront ? theme.text : theme.muted,
            opacity: 1,
            fontSize: 11,
          },
          labelLayout: { hideOverlap: true },
        })),
      ),
      {
        ...edges,
        id: 'edges',
        z: 1,
        large: true,
        lineStyle: { color: theme.front, width: 1, opacity, curveness: 0.15 },
      },
      { ...edges, id: 'path', z: 2, lineStyle: { color: theme.text, width: 2.5, opacity: 1, curveness: 0.15 } },
    ],
  };
}

/** Percent of an axis of `all` columns or lanes that shows so many of them: no one needs to zoom further. */
function spanOf(some: number, all: number): number {
  return Math.min(100, (100 * some) / all);
}
