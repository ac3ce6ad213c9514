// The front in the page: the plot, the table, the chosen individual, and what the front is better than.
import { optimised, type FrontMember, type RunRecord } from '../../population/run/run-record.ts';
import { improvements, type Improvement } from '../beaten-first-parents.ts';
import type { Chart } from '../charts/chart.ts';
import { whyNoFront } from '../empty-front.ts';
import { individualNames } from '../individual-name.ts';
import { kneePoint } from '../knee-point.ts';
import { counted, groupedCount, listed, percentNumber } from '../number-text.ts';
import { markup, type Content, type Markup } from '../markup.ts';
import { headingOf, numberText, objectivesOf, type Objective } from '../objectives.ts';
import { plottedObjectives } from '../plotted-objectives.ts';
import { chartFigure } from './chart-figure.ts';
import { axisChoice, budgetSlider } from './front-controls.ts';
import { individualAddress } from './individual-link.ts';

/** `chart` is the front's, undefined where that is empty. */
export function frontSection(record: RunRecord, front: readonly FrontMember[], chart: Chart | undefined): Markup {
  const failed = record.individuals.filter(({ validation }) => validation === null).length;
  const failures = failed === 0 ? '' : ` ${counted(failed, 'individual')} failed and cannot be shown.`;
  if (!chart) {
    return markup`<section id="front">
<h2>Pareto front</h2>
<p>There is no front yet: ${whyNoFront(record)}.${failures}</p>
</section>`;
  }
  const breaking = record.individuals.filter(({ violation }) => violation !== null && violation > 0).length;
  const breaches =
    breaking === 0
      ? ''
      : ` Hollow: breaks a constraint (${counted(breaking, 'individual')}); dotted lines: where constraints bound what is plotted.`;
  return markup`<section id="front">
<h2>Pareto front</h2>
${axisChoice(record, front)}
${chartFigure(chart, 460, markup`Lower and further left is better. Small: dominated by another individual; faded too, except for first parents.${breaches}${failures} A click on a point, or Enter, tells more about it.`)}
${budgetSlider(record)}
<div class="needs-script" id="details" data-filled role="region" aria-label="The chosen individual"></div>
${frontTableMarkup(record, front)}
${improvementText(record, front)}
</section>`;
}

/** What the run optimises or bounds beside what every table of a front has. */
function otherObjectives(record: RunRecord): Objective[] {
  const others = record.start.objectives
    .map(({ name }) => name)
    .filter((name) => !['error', 'macs', 'params'].includes(name));
  return objectivesOf(record).filter(({ key }) => others.includes(key));
}

function frontTableMarkup(record: RunRecord, front: readonly FrontMember[]): Markup {
  const others = otherObjectives(record);
  const nameOf = individualNames(record);
  const knee = kneePoint(front, plottedObjectives(record))?.id;
  const caveats = objectivesOf(record).map((objective) =>
    objective.caveat === undefined ? '' : ` ${objective.title}: ${objective.caveat}.`,
  );
  const rows = front.map(
    ({
      id,
      objectives,
      validation,
      test,
      operator,
      parents,
    }) => markup`<tr data-key="${id}"><th scope="row"><a href="${individualAddress(id)}"><code>${id}</code></a>${id === knee ? ' (knee)' : ''}</th>
<td class="number">${percentNumber(validation.error)}</td><td class="number">${test ? percentNumber(test.error) : '–'}</td>
<td class="number">${groupedCount(objectives.macs)}</td><td class="number">${groupedCount(objectives.params)}</td>${others.map((other) => markup`<td class="number">${numberText(other, objectives[other.key]!)}</td>`)}
<td>${operator}</td><td>${listed(parents.map(nameOf)) || '–'}</td></tr>
`,
  );
  return markup`<p class="muted" id="front-table">The front by rising MACs. Validation decided what survived; test only reports.${caveats}</p>
<div class="scroll" data-key="front-members" role="region" aria-labelledby="front-table" tabindex="0">
<table aria-labelledby="front-table">
<thead><tr><th scope="col">Id</th><th scope="col" class="number">Validation error (%)</th><th scope="col" class="number">Test error (%)</th>
<th scope="col" class="number">MACs</th><th scope="col" class="number">Parameters</th>${others.map((other) => markup`<th scope="col" class="number">${headingOf(other)}</th>`)}<th scope="col">How made</th><th scope="col">Parents</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>`;
}

function improvementText(record: RunRecord, front: readonly FrontMember[]): Markup {
  const better = improvements(record, front);
  const titles = optimised(record.start).map(({ title }) => title);
  const onTestTitles = titles.map((title) => title.replace(/^validation /, 'test '));
  const meaning =
    titles.length === 1 ? '' : `:\nno worse in ${titles.length === 2 ? 'either' : 'any'} and better in one`;
  if (better.length === 0) return markup`<p>No child on the front dominates a first parent on ${listed(titles)}.</p>`;
  const children = front.filter(({ parents }) => parents.length > 0).length;
  const tested = better.filter(({ beaten }) => beaten.some(({ onTest }) => onTest !== null));
  const onTest = better.filter(({ beaten }) => beaten.some((parent) => parent.onTest === true));
  const testText: Content =
    tested.length === 0
      ? 'None of these was tested.'
      : `On ${listed(onTestTitles)}, ${onTest.length} of ${tested.length} tested still ${tested.length === 1 ? 'does' : 'do'}.`;
  return markup`<p>Of the front’s ${counted(front.length, 'member')}, ${children} came by mutation or stitching; ${better.length} of these ${better.length === 1 ? 'dominates' : 'dominate'} a first parent on ${listed(titles)}${meaning}. ${testText}</p>
<ul>
${better.map(improvementItem)}</ul>`;
}

function improvementItem({ member, beaten }: Improvement): Markup {
  const groups = [
    { onTest: true, text: 'on validation and test' },
    { onTest: false, text: 'on validation, not on test' },
    { onTest: null, text: 'on validation (not tested)' },
  ].map(({ onTest, text }) => ({
    text,
    names: beaten.filter((parent) => parent.onTest === onTest).map(({ name }) => name),
  }));
  const parts = groups.filter(({ names }) => names.length > 0).map(({ text, names }) => `${listed(names)} ${text}`);
  return markup`<li><code>${member.id}</code> dominates ${parts.join('; ')}.</li>
`;
}
