// Puts one layer in the place of two that follow each other.
import { pruneTo, replaceNodes } from '../src/network/edit.ts';
import { outputNode, type Network, type NetworkNode } from '../src/network/network.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';

/** Whether `reader` is the only one that reads the node, and reads it once. */
export function isReadOnlyBy(network: Network, id: string, reader: NetworkNode): boolean {
  const readers = network.nodes.flatMap((node) => node.inputs.filter((input) => input === id).map(() => node));
  return readers.length === 1 && readers[0] === reader;
}

/**
 * The child in which `fused` stands for `first` and `second`, the only reader of `first`. It keeps the id of `second`,
 * whose values it computes; neither's moments fit it, so it starts without any.
 */
export function fuseNodes(
  { network, state }: TrainedNetwork,
  [first, second]: readonly [NetworkNode, NetworkNode],
  fused: Omit<NetworkNode, 'id' | 'inputs'>,
): TrainedNetwork {
  const node = { id: second.id, inputs: first.inputs, ...fused };
  const { nodes } = replaceNodes(network, new Map([[second.id, node]]));
  const moments = Object.entries(state.moments).filter(([id]) => id !== first.id && id !== second.id);
  return { network: pruneTo(nodes, outputNode(network).id), state: { moments: Object.fromEntries(moments) } };
}
