// A network layer by layer, as a table of plain text and as data.
import { nodeCosts } from '../src/network/cost.ts';
import type { Attributes, AttributeValue, Network } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import { groupedCount, percentNumber } from './number-text.ts';
import { textTable, type Column } from './text-table.ts';

/** One layer of a network, in topological order. */
export interface LayerRow {
  readonly id: string;
  readonly kind: string;
  readonly attributes: Attributes;
  /** Ids of the nodes that it reads. */
  readonly inputs: readonly string[];
  /** Of its output, without the batch axis. */
  readonly shape: readonly number[];
  readonly params: number;
  /** Multiply-accumulates for one sample. */
  readonly macs: number;
  /** Its parameters of one value, such as the two of an actiSwitch and a scale's factor. */
  readonly scalars: Readonly<Record<string, number>>;
  /** Of an actiSwitch: how much of its output is not linear, 0..1, by the sizes of its factors. */
  readonly active?: number;
}

const columns: readonly Column[] = [
  { title: 'name', align: 'left' },
  { title: 'kind', align: 'left' },
  { title: 'reads', align: 'left' },
  { title: 'output', align: 'left' },
  { title: 'parameters', align: 'right' },
  { title: 'MACs', align: 'right' },
  { title: 'active %', align: 'right' },
  { title: 'settings', align: 'left' },
];

/** Throws `bad-network` where a layer does not fit its inputs. */
export function layerRows(network: Network): LayerRow[] {
  const layers = layersOf(network);
  const costs = nodeCosts(network);
  return network.nodes.map(({ id, kind, attributes, inputs, params }) => {
    const scalars = Object.fromEntries(
      Object.entries(params).flatMap(([name, { data }]) => (data.length === 1 ? [[name, data[0]!]] : [])),
    );
    return {
      id,
      kind,
      attributes,
      inputs,
      shape: layers.get(id)!.output,
      ...costs.get(id)!,
      scalars,
      ...activeShare(scalars),
    };
  });
}

/** |active| / (|linear| + |active|), and 0 where both are 0; nothing for a layer without these two factors. */
function activeShare({ linear, active }: Readonly<Record<string, number>>): Pick<LayerRow, 'active'> {
  if (linear === undefined || active === undefined) return {};
  return { active: active === 0 ? 0 : Math.abs(active) / (Math.abs(linear) + Math.abs(active)) };
}

/** Aligned columns, one layer a line, then the totals; without a line break at the end. */
export function layerTable(network: Network): string {
  const rows = layerRows(network);
  const sum = (count: (row: LayerRow) => number): string =>
    groupedCount(rows.reduce((total, row) => total + count(row), 0));
  return textTable(columns, [
    ...rows.map((row) => [
      row.id,
      row.kind,
      row.inputs.join(', '),
      row.shape.join(' x '),
      groupedCount(row.params),
      groupedCount(row.macs),
      row.active === undefined ? '' : percentNumber(row.active),
      settingsText(row),
    ]),
    ['total', '', '', '', sum(({ params }) => params), sum(({ macs }) => macs), '', ''],
  ]);
}

/** A layer's settings and scalars in a line. */
export function settingsText({ attributes, scalars }: Pick<LayerRow, 'attributes' | 'scalars'>): string {
  return [
    ...Object.entries(attributes).map(([name, value]) => `${name} ${valueText(value)}`),
    ...Object.entries(scalars).map(([name, value]) => `${name} = ${value.toPrecision(3)}`),
  ].join(', ');
}

function valueText(value: AttributeValue): string {
  return typeof value === 'object' ? value.map(valueText).join(' x ') : String(value);
}
