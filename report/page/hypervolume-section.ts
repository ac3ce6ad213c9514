// Progress in the page.
import type { Chart } from '../charts/chart.ts';
import { markup, type Markup } from '../markup.ts';
import { chartFigure } from './chart-figure.ts';

/** `chart` is the hypervolume's, undefined where no generation has been completed. */
export function hypervolumeSection(chart: Chart | undefined): Markup {
  const caption = markup`The share of the box up to the reference point that the front dominates, after each generation. More is better.`;
  return markup`<section id="hypervolume">
<h2>Hypervolume over evaluations</h2>
${chart ? chartFigure(chart, 280, caption) : markup`<p>No generation has been completed yet.</p>`}
</section>`;
}
