// An individual's layers, and what is different in its parents.
import type { ShownLayer } from '../../shown-layers.ts';
import { architectureDrawing } from './architecture-drawing.ts';
import { element, tableOf, type Head } from './elements.ts';
import { individuals, nameOfParent, run, type Individual } from './run-data.ts';

const fieldNames = ['name', 'kind', 'reads', 'output', 'parameters', 'MACs', 'settings'];

interface Parent {
  readonly name: string;
  /** Places among the layers. */
  readonly rows: readonly number[];
}

export function architecture({ id, name, parents }: Individual): HTMLElement[] {
  const { layers, networks } = run.architectures;
  const own = networks[id];
  if (!own) return [notHere(id)];
  const compared = parents.flatMap((parent): Parent[] => {
    const rows = typeof parent === 'number' ? networks[individuals[parent]!.id] : undefined;
    return rows ? [{ name: nameOfParent(parent), rows }] : [];
  });
  const heads: Head[] = [
    { title: 'Layer' },
    ...compared.map((parent) => ({ title: `against ${parent.name}`, className: 'wrapped' })),
    { title: 'Kind' },
    { title: 'Reads', className: 'wrapped' },
    { title: 'Output' },
    { title: 'Parameters', className: 'number' },
    { title: 'MACs', className: 'number' },
    { title: 'Settings', className: 'wrapped' },
  ];
  const total = (field: 4 | 5): string =>
    own.reduce((sum, row) => sum + layers[row]![field], 0).toLocaleString('en-US');
  const table = tableOf(`Layers of ${name}`, heads, [
    ...own.map((row) => {
      const [first, ...rest] = cellsOf(layers[row]!);
      return [first!, ...compared.map((parent) => change(row, parent.rows)), ...rest];
    }),
    ['total', ...compared.map(() => ''), '', '', '', total(4), total(5), ''],
  ]);
  const [first] = compared;
  const drawing = architectureDrawing(`Drawing of the layers of ${name}`, own, (row) =>
    first ? change(row, first.rows) : '',
  );
  const key = first ? `Thick: not in ${first.name}. Dashed: changed since.` : 'Left to right, from input to output.';
  return [
    drawing,
    element('p', { className: 'muted' }, key),
    table,
    ...compared.flatMap((parent) => lacks(own, parent)),
  ];
}

function notHere(id: string): HTMLElement {
  return element(
    'p',
    { className: 'muted' },
    'This page does not have its layers, only those of the front, of its parents and of some others. They are printed by ',
    element('code', {}, `neurostitch inspect ${run.folder} ${id}`),
    '.',
  );
}

/** What is different in the parent's layer of that name: nothing for an equal one. */
function change(row: number, theirs: readonly number[]): string {
  const { layers } = run.architectures;
  const before = theirs.find((other) => layers[other]![0] === layers[row]![0]);
  if (before === undefined) return 'new';
  const [was, is] = [cellsOf(layers[before]!), cellsOf(layers[row]!)];
  return fieldNames
    .flatMap((field, index) =>
      was[index] === is[index] ? [] : [`${field} ${was[index] || 'none'} → ${is[index] || 'none'}`],
    )
    .join('; ');
}

function lacks(own: readonly number[], { name, rows }: Parent): HTMLElement[] {
  const { layers } = run.architectures;
  const missing = rows.filter((row) => !own.some((mine) => layers[mine]![0] === layers[row]![0]));
  const text = missing.map((row) => `${layers[row]![0]} (${layers[row]![1]})`).join(', ');
  return missing.length === 0 ? [] : [element('p', {}, `Of ${name} it lacks: ${text}.`)];
}

function cellsOf(layer: ShownLayer): string[] {
  return layer.map((value) =>
    typeof value === 'number' ? value.toLocaleString('en-US') : typeof value === 'string' ? value : value.join(', '),
  );
}
