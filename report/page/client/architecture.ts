// Client script: an individual's layers, and what is different in its parents.

export const architectureScript = String.raw`
const layerFields = ['name', 'kind', 'reads', 'output', 'parameters', 'MACs', 'settings'];

function architecture({ id, name, parents }) {
  const { layers, networks } = report.architectures;
  const own = networks[id];
  if (!own) {
    return [
      element(
        'p',
        { className: 'muted' },
        'This file does not have its layers, only those of the front, of its parents and of some others. They are printed by ',
        element('code', {}, 'neurostitch inspect ' + report.folder + ' ' + id),
        '.',
      ),
    ];
  }
  const compared = parents
    .filter((parent) => typeof parent === 'number' && networks[individuals[parent].id])
    .map((parent) => ({ name: nameOfParent(parent), rows: networks[individuals[parent].id] }));
  const heads = [
    { title: 'Layer' },
    ...compared.map((parent) => ({ title: 'against ' + parent.name, className: 'wrapped' })),
    { title: 'Kind' },
    { title: 'Reads', className: 'wrapped' },
    { title: 'Output' },
    { title: 'Parameters', className: 'number' },
    { title: 'MACs', className: 'number' },
    { title: 'Settings', className: 'wrapped' },
  ];
  const total = (field) => own.reduce((sum, row) => sum + layers[row][field], 0).toLocaleString('en-US');
  const table = tableOf('Layers of ' + name, heads, [
    ...own.map((row) => {
      const [first, ...rest] = layers[row].map(cellText);
      return [first, ...compared.map((parent) => change(row, parent.rows)), ...rest];
    }),
    ['total', ...compared.map(() => ''), '', '', '', total(4), total(5), ''],
  ]);
  const gone = compared.flatMap((parent) => {
    const missing = parent.rows.filter((row) => !own.some((mine) => layers[mine][0] === layers[row][0]));
    const text = missing.map((row) => layers[row][0] + ' (' + layers[row][1] + ')').join(', ');
    return missing.length === 0 ? [] : [element('p', {}, 'Of ' + parent.name + ' it lacks: ' + text + '.')];
  });
  const drawing = architectureDrawing('Drawing of the layers of ' + name, own, (row) =>
    compared[0] ? change(row, compared[0].rows) : '',
  );
  const key = compared[0]
    ? 'Thick: not in ' + compared[0].name + '. Dashed: changed since.'
    : 'Left to right, from input to output.';
  return [drawing, element('p', { className: 'muted' }, key), table, ...gone];

  // Nothing for an equal layer.
  function change(row, theirs) {
    const before = theirs.find((other) => layers[other][0] === layers[row][0]);
    if (before === undefined) return 'new';
    return layerFields
      .map((field, index) => [field, cellText(layers[before][index]), cellText(layers[row][index])])
      .filter(([, was, is]) => was !== is)
      .map(([field, was, is]) => field + ' ' + (was || 'none') + ' → ' + (is || 'none'))
      .join('; ');
  }
}

function cellText(value) {
  return typeof value === 'number' ? value.toLocaleString('en-US') : Array.isArray(value) ? value.join(', ') : value;
}
`;
