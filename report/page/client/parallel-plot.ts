// Parallel coordinates, and who lies within the limits drawn or typed on their axes.
import type { EChartsOption, EChartsType } from 'echarts';
import { found, individualLink, type Child } from './elements.ts';
import { chartIn, drawInTheme, type ThemeName } from './interactive-chart.ts';
import { drawnOption, labelAxis, plainOption } from './plain-option.ts';
import { bestFirst, individuals, objective, placeOn, run, watchRun, type Individual } from './run-data.ts';

const listedMatches = 12;

type Fields = readonly [from: HTMLInputElement, to: HTMLInputElement];

export function parallelPlot(): void {
  const { instance } = chartIn(run.charts.parallel!.id);
  // What is drawn on the axes is what the fields say, and the other way round: but a field is not rewritten while typed in.
  let typed = false;

  function draw(theme: ThemeName): void {
    const chart = run.charts.parallel!;
    const themed = plainOption(chart.options[theme]);
    const front = new Set(run.front);
    const lists = themed.series.map((): { value: (number | '-')[] }[] => []);
    for (const one of finished()) lists[one.kind + (front.has(one.place) ? 3 : 0)]!.push({ value: valuesOf(one) });
    for (const [index, series] of themed.series.entries()) series.data = lists[index]!;
    for (const [index, labels] of chart.labels.entries()) labelAxis(themed.parallelAxis[index]!, labels);
    instance.setOption(themed as unknown as EChartsOption, true);
    brushTyped();
  }

  function brushTyped(): void {
    typed = true;
    const axes = drawnOption(instance).parallelAxis;
    for (const [parallelAxisIndex, limits] of limitsOf().entries()) {
      const { min, max } = axes[parallelAxisIndex]!;
      const intervals = isOpen(limits) ? [] : [limits.map((end) => Math.min(Math.max(end, min), max))];
      instance.dispatchAction({ type: 'axisAreaSelect', parallelAxisIndex, intervals });
    }
    typed = false;
    showMatches();
  }

  function readBrushes(): void {
    if (typed) return;
    for (const [axis, { min, max }] of drawnOption(instance).parallelAxis.entries()) {
      const [from, to] = fieldsOf(run.charts.parallel!.keys[axis]!);
      const ends = activeIntervals(instance, axis).flat();
      const [low, high] = ends.length === 0 ? [min, max] : [Math.min(...ends), Math.max(...ends)];
      from.value = low <= min ? '' : String(Number(low.toPrecision(4)));
      to.value = high >= max ? '' : String(Number(high.toPrecision(4)));
    }
    showMatches();
  }

  watchRun(drawInTheme(draw));
  instance.on('axisareaselected', readBrushes);
  found('limits')!.addEventListener('input', brushTyped);
  found('limits-clear')!.addEventListener('click', () => {
    for (const field of run.charts.parallel!.keys.flatMap(fieldsOf)) field.value = '';
    brushTyped();
  });
}

function finished(): readonly Individual[] {
  return individuals.filter(({ failure }) => failure === undefined);
}

/** On each axis; '-' where it was not measured. */
function valuesOf({ place }: Individual): (number | '-')[] {
  return run.charts.parallel!.keys.map((key) => {
    const value = objective(key).values[place] ?? null;
    return value === null ? '-' : placeOn(objective(key), value);
  });
}

function fieldsOf(key: string): Fields {
  return [found<HTMLInputElement>(`limit-${key}-from`)!, found<HTMLInputElement>(`limit-${key}-to`)!];
}

/** Of each axis; an empty field is no limit. */
function limitsOf(): [number, number][] {
  return run.charts.parallel!.keys.map((key) => {
    const [from, to] = fieldsOf(key);
    return [from.value === '' ? -Infinity : Number(from.value), to.value === '' ? Infinity : Number(to.value)];
  });
}

function isOpen([from, to]: readonly [number, number]): boolean {
  return from === -Infinity && to === Infinity;
}

/** What is drawn on an axis; ECharts tells it in no other way. */
function activeIntervals(instance: EChartsType, axis: number): readonly (readonly [number, number])[] {
  const inner = instance as unknown as {
    getModel(): { getComponent(name: string, index: number): { activeIntervals: [number, number][] } };
  };
  return inner.getModel().getComponent('parallelAxis', axis).activeIntervals;
}

function showMatches(): void {
  const output = found('parallel-matches')!;
  const limits = limitsOf();
  const all = finished();
  if (limits.every(isOpen)) {
    output.replaceChildren(`All ${all.length} are shown.`);
    return;
  }
  const inside = all.filter((one) =>
    valuesOf(one).every((value, axis) => {
      const [from, to] = limits[axis]!;
      // What was not measured is within no limits.
      return value === '-' ? isOpen([from, to]) : value >= from && value <= to;
    }),
  );
  const by = `; by ${objective(run.plotted.y).words}: `;
  const best = bestFirst(inside.map(({ place }) => place))
    .slice(0, listedMatches)
    .flatMap((place, index): Child[] => [index ? ', ' : by, individualLink(place)]);
  output.replaceChildren(
    `${inside.length} of ${all.length} lie within the limits`,
    ...best,
    inside.length > listedMatches ? ' and others.' : '.',
  );
}
