// Lays all parameters of a network out in one flat vector, so that a training step moves few large tensors, not many
// small ones.
import type { Network } from '../../network/network.ts';
import type { Shape } from '../../network/tensor.ts';
import type { MomentsByNode } from '../../training/training-state.ts';
import { decays } from '../backward-plan.ts';
import type { OnnxGraph, OnnxValue } from './onnx-graph.ts';

export interface FlatSlot {
  readonly id: string;
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly length: number;
}

export interface FlatLayout {
  readonly slots: readonly FlatSlot[];
  readonly length: number;
}

/** Slots in node order, for the parameters that `select` names of each node. */
export function flatLayout(
  network: Network,
  select: (node: Network['nodes'][number]) => readonly string[],
): FlatLayout {
  let length = 0;
  const slots = network.nodes.flatMap((node) =>
    select(node).map((name) => {
      const { shape, data } = node.params[name]!;
      const slot = { id: node.id, name, shape, offset: length, length: data.length };
      length += data.length;
      return slot;
    }),
  );
  return { slots, length };
}

/** The values that `read` gives for each slot, one after the other; a single value stands for all entries of its slot. */
export function packed({ slots, length }: FlatLayout, read: (id: string, name: string) => Float32Array): Float32Array {
  const flat = new Float32Array(length);
  for (const slot of slots) {
    const values = read(slot.id, slot.name);
    if (values.length === 1) flat.fill(values[0]!, slot.offset, slot.offset + slot.length);
    else flat.set(values, slot.offset);
  }
  return flat;
}

/** What a training state remembers under one name, 0 where it has nothing. */
export function packedMoments(layout: FlatLayout, moments: MomentsByNode, part: string): Float32Array {
  return packed(layout, (id, name) => moments[id]?.[name]?.[part]?.data ?? Float32Array.of(0));
}

/** 1 for each entry that weight decay applies to, 0 for the others. */
export function decayMask(network: Network, layout: FlatLayout): Float32Array {
  const nodes = new Map(network.nodes.map((node) => [node.id, node]));
  return packed(layout, (id, name) => Float32Array.of(decays(nodes.get(id)!, name) ? 1 : 0));
}

/** Cuts a flat value into its parameters: node id -> name -> value. */
export function emitUnpack(
  graph: OnnxGraph,
  flat: OnnxValue,
  { slots }: FlatLayout,
): ReadonlyMap<string, Readonly<Record<string, OnnxValue>>> {
  const sizes = graph.integers(slots.map((slot) => slot.length));
  const parts = slots.length === 1 ? [flat] : graph.ops('Split', [flat, sizes], { axis: 0 }, slots.length);
  const byNode = new Map<string, Record<string, OnnxValue>>();
  slots.forEach((slot, i) => {
    const params = byNode.get(slot.id) ?? {};
    params[slot.name] = isVector(slot) ? parts[i]! : graph.reshape(parts[i]!, slot.shape);
    byNode.set(slot.id, params);
  });
  return byNode;
}

/** Joins values into one flat value, in the order of the layout. */
export function emitPack(
  graph: OnnxGraph,
  values: ReadonlyMap<string, Readonly<Record<string, OnnxValue>>>,
  { slots }: FlatLayout,
): OnnxValue {
  const parts = slots.map((slot) => {
    const value = values.get(slot.id)![slot.name]!;
    return isVector(slot) ? value : graph.reshape(value, [-1]);
  });
  return parts.length === 1 ? parts[0]! : graph.op('Concat', parts, { axis: 0 });
}

/** What is one vector already needs no operation to lie in another: each costs its microsecond a step. */
function isVector({ shape }: FlatSlot): boolean {
  return shape.length === 1;
}
