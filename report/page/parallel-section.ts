// Parallel coordinates in the page: the chart, and its limits as fields for those who cannot draw on it.
import type { ParallelChart } from '../charts/parallel-chart.ts';
import { markup, type Markup } from '../markup.ts';
import { headingOf, type Objective } from '../objectives.ts';

/** Empty where there is no chart. */
export function parallelSection(chart: ParallelChart | undefined): Markup {
  if (!chart) return markup``;
  return markup`<section class="needs-script" id="objectives">
<h2>All objectives</h2>
<figure>
<div class="interactive" id="${chart.id}" data-filled role="img" aria-label="Parallel coordinates: a line for each individual across its objectives. The fields below set the same limits."></div>
<p id="parallel-matches" data-filled aria-live="polite"></p>
<figcaption>Draw along an axis to set limits; a click on the axis beside them takes them away. The best is below everywhere; on a narrow screen to the left.</figcaption>
</figure>
<details>
<summary>Limits in numbers</summary>
<div class="limits" id="limits">
${chart.objectives.map(limitFields)}</div>
<button type="button" id="limits-clear">Clear all limits</button>
</details>
</section>`;
}

function limitFields(objective: Objective): Markup {
  const { key } = objective;
  const ends = ['from', 'to'].map(
    (end) => markup`<label>${end} <input type="number" step="any" id="limit-${key}-${end}" autocomplete="off"></label>
`,
  );
  return markup`<fieldset data-key="${key}"><legend>${headingOf(objective)}</legend>
${ends}</fieldset>
`;
}
