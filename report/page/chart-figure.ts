// Puts charts into the page: a picture for all readers, and the place where the script draws the interactive chart.
import type { Chart } from '../charts/chart.ts';
import { staticSvg } from '../charts/static-svg.ts';
import { themes } from '../charts/theme.ts';
import { markup, Markup } from '../markup.ts';

/** A figure that shows the picture until the script has drawn the chart in its place. */
export function chartFigure(chart: Chart, height: number, caption: Markup): Markup {
  return markup`<figure data-key="${chart.id}">
<div class="picture" data-key="${chart.id}-picture" role="group" aria-label="${chart.label}" tabindex="0">${new Markup(staticSvg(chart, themes.light, { width: 760, height }))}</div>
${interactive(chart)}
<figcaption>${caption}</figcaption>
</figure>`;
}

/** A figure for readers with scripts only. */
export function interactiveFigure(chart: Chart, caption: Markup): Markup {
  return markup`<figure class="needs-script" data-key="${chart.id}">
${interactive(chart)}
<figcaption>${caption}</figcaption>
</figure>`;
}

function interactive({ id, label }: Chart): Markup {
  return markup`<div class="interactive" id="${id}" data-filled role="group" aria-roledescription="chart" aria-label="${label}. Arrow keys step through the points, Enter chooses one." tabindex="0"></div>
<p class="spoken" aria-live="polite" data-filled></p>`;
}
