// How many parameters each shrinking operator takes away, by formula: the oracle for the law about costs.
import type { Site } from '../../operators/operator.ts';
import type { Network, NetworkNode } from '../../src/network/network.ts';
import { remaining } from './channel-indices.ts';
import type { Shrinking } from './shrinking.ts';

interface Cut {
  readonly site: Site;
  readonly removed: Shrinking['removed'];
}

type Formula = (parent: Network, cut: Cut, child: Network) => number;

const formulas: Readonly<Record<string, Formula>> = {
  'prune-zero-fan-out': channelsGone,
  'merge-equal-channels': channelsGone,
  'prune-filters': channelsGone,
  'remove-identity-layer': (parent, { site }) => sizes(nodeAt(parent, site)),
  'fold-acti-switch'(parent, { site }) {
    const { linear, active } = nodeAt(parent, site).params;
    return linear!.data[0] === 0 && active!.data[0] === 1 ? 2 : 1;
  },
  'merge-linear-layers'(parent, { site }) {
    const second = nodeAt(parent, site);
    const first = parent.nodes.find(({ id }) => id === second.inputs[0])!;
    const [w1, w2] = [first.params.weight!.shape, second.params.weight!.shape];
    const bias = first.params.bias || second.params.bias ? 1 : 0;
    const isDense = w1.length === 2;
    const outputs = isDense ? w2[1]! : w2[0]!;
    const taps = isDense ? 1 : Math.max(w1[2]! * w1[3]!, w2[2]! * w2[3]!);
    return sizes(first) + sizes(second) - (outputs * (isDense ? w1[0]! : w1[1]!) * taps + bias * outputs);
  },
  'fold-batch-norm'(parent, { site }) {
    const norm = nodeAt(parent, site);
    const channels = norm.params.gamma!.data.length;
    const before = parent.nodes.find(({ id }) => id === norm.inputs[0])!;
    return before.params.bias ? 4 * channels : 3 * channels;
  },
  // No bound but the layers that are no longer there.
  'drop-layer': (parent, _, child) =>
    parent.nodes.reduce((total, node) => total + (child.nodes.some(({ id }) => id === node.id) ? 0 : sizes(node)), 0),
  'separate-convolution'(parent, { site }) {
    const [outputs, inputs, height, width] = nodeAt(parent, site).params.weight!.shape as [
      number,
      number,
      number,
      number,
    ];
    return outputs * inputs * height * width - inputs * (height * width + outputs);
  },
};

export function removedParams(operator: string, parent: Network, child: Network, cut: Cut): number {
  const formula = formulas[operator];
  if (!formula) throw new Error(`Expected a formula for ${operator} in test/helpers/removed-params.ts, got none`);
  return formula(parent, cut, child);
}

/** What the removed channels had in each tensor of their group. */
function channelsGone({ nodes }: Network, { removed }: Cut): number {
  const { group, channels } = removed!;
  return nodes.reduce(
    (total, { id, params }) =>
      Object.entries(params).reduce((sum, [name, value]) => {
        const slots = group.slots.filter(({ node, param }) => node === id && param === name);
        return sum + value.data.length - remaining(value, slots, channels).length;
      }, total),
    0,
  );
}

function nodeAt({ nodes }: Network, { node }: Site): NetworkNode {
  return nodes.find(({ id }) => id === node)!;
}

function sizes({ params }: NetworkNode): number {
  return Object.values(params).reduce((sum, { data }) => sum + data.length, 0);
}
