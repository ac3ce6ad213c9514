// A run as one HTML file that needs nothing else: no network, no server, and no scripts to be read.
import { frontOf, type RunRecord } from '../population/run/run-record.ts';
import type { Architectures } from './architectures.ts';
import { frontChart } from './charts/front-chart.ts';
import { hypervolumeChart } from './charts/hypervolume-chart.ts';
import { lineageChart } from './charts/lineage-chart.ts';
import { parallelChart } from './charts/parallel-chart.ts';
import { markup } from './markup.ts';
import { chartFigure } from './page/chart-figure.ts';
import { frontSection } from './page/front-section.ts';
import { headerSection } from './page/header-section.ts';
import { lineageSection } from './page/lineage-section.ts';
import { operatorSection } from './page/operator-section.ts';
import { pageScripts } from './page/page-scripts.ts';
import { parallelSection } from './page/parallel-section.ts';
import { reportData, type ReportCharts } from './page/report-data.ts';
import { settingsSection } from './page/settings-section.ts';
import { styleSheet } from './page/styles.ts';

export interface ReportOptions {
  /** The run's folder, for the commands that the page shows. */
  readonly folder?: string;
  /** Layers of individuals, such as `readArchitectures` gives; without them the page shows none. */
  readonly architectures?: Architectures;
}

/**
 * The report of a run, whether finished, interrupted or only begun. Equal records and options give equal text.
 *
 * About 1.2 MB, nearly all of it ECharts, which is inlined; at 2,000 individuals twice that. Without any finished
 * individual there is nothing to draw and the file is a few kB.
 */
export function htmlReport(
  record: RunRecord,
  { folder = 'RUN', architectures = { layers: [], networks: {} } }: ReportOptions = {},
): string {
  const { dataset, config } = record.start;
  const front = frontOf(record);
  const charts: ReportCharts = {
    front: frontChart(record, front),
    hypervolume: hypervolumeChart(record),
    lineage: lineageChart(record, front),
    parallel: parallelChart(record),
  };
  const drawn = Object.values(charts).some((chart) => chart !== undefined);
  // The policy is a second lock: even if markup got in, it could fetch nothing.
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>neurostitch: ${dataset.name}, seed ${config.seed}</title>
<link rel="icon" href="data:,">
<style>${styleSheet}</style>
</head>
<body>
${headerSection(record, front)}
<main>
${frontSection(record, front, charts.front)}
${lineageSection(record, front, charts.lineage)}
${operatorSection(record, front)}
${parallelSection(charts.parallel)}
<section>
<h2>Hypervolume over evaluations</h2>
${
  charts.hypervolume
    ? chartFigure(
        charts.hypervolume,
        280,
        markup`The share of the box up to the reference point that the front dominates, after each generation. More is better.`,
      )
    : markup`<p>No generation has been completed yet.</p>`
}
</section>
${settingsSection(record)}
</main>
${drawn ? pageScripts(reportData(record, front, charts, { folder: shellWord(folder), architectures })) : ''}
</body>
</html>
`.text;
}

/** As a shell reads it as one word. */
function shellWord(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
