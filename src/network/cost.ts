// What a network costs: multiply-accumulates and parameters.
import { layerKind } from '../layers/registry.ts';
import type { Network } from './network.ts';
import { layersOf } from './shapes.ts';

/** What one network costs, in counts that are the same on every machine. */
export interface NetworkCost {
  /** Multiply-accumulates to compute the output for one sample. */
  readonly macs: number;
  /** All values kept in the model, running statistics included. */
  readonly params: number;
}

/** Counts without running anything. Throws `bad-network` where a layer does not fit its inputs. */
export function costOf(network: Network): NetworkCost {
  const costs = [...nodeCosts(network).values()];
  return {
    macs: costs.reduce((sum, { macs }) => sum + macs, 0),
    params: costs.reduce((sum, { params }) => sum + params, 0),
  };
}

/** Each node's share, by id. */
export function nodeCosts(network: Network): ReadonlyMap<string, NetworkCost> {
  const layers = layersOf(network);
  return new Map(
    network.nodes.map(({ id, kind, params }): [string, NetworkCost] => {
      const size = Object.values(params).reduce((sum, { data }) => sum + data.length, 0);
      return [id, { macs: layerKind(kind).macs(layers.get(id)!), params: size }];
    }),
  );
}
