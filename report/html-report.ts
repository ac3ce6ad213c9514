// A run as one HTML file that needs nothing else: no network, no server, and no scripts to be read.
import { frontOf, type RunRecord } from '../population/run/run-record.ts';
import { frontChart } from './charts/front-chart.ts';
import { hypervolumeChart } from './charts/hypervolume-chart.ts';
import { markup } from './markup.ts';
import { chartFigure, chartScripts } from './page/chart-figure.ts';
import { frontSection } from './page/front-section.ts';
import { headerSection } from './page/header-section.ts';
import { settingsSection } from './page/settings-section.ts';
import { styleSheet } from './page/styles.ts';

/**
 * The report of a run, whether finished, interrupted or only begun. Equal records give equal text.
 *
 * About 1.2 MB, nearly all of it ECharts, which is inlined; without any finished individual or generation there is
 * nothing to draw and the file is a few kB.
 */
export function htmlReport(record: RunRecord): string {
  const { dataset, config } = record.start;
  const front = frontOf(record);
  const frontPlot = frontChart(record, front);
  const progress = hypervolumeChart(record);
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
${frontSection(record, front, frontPlot)}
<section>
<h2>Hypervolume over evaluations</h2>
${
  progress
    ? chartFigure(
        progress,
        280,
        markup`The share of the box up to the reference point that the front dominates, after each generation. More is better.`,
      )
    : markup`<p>No generation has been completed yet.</p>`
}
</section>
${settingsSection(record)}
</main>
${chartScripts([frontPlot, progress].filter((chart) => chart !== undefined))}
</body>
</html>
`.text;
}
