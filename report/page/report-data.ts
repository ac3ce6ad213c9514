// What the page's scripts know of a run, as plain data that JSON holds.
import { operatorLabel, type FrontMember, type RunRecord } from '../../population/run/run-record.ts';
import { axisOption, type Axis, type Chart } from '../charts/chart.ts';
import { frontBesideLine, frontView, type FrontView } from '../charts/front-view.ts';
import { kindNames } from '../charts/kinds.ts';
import { objectiveAxes } from '../charts/objective-axes.ts';
import type { ParallelChart } from '../charts/parallel-chart.ts';
import { themes, type Theme } from '../charts/theme.ts';
import { boundsOf, breachTexts } from '../bounds.ts';
import { nameOf } from '../individual-name.ts';
import { kneePoint } from '../knee-point.ts';
import { objectivesOf, shownValue, wordsOf } from '../objectives.ts';
import { plottedObjectives } from '../plotted-objectives.ts';
import type { ChartData, FrontPlotData, InThemes, PageData } from './page-data.ts';

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
  { folder, architectures, models }: Pick<PageData, 'folder' | 'architectures' | 'models'>,
): PageData {
  const places = new Map(record.individuals.map(({ id }, place) => [id, place]));
  const plotted = plottedObjectives(record);
  const bounds = boundsOf(record.start);
  const { front: frontPlot, hypervolume, lineage, parallel } = charts;
  return {
    started: record.start.at,
    folder,
    models,
    individuals: columns(record, places),
    samples: record.start.dataset.validation,
    objectives: objectivesOf(record).map((objective) => ({
      key: objective.key,
      title: objective.title,
      words: wordsOf(objective),
      scale: objective.scale,
      decimals: objective.decimals,
      unit: objective.unit,
      maximise: objective.maximise ?? false,
      caveat: objective.caveat,
      bounds: bounds.filter(({ key }) => key === objective.key).map(({ value }) => objective.factor * value),
      values: record.individuals.map((individual) => shownValue(objective, individual, record.tests)),
    })),
    plotted: { x: plotted[0].key, y: plotted[1].key },
    front: front.map(({ id }) => places.get(id)!),
    knee: places.get(kneePoint(front, plotted)?.id ?? '') ?? null,
    architectures,
    charts: {
      front: frontPlot && { id: frontPlot.id, options: inThemes(frontPlot.option), ...plots(record, front) },
      hypervolume: hypervolume && embedded(hypervolume),
      lineage: lineage && embedded(lineage),
      parallel: parallel && {
        id: parallel.id,
        keys: parallel.objectives.map(({ key }) => key),
        labels: parallel.labels,
        options: inThemes(parallel.option),
      },
    },
  };
}

function columns(record: RunRecord, places: ReadonlyMap<string, number>): PageData['individuals'] {
  const { individuals, start } = record;
  const breachOf = breachTexts(record);
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
    made: individuals.map(({ provenance }) => placeOf.get(operatorLabel(provenance))!),
    parents: individuals.map(({ provenance }) => provenance.parents.map((id) => places.get(id) ?? id)),
    generations: individuals.map(({ generation }) => generation),
    failures: Object.fromEntries(
      individuals.flatMap(({ failure }, place) => (failure === null ? [] : [[place, failure]])),
    ),
    breaches: Object.fromEntries(
      individuals.flatMap((individual, place) => {
        const breach = breachOf(individual);
        return breach === undefined ? [] : [[place, breach]];
      }),
    ),
    estimates: Object.fromEntries(
      individuals.flatMap(({ validation }, place) =>
        validation && validation.samples < start.dataset.validation ? [[place, validation.samples]] : [],
      ),
    ),
  };
}

/** All plots of two objectives, by the keys of x and y, with the axes for them. */
function plots(record: RunRecord, front: readonly FrontMember[]): Omit<FrontPlotData, 'id' | 'options'> {
  const axes = objectiveAxes(record, front);
  const views = [...axes].flatMap(([x, xAxis]) =>
    [...axes]
      .filter(([y]) => y !== x)
      .map(([y, yAxis]): [string, FrontView] => [`${x} ${y}`, frontView(record, [xAxis, yAxis])]),
  );
  return {
    views: Object.fromEntries(views),
    besideLine: frontBesideLine(record, front),
    axes: inThemes((theme) => Object.fromEntries([...axes].map(([key, axis]) => [key, bothSides(theme, axis)]))),
    axisLabels: Object.fromEntries([...axes].map(([key, { labels }]) => [key, labels])),
  };
}

function bothSides(theme: Theme, axis: Axis): { x: object; y: object } {
  return { x: axisOption(theme, axis, 'x'), y: axisOption(theme, axis, 'y') };
}

function embedded({ id, detailNames, points, labels, option }: Chart): ChartData {
  return { id, detailNames, points, labels, options: inThemes(option) };
}

function inThemes<T>(of: (theme: Theme) => T): InThemes<T> {
  return { light: of(themes.light), dark: of(themes.dark) };
}
