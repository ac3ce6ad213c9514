// The head of the page: what was run, how it ended and what came of it, in a few figures.
import { hypervolumeOf, type FrontMember, type RunRecord } from '../../population/run/run-record.ts';
import type { RunEnded } from '../../population/run/journal-events.ts';
import { whyNoFront } from '../empty-front.ts';
import { evaluationCount } from '../evaluation-count.ts';
import { compactCount, counted, groupedCount, percent } from '../number-text.ts';
import { valueText, wordsOf } from '../objectives.ts';
import { bestOf, plottedObjectives } from '../plotted-objectives.ts';
import { referenceText } from '../reference-text.ts';
import { markup, type Content, type Markup } from '../markup.ts';

/** `isRunning`, of a served page only: whether a process writes the run; with it goes a line for the script. */
export function headerSection(record: RunRecord, front: readonly FrontMember[], isRunning?: boolean): Markup {
  const { start, individuals, controls } = record;
  const { config, dataset } = start;
  const failed = [...individuals, ...controls].filter(({ validation }) => validation === null).length;
  return markup`<header>
<h1>Evolution on ${dataset.name}, seed ${config.seed}</h1>
<p>${endingOf(record, isRunning)}</p>
${isRunning === undefined ? '' : liveState()}
<dl class="figures">
${[
  bestFigure(record, front),
  hypervolumeFigure(record, front),
  figure(
    'Evaluations',
    groupedCount(evaluationCount(record)),
    failed === 0 ? 'none failed' : counted(failed, 'failure'),
  ),
  figure('Generations', String(generationsOf(record)), `after the first population, of ${config.generations} planned`),
]}</dl>
</header>`;
}

/** Where the script says whether the page is up to date. */
export function liveState(): Markup {
  return markup`<p class="muted needs-script" id="live-state" role="status" data-filled></p>`;
}

/** How the run ended, in a sentence; `isRunning` is not known to a file, which is read later. */
export function endingOf({ start: { config }, end }: RunRecord, isRunning?: boolean): string {
  if (isRunning) return 'Running.';
  if (end === undefined)
    return isRunning === undefined
      ? 'Not finished: the run is still going on, or was cut off.'
      : 'Cut off: no process writes it now.';
  const limit = (most: number | null, noun: string): string =>
    `Finished: the limit of ${counted(most ?? 0, noun)} was reached.`;
  const endings: Readonly<Record<RunEnded['reason'], string>> = {
    generations: `Finished: ${counted(config.generations, 'generation')} done.`,
    maxEvaluations: limit(config.maxEvaluations, 'evaluation'),
    maxSamples: limit(config.maxSamples, 'training sample'),
    maxMacs: limit(config.maxMacs, 'MAC'),
    maxSeconds: limit(config.maxSeconds, 'second'),
    patience: `Finished: no gain in hypervolume for ${counted(config.patience ?? 0, 'generation')}.`,
    stopped: 'Finished: a stopping rule of the caller’s was met.',
    exhausted: 'Finished early: no child could be made of the last population.',
    interrupted: 'Interrupted: the run was stopped before its end.',
  };
  return endings[end.reason];
}

function generationsOf({ generations }: RunRecord): number {
  return generations.at(-1)?.generation ?? 0;
}

function bestFigure(record: RunRecord, front: readonly FrontMember[]): Markup {
  const [, objective] = plottedObjectives(record);
  const name = `Best ${wordsOf(objective)}`;
  const best = bestOf(front, objective);
  if (!best) return figure(name, 'none yet', whyNoFront(record));
  const test = best.test ? `test error ${percent(best.test.error)}` : 'not tested';
  const details = markup`${test}; <code>${best.id}</code>, ${compactCount(best.objectives.macs)} MACs`;
  return figure(name, valueText(objective, best.objectives[objective.key]!), details);
}

function hypervolumeFigure(record: RunRecord, front: readonly FrontMember[]): Markup {
  const reference = record.generations[0]?.reference;
  if (!reference) return figure('Hypervolume', 'none yet', 'the first population is not complete');
  if (front.length === 0) return figure('Hypervolume', 'none yet', whyNoFront(record));
  return figure(
    'Hypervolume',
    percent(hypervolumeOf(front, record)),
    `of the box up to the reference point: ${referenceText(record.start, reference)}`,
  );
}

function figure(name: string, value: string, details: Content): Markup {
  return markup`<div><dt>${name}</dt><dd class="value">${value}</dd><dd class="muted">${details}</dd></div>
`;
}
