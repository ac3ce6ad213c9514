// What the reader sets about the front's plot: its two objectives, and a budget.
import { objectiveAxes } from '../charts/objective-axes.ts';
import type { FrontMember, RunRecord } from '../../population/run/run-record.ts';
import { markup, type Markup } from '../markup.ts';
import { objectiveOf, type ObjectiveKey } from '../objectives.ts';

/** `front` has a member. */
export function axisChoice(record: RunRecord, front: readonly FrontMember[]): Markup {
  const keys = [...objectiveAxes(record, front).keys()];
  return markup`<div class="controls needs-script">
${choice('front-y', 'Plot', keys, 'error')}${choice('front-x', 'against', keys, 'macs')}</div>`;
}

/** A slider between the ends of the front; nothing where these are one. */
export function budgetSlider(front: readonly FrontMember[]): Markup {
  if (front.length < 2) return markup``;
  return markup`<div class="controls needs-script">
<label for="budget">Budget of MACs</label> <input type="range" id="budget" min="0" max="500">
<p id="budget-best"></p>
</div>`;
}

function choice(id: string, label: string, keys: readonly ObjectiveKey[], chosen: ObjectiveKey): Markup {
  const options = keys.map((key) =>
    key === chosen
      ? markup`<option value="${key}" selected>${objectiveOf(key).title}</option>`
      : markup`<option value="${key}">${objectiveOf(key).title}</option>`,
  );
  return markup`<label for="${id}">${label}</label> <select id="${id}" autocomplete="off">${options}</select>
`;
}
