// Removes the channels that matter least, as far as their weights tell.
import type { Network } from '../src/network/network.ts';
import type { RandomStream } from '../src/random/stream.ts';
import { readChannel } from './channels/channel-entries.ts';
import type { ChannelGroup } from './channels/channel-groups.ts';
import { refusedChannels, type ChannelSite } from './channels/channel-site.ts';
import { editChannels } from './channels/edit-channels.ts';
import { openGroup, openGroups } from './channels/widen-group.ts';
import type { Operator } from './operator.ts';
import { slotTensors, type SlotTensor } from './slot-tensors.ts';

/** Which channels are removed; where none are named, those that matter least. */
export type PruneFiltersSite = ChannelSite;

/**
 * A channel counts as much as the sum of its incoming |weights| times the sum of its outgoing ones. No bound: the child
 * is to be trained.
 */
export const pruneFilters: Operator<PruneFiltersSite> = {
  name: 'prune-filters',
  preserves: 'approximate',
  cost: 'less',
  namesChannels: true,
  summary:
    "Removes a quarter or half of a layer's channels, those with the smallest weights in and out, or those named.",
  formula: 'the channels of the least sum |W1[j]| * sum |W2[:, j]| go',
  conditions: 'a channel group that is tied to neither input nor output, and under no layer norm',
  source: 'LEMONADE (Elsken et al. 2019, arXiv:1804.09081); Pruning Filters (Li et al. 2017, arXiv:1608.08710)',

  sites: (network) =>
    openGroups(network).flatMap(({ producers, channels }) =>
      [...new Set([channels / 4, channels / 2].map((amount) => Math.max(1, Math.round(amount))))]
        .filter((amount) => amount < channels)
        .map((amount) => ({ node: producers[0]!, amount })),
    ),

  apply(parent, site, rng) {
    const open = openGroup(parent.network, site.node);
    if ('refusal' in open) return open;
    const { group } = open;
    const refused = refusedChannels(site, group, group.channels - 1);
    if (refused) return refused;
    const dropped = new Set(site.channels ?? leastImportant(parent.network, group, rng).slice(0, site.amount));
    const all = Array.from({ length: group.channels }, (_, channel) => channel);
    return { child: editChannels(parent, group, { map: all.filter((channel) => !dropped.has(channel)) }) };
  },
};

/** All channels, those first that matter least; among equals the seed decides. */
function leastImportant(network: Network, group: ChannelGroup, rng: RandomStream): readonly number[] {
  const importance = importances(network, group);
  const order = rng.shuffle(importance.map((_, channel) => channel));
  return order.sort((a, b) => importance[a]! - importance[b]!);
}

function importances(network: Network, group: ChannelGroup): readonly number[] {
  const [incoming, outgoing] = (['producer', 'consumer'] as const).map((role) => {
    const sums = new Float64Array(group.channels);
    for (const place of slotTensors(network, group, role)) addAbsolutes(place, sums);
    return sums;
  });
  return Array.from(incoming!, (sum, channel) => sum * outgoing![channel]!);
}

function addAbsolutes({ slot, tensor: { shape, data } }: SlotTensor, sums: Float64Array): void {
  for (let channel = 0; channel < sums.length; channel++) {
    const values = readChannel(data, shape, slot, channel);
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += Math.abs(values[i]!);
    sums[channel]! += sum;
  }
}
