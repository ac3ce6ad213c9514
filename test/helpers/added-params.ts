// How many parameters each operator adds, by formula: the oracle for the law about costs.
import { channelGroups, joiningGroup, type ChannelSlot } from '../../operators/channels/channel-groups.ts';
import type { Site } from '../../operators/operator.ts';
import type { Network } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { sizeOf } from '../../src/network/tensor.ts';

const formulas: Readonly<Record<string, (network: Network, site: Site) => number>> = {
  // A matrix and a bias over the channels, and the two scalars of the actiSwitch.
  'insert-identity-layer': (network, { node, kernel }) => {
    const [channels] = layersOf(network).get(String(node))!.output;
    return channels! ** 2 * Number(kernel) ** 2 + channels! + 2;
  },
  'widen-zero-fan-out': (network, { node, amount }) => widened(network, String(node), Number(amount)),
  net2wider: (network, { node, amount }) => widened(network, String(node), Number(amount)),
  'split-neurons': (network, { node, amount }) => widened(network, String(node), Number(amount)),
  'widen-pair': (network, { node, pairs }) => widened(network, String(node), 2 * Number(pairs)),
  'activation-to-acti-switch': () => 2,
  // A matrix and a bias over the channels.
  net2deeper: (network, { node, kernel }) => {
    const [channels] = layersOf(network).get(String(node))!.output;
    return channels! ** 2 * Number(kernel) ** 2 + channels!;
  },
  // To twice as many channels, and back.
  'mirror-pair-deepen': (network, { node, kernel }) => {
    const [channels] = layersOf(network).get(String(node))!.output;
    return 2 * channels! * (channels! * Number(kernel) ** 2 + 1) + channels! * (2 * channels! + 1);
  },
  'insert-residual-branch': (network, { node, kernel, channels: hidden }) => {
    const [channels] = layersOf(network).get(String(node))!.output;
    return Number(hidden) * (channels! * Number(kernel) ** 2 + 1) + channels! * (Number(hidden) + 1);
  },
  // A scalar; or a matrix and a bias, where shapes differ.
  'insert-skip': (network, { node, from }) => {
    const [input, output] = [from, node].map((id) => layersOf(network).get(String(id))!.output);
    return String(input) === String(output) ? 1 : output![0]! * (input![0]! + 1);
  },
  // The branch's own weights, and what its channels are to those who read them.
  'insert-concat-branch': (network, { node, from, kernel, channels }) => {
    const [inputs] = layersOf(network).get(String(from))!.output;
    const joining = joiningGroup(network, { behind: String(node), channels: Number(channels) });
    const own = Number(channels) * (inputs! * Number(kernel) ** 2 + 1);
    return own + grown(network, joining.slots, joining.channels);
  },
  'grow-kernel': (network, { node, height, width }) => {
    const { shape } = network.nodes.find(({ id }) => id === node)!.params.weight!;
    const [outputs, inputs, high, wide] = shape as [number, number, number, number];
    return outputs * inputs * ((high + Number(height)) * (wide + Number(width)) - high * wide);
  },
};

export function addedParams(operator: string, network: Network, site: Site): number {
  const formula = formulas[operator];
  if (!formula) throw new Error(`Expected a formula for ${operator} in test/helpers/added-params.ts, got none`);
  return formula(network, site);
}

/** Every axis that the group indexes grows by the values of the new channels, as often as it holds the group. */
function widened(network: Network, producer: string, extra: number): number {
  return grown(network, channelGroups(network).find(({ producers }) => producers.includes(producer))!.slots, extra);
}

function grown(network: Network, slots: readonly ChannelSlot[], extra: number): number {
  const params = new Map(network.nodes.map((node) => [node.id, node.params]));
  const names = new Set(slots.map(({ node, param }) => JSON.stringify([node, param])));
  return [...names].reduce((total, key) => {
    const [node, param] = JSON.parse(key) as [string, string];
    const { shape, data } = params.get(node)![param]!;
    const own = slots.filter((slot) => slot.node === node && slot.param === param);
    const wide = shape.map((side, axis) =>
      own.reduce((sum, slot) => sum + (slot.axis === axis ? extra * slot.multiplicity : 0), side),
    );
    return total + sizeOf(wide) - data.length;
  }, 0);
}
