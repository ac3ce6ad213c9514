// What the page's scripts know of a run, as plain data that JSON holds.
import { operatorLabel, type FrontMember, type RunRecord } from '../../population/run/run-record.ts';
import type { Architectures } from '../architectures.ts';
import { axisOption, type Axis, type Chart } from '../charts/chart.ts';
import { frontView, type FrontView } from '../charts/front-view.ts';
import { kindNames } from '../charts/kinds.ts';
import { objectiveAxes } from '../charts/objective-axes.ts';
import type { ParallelChart } from '../charts/parallel-chart.ts';
import { themes, type Theme } from '../charts/theme.ts';
import { nameOf } from '../individual-name.ts';
import { kneePoint } from '../knee-point.ts';
import { objectives, shownValue } from '../objectives.ts';

/** The charts of a report; those with nothing to show are undefined. */
export interface ReportCharts {
  readonly front: Chart | undefined;
  readonly hypervolume: Chart | undefined;
  readonly lineage: Chart | undefined;
  readonly parallel: ParallelChart | undefined;
}

export function reportData(
  record: RunRecord,
  front: readonly FrontMember[],
  charts: ReportCharts,
  { folder, architectures }: { folder: string; architectures: Architectures },
): object {
  const places = new Map(record.individuals.map(({ id }, place) => [id, place]));
  const { front: frontPlot, hypervolume, lineage, parallel } = charts;
  return {
    folder,
    individuals: columns(record, places),
    objectives: objectives.map((objective) => ({
      key: objective.key,
      title: objective.title,
      scale: objective.scale,
      decimals: objective.decimals,
      unit: objective.unit,
      values: record.individuals.map((individual) => shownValue(objective, individual, record.tests)),
    })),
    /** By rising MACs. */
    front: front.map(({ id }) => places.get(id)),
    knee: places.get(kneePoint(front)?.id ?? '') ?? null,
    architectures,
    charts: {
      // Its points follow from the individuals and the objectives that the reader chooses.
      front: frontPlot && { ...embedded(frontPlot), points: undefined, ...plots(record, front) },
      hypervolume: hypervolume && embedded(hypervolume),
      lineage: lineage && embedded(lineage),
      parallel: parallel && { ...parallel, options: inThemes(parallel.option) },
    },
  };
}

function columns({ individuals }: RunRecord, places: ReadonlyMap<string, number>): object {
  const labels = [...new Set(individuals.map(({ provenance }) => operatorLabel(provenance)))];
  const placeOf = new Map(labels.map((label, place) => [label, place]));
  return {
    ids: individuals.map(({ id }) => id),
    names: Object.fromEntries(
      individuals.flatMap((individual, place) =>
        individual.provenance.how === 'first' ? [[place, nameOf(individual)]] : [],
      ),
    ),
    kinds: individuals.map(({ provenance }) => kindNames.indexOf(provenance.how)),
    labels,
    made: individuals.map(({ provenance }) => placeOf.get(operatorLabel(provenance))),
    parents: individuals.map(({ provenance }) => provenance.parents.map((id) => places.get(id) ?? id)),
    generations: individuals.map(({ generation }) => generation),
    failures: Object.fromEntries(
      individuals.flatMap(({ failure }, place) => (failure === null ? [] : [[place, failure]])),
    ),
  };
}

/** All plots of two objectives, by the keys of x and y, with the axes for them. */
function plots(record: RunRecord, front: readonly FrontMember[]): object {
  const axes = objectiveAxes(record, front);
  const views = [...axes].flatMap(([x, xAxis]) =>
    [...axes]
      .filter(([y]) => y !== x)
      .map(([y, yAxis]): [string, FrontView] => [`${x} ${y}`, frontView(record, [x, y], [xAxis, yAxis])]),
  );
  return {
    views: Object.fromEntries(views),
    axes: inThemes((theme) => Object.fromEntries([...axes].map(([key, axis]) => [key, bothSides(theme, axis)]))),
    axisLabels: Object.fromEntries([...axes].map(([key, { labels }]) => [key, labels])),
  };
}

function bothSides(theme: Theme, axis: Axis): object {
  return { x: axisOption(theme, axis, 'x'), y: axisOption(theme, axis, 'y') };
}

function embedded({ id, detailNames, points, labels, option }: Chart): object {
  return { id, detailNames, points, labels, options: inThemes(option) };
}

function inThemes(of: (theme: Theme) => object): object {
  return { light: of(themes.light), dark: of(themes.dark) };
}
