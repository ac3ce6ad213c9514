// The plot of the two objectives that the reader chooses, with the budget and the chosen individual.
import type { ChartPoint } from '../../charts/chart-data.ts';
import { watchBudget, type Budget } from './budget.ts';
import { chosenPlace, watchChoice } from './choice.ts';
import { found } from './elements.ts';
import { interactiveChart, type ThemeName } from './interactive-chart.ts';
import { labelAxis, plainOption, type PlainAxis, type PlainOption, type PlainSeries } from './plain-option.ts';
import { individuals, objective, placeOn, run, watchRun } from './run-data.ts';

const sides = ['x', 'y'] as const;
type Side = (typeof sides)[number];

export function frontPlot(): void {
  const selects = { x: found<HTMLSelectElement>('front-x')!, y: found<HTMLSelectElement>('front-y')! };
  let keys = { x: selects.x.value, y: selects.y.value };
  let lists: ChartPoint[][] = [];
  let budget: Budget | undefined;

  const view = () => run.charts.front!.views[`${keys.x} ${keys.y}`]!;
  const valueOf = (side: Side, individual: number): number | null => {
    const value = objective(keys[side]).values[individual] ?? null;
    return value === null ? null : placeOn(objective(keys[side]), value);
  };
  /** One, or none where it failed or was not measured. */
  const pointsOf = (individual: number): ChartPoint[] => {
    const [x, y] = [valueOf('x', individual), valueOf('y', individual)];
    const known = individuals[individual]!.failure === undefined && x !== null && y !== null;
    return known ? [{ individual, value: [x, y] }] : [];
  };

  function sortIntoSeries(): void {
    const bright = new Set([...view().front, ...run.charts.front!.besideLine]);
    lists = Array.from({ length: 10 }, () => []);
    for (const { place, kind, breach } of individuals) {
      const group = bright.has(place) ? 0 : breach === undefined ? 1 : 2;
      lists[kind + 3 * group]!.push(...pointsOf(place));
    }
    if (run.knee !== null) lists[9]!.push(...pointsOf(run.knee));
  }

  // What the choice and the budget change.
  function marks(): PlainSeries[] {
    const side = sides.find((one) => keys[one] === budget?.key);
    const line = budget && side ? [{ [`${side}Axis`]: budget.most }] : [];
    return [
      { id: 'chosen', data: pointsOf(chosenPlace()) },
      { id: 'budget', data: budget ? pointsOf(budget.best) : [], markLine: { data: line } },
    ];
  }

  function option(theme: ThemeName): PlainOption {
    const chart = run.charts.front!;
    const themed = plainOption(chart.options[theme]);
    for (const side of sides) {
      const axis = structuredClone(chart.axes[theme][keys[side]]![side]) as PlainAxis;
      labelAxis(axis, chart.axisLabels[keys[side]]);
      themed[`${side}Axis`] = axis;
    }
    themed.series.find(({ id }) => id === 'line')!.data = view().line;
    const bounds = sides.flatMap((side) => objective(keys[side]).bounds.map((bound) => ({ [`${side}Axis`]: bound })));
    const limits = themed.series.find(({ id }) => id === 'bounds')!;
    limits.markLine = { ...limits.markLine, data: bounds };
    return themed;
  }

  function redraw(): void {
    sortIntoSeries();
    draw();
  }

  sortIntoSeries();
  const { draw, mark } = interactiveChart({ id: run.charts.front!.id, option, points: () => lists, marks });
  for (const side of sides) {
    const other = side === 'x' ? 'y' : 'x';
    selects[side].addEventListener('change', () => {
      // An objective against itself would be a line: the two change places.
      if (selects[side].value === keys[other]) selects[other].value = keys[side];
      keys = { x: selects.x.value, y: selects.y.value };
      redraw();
    });
  }
  watchRun(redraw);
  watchChoice(mark);
  watchBudget((next) => {
    budget = next;
    mark();
  });
}
