// The lineage with its edges, zoom, operator labels, and the path to the chosen individual.
import type { EChartsType } from 'echarts';
import type { ChartPoint } from '../../charts/chart-data.ts';
import { chosenPlace, watchChoice } from './choice.ts';
import { found } from './elements.ts';
import { interactiveChart, type ThemeName } from './interactive-chart.ts';
import { drawnOption, plainOption, type DrawnOption, type PlainOption } from './plain-option.ts';
import { individuals, run, watchRun } from './run-data.ts';

/** So many points in sight can be labelled. */
const labelledPoints = 150;

type Position = readonly [number, number];

interface Edge {
  readonly coords: readonly [Position, Position];
}

/** Where nothing can be moved a finger scrolls the page. */
const finger = matchMedia('(pointer: coarse)').matches;

export function lineagePlot(): void {
  let places = placesOf(points());

  function option(theme: ThemeName, before: DrawnOption | undefined): PlainOption {
    places = placesOf(points());
    const themed = plainOption(run.charts.lineage!.options[theme]);
    const zoomed = before && !isWhole(before) ? before : undefined;
    for (const [index, axis] of themed.dataZoom.entries()) {
      const { start, end, startValue, endValue } = before?.dataZoom[index] ?? { start: 0, end: 100 };
      // What the reader looks at stays in sight, and more of it where that was all.
      if (end - start < 100) Object.assign(axis, { startValue, endValue });
      axis.disabled = finger && !zoomed;
    }
    const shown = label(zoomed ? inSight(places, windowsOf(zoomed)) : places.length);
    for (const index of points().keys()) Object.assign(themed.series[index]!.label!, shown.label);
    themed.series.find(({ id }) => id === 'edges')!.data = individuals.flatMap(({ place }) => edgesTo(places, place));
    return themed;
  }

  /** Moves the view to a point outside of it. */
  function reveal(instance: EChartsType, { value }: ChartPoint): void {
    if (inSight([value], windowsOf(drawnOption(instance))) === 0) zoom(instance, 1, value);
  }

  const marks = () => [{ id: 'path', data: ancestryEdges(places, chosenPlace()) }];
  const { id } = run.charts.lineage!;
  const { instance, draw, mark } = interactiveChart({ id, option, points, marks, reveal });
  instance.on('datazoom', () => {
    const drawn = drawnOption(instance);
    const shown = label(inSight(places, windowsOf(drawn)));
    instance.setOption({
      dataZoom: drawn.dataZoom.map(() => ({ disabled: finger && isWhole(drawn) })),
      series: points().map(() => shown),
    });
  });
  const buttons = { 'lineage-in': 0.5, 'lineage-out': 2, 'lineage-all': Infinity };
  for (const [button, factor] of Object.entries(buttons))
    found(button)!.addEventListener('click', () => {
      zoom(instance, factor, places[chosenPlace()]!);
    });
  watchRun(draw);
  watchChoice(mark);
}

function points(): readonly (readonly ChartPoint[])[] {
  return run.charts.lineage!.points;
}

/** Of each individual. */
function placesOf(lists: readonly (readonly ChartPoint[])[]): Position[] {
  const places: Position[] = [];
  for (const { individual, value } of lists.flat()) places[individual!] = value;
  return places;
}

function edgesTo(places: readonly Position[], place: number): Edge[] {
  return individuals[place]!.parents.flatMap((parent) =>
    typeof parent === 'number' ? [{ coords: [places[parent]!, places[place]!] as const }] : [],
  );
}

/** From the individual back to the first parents, along all parents. */
function ancestryEdges(places: readonly Position[], place: number): Edge[] {
  const met = new Set([place]);
  for (const one of met)
    for (const parent of individuals[one]!.parents) if (typeof parent === 'number') met.add(parent);
  return [...met].flatMap((one) => edgesTo(places, one));
}

/** Of each point its operator, while there are few of them. */
function label(shown: number): { label: object } {
  const formatter = ({ data }: { data: { individual: number } }): string => individuals[data.individual]!.made;
  return { label: { show: shown <= labelledPoints, formatter } };
}

function windowsOf({ dataZoom }: DrawnOption): Position[] {
  return dataZoom.map(({ startValue, endValue }) => [startValue, endValue]);
}

function isWhole({ dataZoom }: DrawnOption): boolean {
  return dataZoom.every(({ start, end }) => end - start === 100);
}

/** How many of them lie within. */
function inSight(places: readonly Position[], windows: readonly Position[]): number {
  return places.filter((place) =>
    place.every((coordinate, axis) => coordinate >= windows[axis]![0] && coordinate <= windows[axis]![1]),
  ).length;
}

function zoom(instance: EChartsType, factor: number, value: Position): void {
  const drawn = drawnOption(instance);
  const centre = [drawn.xAxis[0]!, drawn.yAxis[0]!].map(
    ({ min, max }, axis) => (100 * (value[axis]! - min)) / (max - min),
  );
  for (const [dataZoomIndex, { start, end, minSpan }] of drawn.dataZoom.entries()) {
    const width = Math.min(Math.max((end - start) * factor, minSpan), 100);
    const from = Math.min(Math.max(centre[dataZoomIndex]! - width / 2, 0), 100 - width);
    instance.dispatchAction({ type: 'dataZoom', dataZoomIndex, start: from, end: from + width });
  }
}
