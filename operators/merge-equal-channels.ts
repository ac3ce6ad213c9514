// Makes one of channels that are always equal: what was read of each of them is read of the one.
import type { Attributes, Network } from '../src/network/network.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import { readChannel, writeChannel } from './channels/channel-entries.ts';
import { channelGroups, type ChannelGroup } from './channels/channel-groups.ts';
import { editChannels } from './channels/edit-channels.ts';
import { replicableGroup } from './channels/widen-group.ts';
import type { Operator } from './operator.ts';
import { rebuildNodes, type NodeEdit, type ParamEdit } from './rebuild-nodes.ts';
import { refuse } from './refuse.ts';
import { everyEntry, firstEntry, slotTensors } from './slot-tensors.ts';

/** Whose equal channels are merged: all of them. */
export interface MergeEqualChannelsSite extends Attributes {
  /** A layer that makes the channels; they are merged in all others of its group too. */
  readonly node: string;
}

/**
 * Channels are equal when all that makes them is: their weights, biases, and parameters of their own such as those of a
 * batch norm. The outgoing weights of the first become the sum (rounded to float32) and start without moments; the
 * others go. Copies in a loop whose layer reads what it makes are not found: net2wider splits what they read of each
 * other, and their weights differ. Dropout, which drops the copies at different times, is the same on average only.
 */
export const mergeEqualChannels: Operator<MergeEqualChannelsSite> = {
  name: 'merge-equal-channels',
  preserves: 'real',
  cost: 'less',
  summary: 'Merges channels with equal incoming weights; their outgoing weights are added.',
  formula: 'W1[i] = W1[j]: W2[:, i] becomes W2[:, i] + W2[:, j], channel j goes',
  conditions: 'a channel group with channels that are made by equal weights; under a layer norm all equally often',
  source: 'the inverse of Net2WiderNet (Chen et al. 2016, arXiv:1511.05641); Srinivas and Babu 2015, arXiv:1507.06149',

  sites: (network) =>
    channelGroups(network)
      .filter((group) => group.locked === undefined && copies(network, group).size > 0)
      .map(({ producers }) => ({ node: producers[0]! })),

  apply(parent, { node }) {
    const found = replicableGroup(parent.network, node);
    if ('refusal' in found) return found;
    const { group } = found;
    const merged = copies(parent.network, group);
    if (merged.size === 0)
      return refuse('not-exact', 'equal channels (under a layer norm: of each equally many)', node);
    const dropped = new Set([...merged.values()].flat());
    const kept = Array.from({ length: group.channels }, (_, channel) => channel).filter((c) => !dropped.has(c));
    return { child: editChannels(addColumns(parent, group, merged), group, { map: kept }) };
  },
};

/** First of several equal channels -> the others. */
type Copies = ReadonlyMap<number, readonly number[]>;

/** The equal channels of a group; none where to merge them would change what a layer norm makes of the others. */
function copies(network: Network, group: ChannelGroup): Copies {
  const incoming = slotTensors(network, group, 'producer', 'perChannel');
  const areEqual = (a: number, b: number): boolean =>
    incoming.every((place) => {
      const { data } = place.tensor;
      const shift = firstEntry(place, b) - firstEntry(place, a);
      return everyEntry(place, a, (index) => data[index] === data[index + shift]);
    });
  // Only channels whose first weights agree are compared.
  const [head] = incoming;
  const firsts = new Map<number, number[]>();
  const merged = new Map<number, number[]>();
  for (let channel = 0; channel < group.channels; channel++) {
    const key = head!.tensor.data[firstEntry(head!, channel)]!;
    const alike = firsts.get(key) ?? [];
    const first = alike.find((candidate) => areEqual(candidate, channel));
    if (first === undefined) firsts.set(key, [...alike, channel]);
    else merged.set(first, [...(merged.get(first) ?? []), channel]);
  }
  if (group.uniform === undefined) return merged;
  const sizes = new Set([...firsts.values()].flat().map((first) => merged.get(first)?.length ?? 0));
  return sizes.size === 1 ? merged : new Map();
}

/** Gives all who read the group the sum of what they read of equal channels, at the first of them. */
function addColumns(parent: TrainedNetwork, group: ChannelGroup, merged: Copies): TrainedNetwork {
  const edits = new Map<string, NodeEdit & { params: Map<string, ParamEdit> }>();
  for (const { slot, tensor } of slotTensors(parent.network, group, 'consumer')) {
    const { shape, data } = tensor;
    const edit = edits.get(slot.node) ?? { params: new Map<string, ParamEdit>() };
    edits.set(slot.node, edit);
    // The same parameter may read the channels twice, behind concat.
    const known = edit.params.get(slot.param);
    const indices = known?.maps.get(slot.axis) ?? Array.from({ length: shape[slot.axis]! }, (_, index) => index);
    const isSum = (index: number | undefined): boolean =>
      index !== undefined && merged.has(Math.floor((index - slot.offset) / slot.multiplicity));
    edit.params.set(slot.param, {
      maps: new Map([[slot.axis, indices.map((index) => (isSum(index) ? undefined : index))]]),
      start(values) {
        known?.start?.(values);
        for (const [first, others] of merged) {
          const sums = new Float64Array(readChannel(data, shape, slot, first));
          for (const other of others) {
            const column = readChannel(data, shape, slot, other);
            for (let i = 0; i < sums.length; i++) sums[i]! += column[i]!;
          }
          writeChannel(values, shape, slot, first, Float32Array.from(sums));
        }
      },
    });
  }
  return rebuildNodes(parent, edits);
}
