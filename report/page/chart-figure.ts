// Puts charts into the page: a picture for all readers, and the data from which the script draws the live chart.
import type { Chart } from '../charts/chart.ts';
import { echartsBrowserBuild } from '../charts/echarts-library.ts';
import { staticSvg } from '../charts/static-svg.ts';
import { themes } from '../charts/theme.ts';
import { embeddedJson, markup, Markup } from '../markup.ts';
import { clientScript } from './client-script.ts';

/** A figure that shows the picture until the script has drawn the chart in its place. */
export function chartFigure(chart: Chart, height: number, caption: Markup): Markup {
  return markup`<figure>
<div class="picture" role="group" aria-label="${chart.label}" tabindex="0">${new Markup(staticSvg(chart, themes.light, { width: 760, height }))}</div>
<div class="live" id="${chart.id}" role="group" aria-roledescription="chart" aria-label="${chart.label}. Arrow keys step through the points." tabindex="0"></div>
<p class="spoken" aria-live="polite"></p>
<figcaption>${caption}</figcaption>
</figure>`;
}

/** ECharts, the charts' data and the script that draws them; nothing where there are no charts. */
export function chartScripts(charts: readonly Chart[]): Markup {
  if (charts.length === 0) return markup``;
  const data = charts.map(({ id, detailNames, points, xLabels, option }) => ({
    id,
    detailNames,
    points,
    xLabels,
    options: { light: option(themes.light), dark: option(themes.dark) },
  }));
  return markup`<script>${new Markup(echartsBrowserBuild())}</script>
<script type="application/json" id="report-data">${embeddedJson({ charts: data })}</script>
<script>${clientScript}</script>`;
}
