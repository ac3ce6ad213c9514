// Operator credit in the page: a table with a bar for each count.
import type { FrontMember, RunRecord } from '../../population/run/run-record.ts';
import { markup, type Markup } from '../markup.ts';
import { groupedCount } from '../number-text.ts';
import { operatorCredit } from '../operator-credit.ts';

const counts = ['made', 'survived', 'onFront'] as const;

export function operatorSection(record: RunRecord, front: readonly FrontMember[]): Markup {
  const credits = operatorCredit(record, front);
  if (credits.length === 0) return markup``;
  const largest = Object.fromEntries(
    counts.map((count) => [count, Math.max(...credits.map((credit) => credit[count]), 1)]),
  );
  const rows = credits.map(
    (credit) => markup`<tr data-key="${credit.label}"><th scope="row">${credit.label}</th>
${counts.map((count) => bar(credit[count], credit[count] / largest[count]!))}<td class="number">${groupedCount(credit.failed)}</td></tr>
`,
  );
  return markup`<section id="operators">
<h2>Operators</h2>
<p class="muted" id="operator-table">What each operator made, how much of it survived the generation it was made in, and what is on the front now.</p>
<div class="scroll" role="region" aria-labelledby="operator-table" tabindex="0">
<table aria-labelledby="operator-table">
<thead><tr><th scope="col">Operator</th><th scope="col">Made</th><th scope="col">Survived</th><th scope="col">On the front</th><th scope="col" class="number">Failed</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>
</section>`;
}

/** `share` is its length, of the column's longest. */
function bar(count: number, share: number): Markup {
  return markup`<td><span class="bar" style="--share: ${share.toFixed(3)}">${groupedCount(count)}</span></td>
`;
}
