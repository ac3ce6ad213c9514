// What is known of every value's bounds without looking at data: the layers' interval facts, followed through a network.
import type { Range } from '../layers/range.ts';
import { layerKind } from '../layers/registry.ts';
import type { Network } from './network.ts';
import { layersOf } from './shapes.ts';

/** Node id -> an interval that holds all its outputs. */
export function rangesOf(network: Network): ReadonlyMap<string, Range> {
  const layers = layersOf(network);
  const ranges = new Map<string, Range>();
  for (const { id, kind, inputs } of network.nodes) {
    const known = inputs.map((input) => ranges.get(input)!);
    ranges.set(id, layerKind(kind).range(layers.get(id)!, known));
  }
  return ranges;
}
