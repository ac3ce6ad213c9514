// The panel about the chosen individual.
import { architecture } from './architecture.ts';
import { addressOf, chosenPlace, watchChoice } from './choice.ts';
import { element, found, individualLink, parentLink, tableOf, type Child } from './elements.ts';
import { patchChildren } from './patch.ts';
import {
  individuals,
  nameOfParent,
  notesOf,
  numberText,
  run,
  valueText,
  watchRun,
  type Individual,
} from './run-data.ts';
import type { PageObjective } from '../page-data.ts';

export function detailsPanel(): void {
  const panel = found('details')!;
  let shown: string | undefined;
  const show = (place: number): void => {
    const individual = individuals[place]!;
    const fresh = element(
      'div',
      {},
      element('h3', { tabIndex: -1 }, individual.name),
      element('p', {}, ...originOf(individual)),
      objectivesTable(individual),
      element('h4', {}, 'Lineage'),
      lineagePath(individual),
      ...(individual.failure === undefined ? exportWays(individual) : []),
      element('h4', {}, 'Architecture'),
      ...architecture(individual),
    );
    // What is still told of the same keeps focus and scroll.
    if (shown === individual.id) patchChildren(panel, fresh);
    else panel.replaceChildren(...fresh.childNodes);
    shown = individual.id;
    for (const link of document.querySelectorAll('a[aria-current]')) link.removeAttribute('aria-current');
    for (const link of document.querySelectorAll('tbody a'))
      if (link.getAttribute('href') === addressOf(place) && !panel.contains(link)) link.ariaCurrent = 'true';
  };
  watchRun(() => {
    show(chosenPlace());
  });
  watchChoice((place, asked) => {
    show(place);
    if (!asked) return;
    panel.querySelector('h3')!.focus({ preventScroll: true });
    panel.scrollIntoView({ block: 'nearest' });
  });
}

function originOf(individual: Individual): Child[] {
  const { id, name, made, parents, generation, failure, place } = individual;
  const origin: Child[] =
    parents.length === 0
      ? [`A network that the run began with${name === id ? '' : `, id ${id}`}.`]
      : [
          'Made by ',
          element('strong', {}, made),
          ' from ',
          ...parents.flatMap((parent, index) => [index ? ' and ' : '', parentLink(parent)]),
          ` in generation ${generation}.`,
        ];
  if (failure !== undefined) origin.push(` It failed: ${failure}.`);
  if (place === run.knee) origin.push(' It is the knee of the front.');
  else if (run.front.includes(place)) origin.push(' It is on the front.');
  return [...origin, ...notesOf(individual).map((note) => ` ${note}`)];
}

function objectivesTable({ place, name, parents }: Individual): HTMLElement {
  const known = parents.filter((parent) => typeof parent === 'number');
  const difference = (objective: PageObjective, parent: number): string => {
    const [mine, theirs] = [objective.values[place] ?? null, objective.values[parent] ?? null];
    if (mine === null || theirs === null) return '–';
    // Of shares "%" would read as one of the parent's value.
    const unit = objective.unit === '\u00a0%' ? '\u00a0points' : objective.unit;
    return numberText({ ...objective, unit }, mine - theirs, { signDisplay: 'exceptZero' });
  };
  return tableOf(
    `Objectives of ${name}`,
    [
      { title: 'Objective' },
      { title: 'Value', className: 'number' },
      ...known.map((parent) => ({ title: `against ${nameOfParent(parent)}`, className: 'number' })),
    ],
    run.objectives.map((objective) => [
      objective.caveat === undefined ? objective.title : `${objective.title} (${objective.caveat})`,
      valueText(objective, place),
      ...known.map((parent) => difference(objective, parent)),
    ]),
  );
}

/** Along first parents, oldest first. */
function pathTo(place: number): number[] {
  const path = [place];
  for (;;) {
    const parent = individuals[path[0]!]!.parents[0];
    if (typeof parent !== 'number' || path.includes(parent)) return path;
    path.unshift(parent);
  }
}

function lineagePath({ place }: Individual): HTMLElement {
  return element(
    'ol',
    { className: 'path' },
    ...pathTo(place).map((step) => {
      const { made, parents } = individuals[step]!;
      const partner = parents[1] === undefined ? [] : [' with ', parentLink(parents[1])];
      return element('li', {}, ...(parents.length === 0 ? [] : [made, ...partner, ' → ']), individualLink(step));
    }),
  );
}

/** The command, and a link where there is a server that can give the model. */
function exportWays({ id }: Individual): HTMLElement[] {
  const command = element('code', {}, `neurostitch export ${run.folder} ${id} --out best.onnx`);
  const file = `${encodeURIComponent(id)}.onnx`;
  const link = element('a', { href: `models/${file}`, download: file }, 'Download as ONNX');
  return [
    element('h4', {}, 'Export'),
    element('pre', { tabIndex: 0, ariaLabel: 'Command that exports it' }, command),
    ...(run.models ? [element('p', {}, link)] : []),
  ];
}
