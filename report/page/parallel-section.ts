// Parallel coordinates in the page: the chart, and its limits as fields for those who cannot draw on it.
import type { ParallelChart } from '../charts/parallel-chart.ts';
import { markup, type Markup } from '../markup.ts';
import { objectiveOf, type ObjectiveKey } from '../objectives.ts';

/** Empty where there is no chart. */
export function parallelSection(chart: ParallelChart | undefined): Markup {
  if (!chart) return markup``;
  return markup`<section class="needs-script">
<h2>All objectives</h2>
<figure>
<div class="live" id="${chart.id}" role="img" aria-label="Parallel coordinates: a line for each individual across its objectives. The fields below set the same limits."></div>
<p id="parallel-matches" aria-live="polite"></p>
<figcaption>Draw along an axis to set limits; a click on the axis beside them takes them away. Low is good everywhere.</figcaption>
</figure>
<details>
<summary>Limits in numbers</summary>
<div class="limits">
${chart.keys.map(limitFields)}</div>
<button type="button" id="limits-clear">Clear all limits</button>
</details>
</section>`;
}

function limitFields(key: ObjectiveKey): Markup {
  const { title, unit } = objectiveOf(key);
  const ends = ['from', 'to'].map(
    (
      end,
    ) => markup`<label>${end} <input type="number" min="0" step="any" id="limit-${key}-${end}" autocomplete="off"></label>
`,
  );
  return markup`<fieldset><legend>${title}${unit === '' ? '' : ` (${unit.trim()})`}</legend>
${ends}</fieldset>
`;
}
