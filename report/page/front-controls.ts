// What the reader sets about the front's plot: its two objectives, and a budget.
import { objectiveAxes } from '../charts/objective-axes.ts';
import type { FrontMember, RunRecord } from '../../population/run/run-record.ts';
import { markup, type Markup } from '../markup.ts';
import { wordsOf, type Objective } from '../objectives.ts';
import { plottedObjectives } from '../plotted-objectives.ts';

/** `front` has a member. */
export function axisChoice(record: RunRecord, front: readonly FrontMember[]): Markup {
  const [x, y] = plottedObjectives(record);
  const objectives = [...objectiveAxes(record, front).values()].map(({ objective }) => objective);
  return markup`<div class="controls needs-script" data-key="axes">
${choice('front-y', 'Plot', objectives, y.key)}${choice('front-x', 'against', objectives, x.key)}</div>`;
}

/**
 * A slider between the ends of the front, which the script takes away where these are one. It is of the plot's x where less
 * of that is better and it is no share, else of MACs.
 */
export function budgetSlider(record: RunRecord): Markup {
  const [x] = plottedObjectives(record);
  const isCost = !x.maximise && x.factor === 1;
  const [key, words] = isCost ? [x.key, wordsOf(x)] : ['macs', 'MACs'];
  return markup`<div class="controls needs-script" data-key="budget-${key}">
<label for="budget">Budget of ${words}</label> <input type="range" id="budget" data-cost="${key}" min="0" max="500">
<p id="budget-best" data-filled></p>
</div>`;
}

function choice(id: string, label: string, objectives: readonly Objective[], chosen: string): Markup {
  const options = objectives.map(({ key, title }) =>
    key === chosen
      ? markup`<option value="${key}" data-key="${key}" selected>${title}</option>`
      : markup`<option value="${key}" data-key="${key}">${title}</option>`,
  );
  return markup`<label for="${id}">${label}</label> <select id="${id}" autocomplete="off">${options}</select>
`;
}
