// Which channels of a network belong together: every group that must be widened or pruned as one.
import type { ChannelAxes, ChannelFacts } from '../../src/layers/layer-kind.ts';
import { layerKind } from '../../src/layers/registry.ts';
import { outputNode, type Network, type NetworkNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { SpaceUnion, type Segment, type Space } from './space-union.ts';

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

/** Channels that can be changed only together; what a grouped convolution reads as one block is one channel here. */
export interface ChannelGroup {
  /** How many channels. */
  readonly channels: number;
  /** The nodes that make them, in network order; none where the input or a locked layer does. */
  readonly producers: readonly string[];
  readonly slots: readonly ChannelSlot[];
  /** Nodes whose settings go by how many channels they read; `multiplicity` is what they read of each channel. */
  readonly resized: readonly { readonly node: string; readonly multiplicity: number }[];
  /** Why the channels cannot be changed, if they cannot. */
  readonly locked: string | undefined;
  /** Why the channels can only be repeated, all of them equally often, if that is so. */
  readonly uniform: string | undefined;
}

/** Channels that are to come behind those of the node `behind`, for all who read it. */
interface Joining {
  readonly behind: string;
  readonly channels: number;
}

/** All groups, in the order of their first nodes. */
export function channelGroups(network: Network): readonly ChannelGroup[] {
  return [...groupsByRoot(network).groups.values()];
}

/**
 * The group that `channels` new channels behind those of a node would be, with all who would read them; nobody makes
 * them, and offsets are as if they were not there yet.
 */
export function joiningGroup(network: Network, joining: Joining): ChannelGroup {
  const { groups, joined } = groupsByRoot(network, joining);
  return groups.get(joined!)!;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

interface Groups {
  readonly groups: ReadonlyMap<number, ChannelGroup>;
  readonly joined: number | undefined;
}

function groupsByRoot(network: Network, joining?: Joining): Groups {
  const layers = layersOf(network);
  const union = new SpaceUnion();
  const extra = joining && union.create(joining.channels);
  const spaces = new Map<string, Space>();
  const read = (id: string): Space => (id === joining?.behind ? [...spaces.get(id)!, ...extra!] : spaces.get(id)!);
  const flows = network.nodes.map((node) => [node, layerKind(node.kind).channels(layers.get(node.id)!)] as const);
  for (const [node, facts] of flows) {
    spaces.set(node.id, outputSpace(union, facts, node.inputs.map(read), layers.get(node.id)!.output[0]!));
  }
  union.lock(read(outputNode(network).id), 'the output has the channels that the task wants');
  const uniform = uniformGroups(union, spaces, flows);

  const groups = new Map<number, Mutable<ChannelGroup>>();
  const groupOf = ({ group }: Segment): Mutable<ChannelGroup> => {
    const root = union.find(group);
    const known = groups.get(root) ?? {
      channels: union.channelsOf(root),
      producers: [],
      slots: [],
      resized: [],
      locked: union.lockOf(root),
      uniform: uniform.get(root),
    };
    groups.set(root, known);
    return known;
  };
  const joined = extra && union.find(extra[0]!.group);
  if (extra) groupOf(extra[0]!);
  const addSlots = (node: NetworkNode, role: ChannelSlot['role'], axes: ChannelAxes, space: Space): void => {
    let offset = 0;
    for (const segment of space) {
      const { slots, channels } = groupOf(segment);
      slots.push(...slotsOf(node, role, axes, { multiplicity: segment.width / channels, offset }));
      if (union.find(segment.group) !== joined) offset += segment.width;
    }
  };
  for (const [node, facts] of flows) {
    const space = spaces.get(node.id)!;
    space.forEach(groupOf);
    if (facts.flow === 'tied' || facts.flow === 'spread') addSlots(node, 'perChannel', facts.perChannel, space);
    if (facts.flow === 'spread' && facts.resized) {
      for (const segment of node.inputs.flatMap(read)) {
        const group = groupOf(segment);
        group.resized.push({ node: node.id, multiplicity: segment.width / group.channels });
      }
    }
    if (facts.flow !== 'own') continue;
    groupOf(space[0]!).producers.push(node.id);
    addSlots(node, 'producer', facts.producer, space);
    for (const input of node.inputs) addSlots(node, 'consumer', facts.consumer, read(input));
  }
  return { groups, joined };
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
  if (facts.flow === 'spread') return union.spread(first, facts.inputs, facts.outputs);
  for (const other of others) union.unite(first, other);
  return first;
}

/**
 * Group -> why its channels may only be repeated equally often. Where such a layer reads several groups, repeating one
 * of them would change their weight against each other: they are locked.
 */
function uniformGroups(
  union: SpaceUnion,
  spaces: ReadonlyMap<string, Space>,
  flows: readonly (readonly [NetworkNode, ChannelFacts])[],
): ReadonlyMap<number, string> {
  const reasons = new Map<number, string>();
  for (const [node, facts] of flows) {
    if (facts.flow !== 'tied' || facts.uniform === undefined) continue;
    const space = spaces.get(node.id)!;
    const [root, ...others] = new Set(space.map(({ group }) => union.find(group)));
    if (others.length > 0) union.lock(space, facts.uniform);
    else if (!reasons.has(root!)) reasons.set(root!, facts.uniform);
  }
  return reasons;
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
