// The page's own script: draws the embedded charts in the reader's colours and makes them answer to pointer and keys.
import { Markup } from '../markup.ts';
import { architectureScript } from './client/architecture.ts';
import { architectureDrawingScript } from './client/architecture-drawing.ts';
import { budgetScript } from './client/budget.ts';
import { choiceScript } from './client/choice.ts';
import { detailsPanelScript } from './client/details-panel.ts';
import { elementsScript } from './client/elements.ts';
import { frontPlotScript } from './client/front-plot.ts';
import { individualsScript } from './client/individuals.ts';
import { lineagePlotScript } from './client/lineage-plot.ts';
import { liveChartScript } from './client/live-chart.ts';
import { parallelPlotScript } from './client/parallel-plot.ts';

const startScript = String.raw`
const { front, hypervolume, lineage, parallel } = report.charts;
document.documentElement.classList.add('scripted');
// Without scripts a link leads to a line of text, with them to the panel.
for (const line of document.querySelectorAll('li[id]')) line.removeAttribute('id');
if (hypervolume) {
  const { id, points, detailNames, labels, options } = hypervolume;
  const option = (theme) => {
    const themed = structuredClone(options[theme]);
    labelAxis(themed.xAxis, labels.x);
    return themed;
  };
  liveChart({ id, points: () => points, detailNames, option });
}
if (front) {
  detailsPanel();
  frontPlot(front);
}
if (lineage) whenNear(lineage, lineagePlot);
if (parallel) whenNear(parallel, parallelPlot);
`;

/**
 * Plain JavaScript for browsers; names reach the page as text nodes only. Strings and not .js files, because plain tsc
 * copies no assets to dist/.
 */
export const clientScript = new Markup(`(() => {
'use strict';
const dark = matchMedia('(prefers-color-scheme: dark)');
${[
  individualsScript,
  elementsScript,
  choiceScript,
  liveChartScript,
  budgetScript,
  frontPlotScript,
  architectureDrawingScript,
  architectureScript,
  detailsPanelScript,
  lineagePlotScript,
  parallelPlotScript,
  startScript,
].join('')}
})();
`);
