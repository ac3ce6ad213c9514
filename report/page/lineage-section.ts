// The lineage in the page: the drawing of all individuals, and the front's members in words.
import type { FrontMember, RunRecord } from '../../population/run/run-record.ts';
import type { Chart } from '../charts/chart.ts';
import { lineageText } from '../lineage.ts';
import { markup, type Markup } from '../markup.ts';
import { interactiveFigure } from './chart-figure.ts';
import { individualAnchor } from './individual-link.ts';

/** `chart` is the lineage's, undefined where there is no front; then the section is empty. */
export function lineageSection(record: RunRecord, front: readonly FrontMember[], chart: Chart | undefined): Markup {
  if (!chart) return markup``;
  return markup`<section id="lineage">
<h2>Lineage</h2>
<div class="controls needs-script" data-key="zoom">
<button type="button" id="lineage-in">Zoom in</button><button type="button" id="lineage-out">Zoom out</button><button type="button" id="lineage-all">Show all</button>
</div>
${interactiveFigure(chart, markup`Left to right: generations. Large: the front and all it descends from. The strong path leads to the chosen individual; operators are named once few enough points are in sight. The buttons zoom on it, Ctrl and wheel anywhere; then dragging moves, and two fingers zoom further.`)}
<details open>
<summary>How each member of the front came to be, from the first parents on</summary>
<p class="muted">An id in brackets stands for an ancestor told before.</p>
<ul>
${front.map(({ id }) => markup`<li id="${individualAnchor(id)}" data-key="${id}"><code>${id}</code>: ${lineageText(record, id, '→')}</li>\n`)}</ul>
</details>
</section>`;
}
