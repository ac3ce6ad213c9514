// Starts what there is to draw; of a run that goes on, more of it as it comes.
import { detailsPanel } from './details-panel.ts';
import { frontPlot } from './front-plot.ts';
import { hypervolumePlot } from './hypervolume-plot.ts';
import { whenNear } from './interactive-chart.ts';
import { lineagePlot } from './lineage-plot.ts';
import { liveUpdates, withoutAnchors } from './live-updates.ts';
import { parallelPlot } from './parallel-plot.ts';
import { dataOf, run, takeIn } from './run-data.ts';

const started = new Set<string>();

function startCharts(): void {
  const { front, hypervolume, lineage, parallel } = run.charts;
  once(hypervolume, hypervolumePlot);
  once(front, () => {
    detailsPanel();
    frontPlot();
  });
  once(lineage, ({ id }) => {
    whenNear(id, lineagePlot);
  });
  once(parallel, ({ id }) => {
    whenNear(id, parallelPlot);
  });
}

function once<Chart extends { readonly id: string }>(chart: Chart | undefined, start: (chart: Chart) => void): void {
  if (!chart || started.has(chart.id)) return;
  started.add(chart.id);
  start(chart);
}

document.documentElement.classList.add('scripted');
withoutAnchors(document);
const data = dataOf(document);
if (data) {
  takeIn(data);
  startCharts();
}
liveUpdates(startCharts);
