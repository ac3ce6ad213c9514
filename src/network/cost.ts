// What a network costs: multiply-accumulates and parameters.
import { layerKind } from '../layers/registry.ts';
import type { Network } from './network.ts';
import { layersOf } from './shapes.ts';

export interface NetworkCost {
  /** Multiply-accumulates to compute the output for one sample. */
  readonly macs: number;
  /** All values kept in the model, running statistics included. */
  readonly params: number;
}

export function costOf(network: Network): NetworkCost {
  const layers = layersOf(network);
  let macs = 0;
  let params = 0;
  for (const node of network.nodes) {
    macs += layerKind(node.kind).macs(layers.get(node.id)!);
    for (const tensor of Object.values(node.params)) params += tensor.data.length;
  }
  return { macs, params };
}
