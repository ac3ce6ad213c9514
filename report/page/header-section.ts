// The head of the page: what was run, how it ended and what came of it, in a few figures.
import { hypervolumeOf, type FrontMember, type RunRecord } from '../../population/run/run-record.ts';
import { compactCount, counted, groupedCount, percent, percentNumber } from '../number-text.ts';
import { markup, type Content, type Markup } from '../markup.ts';

export function headerSection(record: RunRecord, front: readonly FrontMember[]): Markup {
  const { start, individuals } = record;
  const { config, dataset } = start;
  const failed = individuals.filter(({ validation }) => validation === null).length;
  return markup`<header>
<h1>Evolution on ${dataset.name}, seed ${config.seed}</h1>
<p>${endingOf(record)}</p>
<dl class="figures">
${[
  bestFigure(front.at(-1)),
  hypervolumeFigure(record, front),
  figure('Evaluations', groupedCount(individuals.length), failed === 0 ? 'none failed' : counted(failed, 'failure')),
  figure('Generations', String(generationsOf(record)), `after the first population, of ${config.generations} planned`),
]}</dl>
</header>`;
}

/** How the run ended, in a sentence. */
export function endingOf({ start: { config }, end }: RunRecord): string {
  if (end === undefined) return 'Not finished: the run is still going on, or was cut off.';
  if (end.reason === 'interrupted') return 'Interrupted: the run was stopped before its end.';
  if (end.reason === 'exhausted') return 'Finished early: no child could be made of the last population.';
  return end.reason === 'generations'
    ? `Finished: ${counted(config.generations, 'generation')} done.`
    : `Finished: the limit of ${counted(config.maxEvaluations ?? 0, 'evaluation')} was reached.`;
}

function generationsOf({ generations }: RunRecord): number {
  return generations.at(-1)?.generation ?? 0;
}

function bestFigure(best: FrontMember | undefined): Markup {
  if (!best) return figure('Best validation error', 'none yet', 'no individual has finished');
  const test = best.test ? `test error ${percent(best.test.error)}` : 'not tested';
  const details = markup`${test}; <code>${best.id}</code>, ${compactCount(best.objectives.macs)} MACs`;
  return figure('Best validation error', percent(best.validation.error), details);
}

function hypervolumeFigure({ start }: RunRecord, front: readonly FrontMember[]): Markup {
  if (front.length === 0) return figure('Hypervolume', 'none yet', 'no individual has finished');
  const [error, macs] = start.reference;
  return figure(
    'Hypervolume',
    percent(hypervolumeOf(front, start)),
    `of the box up to the reference point: error ${Number(percentNumber(error))}\u00a0%, ${compactCount(macs)} MACs`,
  );
}

function figure(name: string, value: string, details: Content): Markup {
  return markup`<div><dt>${name}</dt><dd class="value">${value}</dd><dd class="muted">${details}</dd></div>
`;
}
