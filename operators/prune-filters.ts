// Removes the channels that matter least, as far as their weights tell.
import type { Attributes, Network } from '../src/network/network.ts';
import type { ChannelGroup } from './channels/channel-groups.ts';
import { editChannels } from './channels/edit-channels.ts';
import { openGroup, openGroups } from './channels/widen-group.ts';
import type { Operator } from './operator.ts';
import { refuse } from './refuse.ts';
import { everyEntry, slotTensors, type SlotTensor } from './slot-tensors.ts';

/** Whose channels are pruned, and how many. */
export interface PruneFiltersSite extends Attributes {
  /** A layer that makes the channels; they go from all others of its group too. */
  readonly node: string;
  /** How many channels are removed. */
  readonly amount: number;
}

/**
 * A channel counts as much as the sum of its incoming |weights| times the sum of its outgoing ones; among equals the
 * seed decides. No bound: the child is to be trained.
 */
export const pruneFilters: Operator<PruneFiltersSite> = {
  name: 'prune-filters',
  preserves: 'approximate',
  cost: 'less',
  summary: "Removes a quarter or half of a layer's channels, those with the smallest weights in and out.",
  formula: 'the channels of the least sum |W1[j]| * sum |W2[:, j]| go',
  conditions: 'a channel group that is tied to neither input nor output, and under no layer norm',
  source: 'LEMONADE (Elsken et al. 2019, arXiv:1804.09081); Pruning Filters (Li et al. 2017, arXiv:1608.08710)',

  sites: (network) =>
    openGroups(network).flatMap(({ producers, channels }) =>
      [...new Set([channels / 4, channels / 2].map((amount) => Math.max(1, Math.round(amount))))]
        .filter((amount) => amount < channels)
        .map((amount) => ({ node: producers[0]!, amount })),
    ),

  apply(parent, { node, amount }, rng) {
    const open = openGroup(parent.network, node);
    if ('refusal' in open) return open;
    const { group } = open;
    if (!Number.isInteger(amount) || amount < 1 || amount >= group.channels) {
      return refuse('bad-size', `1 to ${group.channels - 1} channels`, amount);
    }
    const importance = importances(parent.network, group);
    const order = rng.shuffle(importance.map((_, channel) => channel));
    const dropped = new Set(order.sort((a, b) => importance[a]! - importance[b]!).slice(0, amount));
    const kept = importance.map((_, channel) => channel).filter((channel) => !dropped.has(channel));
    return { child: editChannels(parent, group, { map: kept }) };
  },
};

function importances(network: Network, group: ChannelGroup): readonly number[] {
  const [incoming, outgoing] = (['producer', 'consumer'] as const).map((role) => {
    const sums = new Float64Array(group.channels);
    for (const place of slotTensors(network, group, role)) addAbsolutes(place, sums);
    return sums;
  });
  return Array.from(incoming!, (sum, channel) => sum * outgoing![channel]!);
}

function addAbsolutes(place: SlotTensor, sums: Float64Array): void {
  const { data } = place.tensor;
  sums.forEach((_, channel) => {
    let sum = 0;
    everyEntry(place, channel, (index) => {
      sum += Math.abs(data[index]!);
      return true;
    });
    sums[channel]! += sum;
  });
}
