// Which channels of a network belong together: every group that must be widened or pruned as one.
import type { ChannelAxes, ChannelFacts } from '../../src/layers/layer-kind.ts';
import { layerKind } from '../../src/layers/registry.ts';
import { outputNode, type Network, type NetworkNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { SpaceUnion, type Space } from './space-union.ts';

/**
 * A parameter axis that is indexed by the channels of a group: channel c owns the indices from `c * multiplicity` up to
 * `(c + 1) * multiplicity`. Producers make the channels, perChannel parameters follow them, consumers read them. One
 * parameter can be in two slots of a group: a convolution inside a residual loop reads what it makes.
 */
export interface ChannelSlot {
  readonly role: 'producer' | 'perChannel' | 'consumer';
  readonly node: string;
  readonly param: string;
  readonly axis: number;
  readonly multiplicity: number;
}

export interface ChannelGroup {
  /** How many channels. */
  readonly channels: number;
  /** The nodes that make them, in network order; none where the input or a locked layer does. */
  readonly producers: readonly string[];
  readonly slots: readonly ChannelSlot[];
  /** Why the channels cannot be changed, if they cannot. */
  readonly locked: string | undefined;
}

type Flow = readonly [node: NetworkNode, facts: ChannelFacts];

/** All groups, in the order of their first nodes. Multiplicities come from flatten: the pixels of a channel. */
export function channelGroups(network: Network): readonly ChannelGroup[] {
  const layers = layersOf(network);
  const union = new SpaceUnion();
  const spaces = new Map<string, Space>();
  const flows: Flow[] = network.nodes.map((node) => [node, layerKind(node.kind).channels(layers.get(node.id)!)]);
  for (const [node, facts] of flows) {
    const inputs = node.inputs.map((input) => spaces.get(input)!);
    spaces.set(node.id, outputSpace(union, facts, inputs));
  }
  const output = outputNode(network).id;
  union.lock(spaces.get(output)!, 'the output has the channels that the task wants');

  const groups = new Map<number, ChannelGroup & { producers: string[]; slots: ChannelSlot[] }>();
  for (const [node, facts] of flows) {
    const { group, multiplicity } = spaces.get(node.id)!;
    const root = union.find(group);
    if (!groups.has(root)) {
      const channels = layers.get(node.id)!.output[0]! / multiplicity;
      groups.set(root, { channels, producers: [], slots: [], locked: union.lockOf(root) });
    }
    const own = groups.get(root)!;
    if (facts.flow === 'tied') own.slots.push(...slotsOf(node, 'perChannel', facts.perChannel, multiplicity));
    if (facts.flow !== 'own') continue;
    own.producers.push(node.id);
    own.slots.push(...slotsOf(node, 'producer', facts.producer, multiplicity));
    for (const input of node.inputs) {
      const read = spaces.get(input)!;
      const slots = slotsOf(node, 'consumer', facts.consumer, read.multiplicity);
      groups.get(union.find(read.group))!.slots.push(...slots);
    }
  }
  return [...groups.values()];
}

/** The space of a layer's output; what the layer ties or locks is noted in `union`. */
function outputSpace(union: SpaceUnion, facts: ChannelFacts, inputs: readonly Space[]): Space {
  if (facts.flow === 'own') return union.create();
  if (facts.flow === 'locked') {
    const output = union.create();
    for (const space of [output, ...inputs]) union.lock(space, facts.reason);
    return output;
  }
  const [first, ...others] = inputs as [Space, ...Space[]];
  if (facts.flow === 'spread') return { ...first, multiplicity: first.multiplicity * facts.multiplicity };
  for (const other of others) union.unite(first, other);
  return first;
}

function slotsOf(
  node: NetworkNode,
  role: ChannelSlot['role'],
  axes: ChannelAxes,
  multiplicity: number,
): readonly ChannelSlot[] {
  return Object.entries(axes)
    .filter(([param]) => node.params[param])
    .map(([param, axis]) => ({ role, node: node.id, param, axis, multiplicity }));
}
