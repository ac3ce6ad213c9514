// Client script: the panel about the chosen individual.

export const detailsPanelScript = String.raw`
function detailsPanel() {
  const panel = document.getElementById('details');
  watchChoice((place, asked) => {
    const individual = individuals[place];
    const heading = element('h3', { tabIndex: -1 }, individual.name);
    panel.replaceChildren(
      heading,
      element('p', {}, ...originOf(individual)),
      objectivesTable(individual),
      element('h4', {}, 'Lineage'),
      lineagePath(individual),
      ...(individual.failure === undefined ? exportCommand(individual) : []),
      element('h4', {}, 'Architecture'),
      ...architecture(individual),
    );
    for (const link of document.querySelectorAll('a[aria-current]')) link.removeAttribute('aria-current');
    for (const link of document.querySelectorAll('tbody a'))
      if (link.getAttribute('href') === addressOf(place) && !panel.contains(link)) link.ariaCurrent = 'true';
    if (!asked) return;
    heading.focus({ preventScroll: true });
    panel.scrollIntoView({ block: 'nearest' });
  });
}

function originOf({ id, name, made, parents, generation, failure, place }) {
  const origin =
    parents.length === 0
      ? ['A network that the run began with' + (name === id ? '' : ', id ' + id) + '.']
      : [
          'Made by ',
          element('strong', {}, made),
          ' from ',
          ...parents.flatMap((parent, index) => [index ? ' and ' : '', parentLink(parent)]),
          ' in generation ' + generation + '.',
        ];
  if (failure !== undefined) origin.push(' It failed: ' + failure + '.');
  if (place === report.knee) origin.push(' It is the knee of the front.');
  else if (report.front.includes(place)) origin.push(' It is on the front.');
  return origin;
}

function objectivesTable({ place, name, parents }) {
  const known = parents.filter((parent) => typeof parent === 'number');
  const difference = (objective, parent) => {
    const [mine, theirs] = [objective.values[place], objective.values[parent]];
    return mine === null || theirs === null ? '–' : numberText(objective, mine - theirs, { signDisplay: 'exceptZero' });
  };
  return tableOf(
    'Objectives of ' + name,
    [
      { title: 'Objective' },
      { title: 'Value', className: 'number' },
      ...known.map((parent) => ({ title: 'against ' + nameOfParent(parent), className: 'number' })),
    ],
    report.objectives.map((objective) => [
      objective.title,
      valueText(objective, place),
      ...known.map((parent) => difference(objective, parent)),
    ]),
  );
}

// Along first parents, oldest first.
function pathTo(place) {
  const path = [place];
  while (typeof individuals[path[0]].parents[0] === 'number' && !path.includes(individuals[path[0]].parents[0]))
    path.unshift(individuals[path[0]].parents[0]);
  return path;
}

function lineagePath({ place }) {
  return element(
    'ol',
    { className: 'path' },
    ...pathTo(place).map((step) => {
      const { made, parents } = individuals[step];
      const text =
        parents.length === 0 ? [] : [made, ...(parents.length > 1 ? [' with ', parentLink(parents[1])] : []), ' → '];
      return element('li', {}, ...text, individualLink(step));
    }),
  );
}

function exportCommand({ id }) {
  return [
    element('h4', {}, 'Export'),
    element(
      'pre',
      { tabIndex: 0, ariaLabel: 'Command that exports it' },
      element('code', {}, 'neurostitch export ' + report.folder + ' ' + id + ' --out best.onnx'),
    ),
  ];
}
`;
