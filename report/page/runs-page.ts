// The page about several runs: how far each of them is, with links to their reports.
import { frontOf, hypervolumeOf } from '../../population/run/run-record.ts';
import { evaluationCount } from '../evaluation-count.ts';
import { markup, type Markup } from '../markup.ts';
import { groupedCount, percentNumber, timestamp } from '../number-text.ts';
import { endingOf, liveState } from './header-section.ts';
import type { LiveRun, NoReport, PageContent } from './message-page.ts';

/** By the names of their folders. */
export function runsContent(name: string, runs: ReadonlyMap<string, LiveRun | NoReport>): PageContent {
  const startOf = (run: LiveRun | NoReport): number => ('why' in run ? Infinity : run.record.start.at);
  const latestFirst = [...runs].sort(([, a], [, b]) => startOf(b) - startOf(a) || 0);
  return {
    title: `neurostitch: runs in ${name}`,
    body: markup`<header>
<h1>Runs in ${name}</h1>
${liveState()}
</header>
<main>
${runs.size === 0 ? markup`<p>There is no run here yet. This page will show it.</p>` : runsTable(latestFirst)}
</main>`,
  };
}

function runsTable(runs: readonly (readonly [string, LiveRun | NoReport])[]): Markup {
  return markup`<p class="muted" id="runs-table">The latest first.</p>
<div class="scroll" data-key="runs" role="region" aria-labelledby="runs-table" tabindex="0">
<table aria-labelledby="runs-table">
<thead><tr><th scope="col">Run</th><th scope="col">Data set</th><th scope="col">Started</th><th scope="col" class="number">Evaluations</th>
<th scope="col" class="number">On the front</th><th scope="col" class="number">Best validation error (%)</th><th scope="col" class="number">Hypervolume (%)</th><th scope="col">State</th></tr></thead>
<tbody>
${runs.map(([name, run]) => markup`<tr data-key="${name}"><th scope="row"><a href="${encodeURIComponent(name)}/">${name}</a></th>${cellsOf(run)}</tr>\n`)}</tbody>
</table>
</div>`;
}

function cellsOf(run: LiveRun | NoReport): Markup {
  if ('why' in run) return markup`<td class="wrapped" colspan="7">${run.state}</td>`;
  const { record, isRunning } = run;
  const { start } = record;
  const front = frontOf(record);
  const least = Math.min(...front.map(({ validation }) => validation.error));
  return markup`<td>${start.dataset.name}, seed ${start.config.seed}</td><td>${timestamp(start.at)}</td><td class="number">${groupedCount(evaluationCount(record))}</td>
<td class="number">${front.length}</td><td class="number">${front.length > 0 ? percentNumber(least) : '–'}</td><td class="number">${front.length > 0 ? percentNumber(hypervolumeOf(front, record)) : '–'}</td><td class="wrapped">${endingOf(record, isRunning)}</td>`;
}
