// The scripts of the page: ECharts, what is known of the run, and what draws it.
import { echartsBrowserBuild } from '../charts/echarts-library.ts';
import { embeddedJson, markup, Markup } from '../markup.ts';
import { clientScript } from './client-script.ts';

/** `data` as `reportData` makes it. */
export function pageScripts(data: object): Markup {
  return markup`<script>${new Markup(echartsBrowserBuild())}</script>
<script type="application/json" id="report-data">${embeddedJson(data)}</script>
<script>${clientScript}</script>`;
}
