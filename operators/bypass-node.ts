// Takes a node out of a network: all who read it read one of its inputs instead.
import { pruneTo } from '../src/network/edit.ts';
import { outputNode, type NetworkNode } from '../src/network/network.ts';
import { restrictState, type TrainedNetwork } from '../src/training/training-state.ts';

/** The child without `node`, and without what only it needed. */
export function bypassNode({ network, state }: TrainedNetwork, node: NetworkNode, input: string): TrainedNetwork {
  const nodes = network.nodes
    .filter((other) => other !== node)
    .map((other) =>
      other.inputs.includes(node.id)
        ? { ...other, inputs: other.inputs.map((id) => (id === node.id ? input : id)) }
        : other,
    );
  const output = outputNode(network);
  const child = pruneTo(nodes, output === node ? input : output.id);
  return { network: child, state: restrictState(state, child) };
}
