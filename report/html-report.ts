// A run as one HTML file that needs nothing else: no network, no server, and no scripts to be read.
import { frontOf, type RunRecord } from '../population/run/run-record.ts';
import { frontChart } from './charts/front-chart.ts';
import { hypervolumeChart } from './charts/hypervolume-chart.ts';
import { lineageChart } from './charts/lineage-chart.ts';
import { parallelChart } from './charts/parallel-chart.ts';
import { markup, type Markup } from './markup.ts';
import { frontSection } from './page/front-section.ts';
import { headerSection } from './page/header-section.ts';
import { htmlPage } from './page/html-page.ts';
import { hypervolumeSection } from './page/hypervolume-section.ts';
import { lineageSection } from './page/lineage-section.ts';
import { operatorSection } from './page/operator-section.ts';
import { dataScript } from './page/page-scripts.ts';
import { parallelSection } from './page/parallel-section.ts';
import { reportData, type ReportCharts } from './page/report-data.ts';
import { settingsSection } from './page/settings-section.ts';
import { shellWord } from './shell-word.ts';
import type { Architectures } from './shown-layers.ts';

export interface ReportOptions {
  /** The run's folder, for the commands that the page shows. */
  readonly folder?: string;
  /** Layers of individuals, such as `architectureReader` gives; without them the page shows none. */
  readonly architectures?: Architectures;
}

/**
 * The report of a run, whether finished, interrupted or only begun. Equal records and options give equal text.
 *
 * About 1.2 MB, nearly all of it ECharts, which is inlined; at 2,000 individuals twice that. Without any finished
 * individual there is nothing to draw and the file is a few kB.
 */
export function htmlReport(record: RunRecord, options: ReportOptions = {}): string {
  const { title, body, drawn } = reportContent(record, options);
  return htmlPage({ title, body, scripted: drawn });
}

/** `isRunning`: whether a process writes the run now; given for a page that is served, and follows it. */
export function reportContent(
  record: RunRecord,
  { folder = 'RUN', architectures = { layers: [], networks: {} } }: ReportOptions,
  isRunning?: boolean,
): { readonly title: string; readonly body: Markup; readonly drawn: boolean } {
  const { dataset, config } = record.start;
  const front = frontOf(record);
  const charts: ReportCharts = {
    front: frontChart(record, front),
    hypervolume: hypervolumeChart(record),
    lineage: lineageChart(record, front),
    parallel: parallelChart(record),
  };
  const drawn = Object.values(charts).some((chart) => chart !== undefined);
  const data = (): Markup =>
    dataScript(
      reportData(record, front, charts, { folder: shellWord(folder), architectures, models: isRunning !== undefined }),
    );
  const body = markup`${headerSection(record, front, isRunning)}
<main>
${frontSection(record, front, charts.front)}
${lineageSection(record, front, charts.lineage)}
${operatorSection(record, front)}
${parallelSection(charts.parallel)}
${hypervolumeSection(charts.hypervolume)}
${settingsSection(record)}
</main>
${drawn ? data() : ''}`;
  return { title: `neurostitch: ${dataset.name}, seed ${config.seed}`, body, drawn };
}
