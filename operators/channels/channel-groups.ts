// Which channels of a network belong together: every group that must be widened or pruned as one.
import type { ChannelAxes, ChannelFacts } from '../../src/layers/layer-kind.ts';
import { layerKind } from '../../src/layers/registry.ts';
import { outputNode, type Network, type NetworkNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { SpaceUnion, widthOf, type Segment, type Space } from './space-union.ts';

/**
 * A parameter axis that is indexed by the channels of a group: channel c owns the indices from
 * `offset + c * multiplicity` up to `offset + (c + 1) * multiplicity`. Producers make the channels, perChannel parameters
 * follow them, consumers read them. One parameter can be in several slots of a group: a convolution inside a residual
 * loop reads what it makes, and behind concat the same channels can come twice.
 */
export interface ChannelSlot {
  readonly role: 'producer' | 'perChannel' | 'consumer';
  readonly node: string;
  readonly param: string;
  readonly axis: number;
  readonly multiplicity: number;
  /** Above 0 behind concat: the indices of other channels that come first. */
  readonly offset: number;
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

type OpenGroup = ChannelGroup & { readonly producers: string[]; readonly slots: ChannelSlot[] };

type Flow = readonly [node: NetworkNode, facts: ChannelFacts];

/** All groups, in the order of their first nodes. Multiplicities come from flatten: the pixels of a channel. */
export function channelGroups(network: Network): readonly ChannelGroup[] {
  const layers = layersOf(network);
  const union = new SpaceUnion();
  const spaces = new Map<string, Space>();
  const flows: Flow[] = network.nodes.map((node) => [node, layerKind(node.kind).channels(layers.get(node.id)!)]);
  for (const [node, facts] of flows) {
    const inputs = node.inputs.map((input) => spaces.get(input)!);
    spaces.set(node.id, outputSpace(union, facts, inputs, layers.get(node.id)!.output[0]!));
  }
  const output = outputNode(network).id;
  union.lock(spaces.get(output)!, 'the output has the channels that the task wants');

  const groups = new Map<number, OpenGroup>();
  const groupOf = ({ group, channels }: Segment): OpenGroup => {
    const root = union.find(group);
    const known = groups.get(root) ?? { channels, producers: [], slots: [], locked: union.lockOf(root) };
    groups.set(root, known);
    return known;
  };
  const addSlots = (node: NetworkNode, role: ChannelSlot['role'], axes: ChannelAxes, space: Space): void => {
    let offset = 0;
    for (const segment of space) {
      groupOf(segment).slots.push(...slotsOf(node, role, axes, { multiplicity: segment.multiplicity, offset }));
      offset += widthOf(segment);
    }
  };
  for (const [node, facts] of flows) {
    const space = spaces.get(node.id)!;
    const [own] = space.map(groupOf);
    if (facts.flow === 'tied') addSlots(node, 'perChannel', facts.perChannel, space);
    if (facts.flow !== 'own') continue;
    own!.producers.push(node.id);
    addSlots(node, 'producer', facts.producer, space);
    for (const input of node.inputs) addSlots(node, 'consumer', facts.consumer, spaces.get(input)!);
  }
  return [...groups.values()];
}

/** The space of a layer's output of so many channels; what the layer ties or locks is noted in `union`. */
function outputSpace(union: SpaceUnion, facts: ChannelFacts, inputs: readonly Space[], channels: number): Space {
  if (facts.flow === 'own') return union.create(channels);
  if (facts.flow === 'locked') {
    const output = union.create(channels);
    for (const space of [output, ...inputs]) union.lock(space, facts.reason);
    return output;
  }
  if (facts.flow === 'joined') return inputs.flat();
  const [first, ...others] = inputs as [Space, ...Space[]];
  if (facts.flow === 'spread') {
    return first.map((segment) => ({ ...segment, multiplicity: segment.multiplicity * facts.multiplicity }));
  }
  for (const other of others) union.unite(first, other);
  return first;
}

function slotsOf(
  node: NetworkNode,
  role: ChannelSlot['role'],
  axes: ChannelAxes,
  place: Pick<ChannelSlot, 'multiplicity' | 'offset'>,
): readonly ChannelSlot[] {
  return Object.entries(axes)
    .filter(([param]) => node.params[param])
    .map(([param, axis]) => ({ role, node: node.id, param, axis, ...place }));
}
