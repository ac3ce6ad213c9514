// Drops a layer where its readers can read what it read, such as one branch of a residual block.
import { costOf } from '../src/network/cost.ts';
import { outputNode, type Attributes, type Network, type NetworkNode } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import { sameShape } from '../src/network/tensor.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import { bypassNode } from './bypass-node.ts';
import type { Operator } from './operator.ts';
import { refuse } from './refuse.ts';

/** Which layer is dropped. */
export interface DropLayerSite extends Attributes {
  readonly node: string;
  /** Which of its inputs its readers read instead: 0 for the first. All that only the others needed goes too. */
  readonly input: number;
}

/** Offered where parameters or MACs fall, and not for the output. No bound: the child is to be trained. */
export const dropLayer: Operator<DropLayerSite> = {
  name: 'drop-layer',
  preserves: 'approximate',
  cost: 'less',
  summary: 'Drops a layer, or all but one branch of a sum, where the shapes agree.',
  formula: 'F(x) becomes x',
  conditions: 'a layer but the last that keeps the shape it reads, where parameters or MACs fall',
  source: 'LEMONADE (Elsken et al. 2019, arXiv:1804.09081): removing layers and skip connections',

  sites: (network) =>
    network.nodes.flatMap((node) =>
      node.inputs.flatMap((_, input) =>
        fits(network, node, input) && costsLess(network, bypassed(network, node, input))
          ? [{ node: node.id, input }]
          : [],
      ),
    ),

  apply(parent, { node: id, input }) {
    const { network } = parent;
    const node = network.nodes.find((candidate) => candidate.id === id);
    if (!node) return refuse('no-such-node', 'the id of a node', id);
    if (!Number.isInteger(input) || !(input in node.inputs))
      return refuse('bad-size', `an input, 0 to ${node.inputs.length - 1}`, input);
    if (!fits(network, node, input)) return refuse('wrong-kind', 'an inner layer that keeps the shape it reads', id);
    const child = bypassNode(parent, node, node.inputs[input]!);
    if (!costsLess(network, child)) return refuse('bad-size', 'a layer that costs something', id);
    return { child };
  },
};

function fits(network: Network, node: NetworkNode, input: number): boolean {
  const layer = layersOf(network).get(node.id)!;
  return node !== outputNode(network) && sameShape(layer.inputs[input]!, layer.output);
}

function bypassed(network: Network, node: NetworkNode, input: number): TrainedNetwork {
  return bypassNode({ network, state: { moments: {} } }, node, node.inputs[input]!);
}

/** Parameters and MACs can't rise where layers only go. */
function costsLess(network: Network, { network: child }: TrainedNetwork): boolean {
  const [before, after] = [costOf(network), costOf(child)];
  return after.params < before.params || after.macs < before.macs;
}
