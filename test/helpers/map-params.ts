// Changes every value of a network's parameters.
import type { Network } from '../../src/network/network.ts';
import { tensor } from '../../src/network/tensor.ts';

/** A network of the same layers with other values. */
export function mapParams({ nodes }: Network, change: (value: number) => number): Network {
  return {
    nodes: nodes.map((node) => ({
      ...node,
      params: Object.fromEntries(
        Object.entries(node.params).map(([name, { shape, data }]) => [name, tensor(shape, data.map(change))]),
      ),
    })),
  };
}
