// Removes the channels that nothing listens to: all who read them multiply them by zero.
import type { Attributes, Network } from '../src/network/network.ts';
import { sizeOf, type Shape } from '../src/network/tensor.ts';
import type { ChannelGroup, ChannelSlot } from './channels/channel-groups.ts';
import { editChannels } from './channels/edit-channels.ts';
import { openGroup, openGroups } from './channels/widen-group.ts';
import type { Operator } from './operator.ts';
import { refuse } from './refuse.ts';
import { everyEntry, slotTensors } from './slot-tensors.ts';

/** Whose silent channels are removed: all of them. */
export interface PruneZeroFanOutSite extends Attributes {
  /** A layer that makes the channels; they go from all others of its group too. */
  readonly node: string;
}

/**
 * The inverse of widening by zero fan-out. Only weights that are exactly 0 count. One channel always stays, as a layer
 * must have one. Holds where the channels' values are finite.
 */
export const pruneZeroFanOut: Operator<PruneZeroFanOutSite> = {
  name: 'prune-zero-fan-out',
  preserves: 'bit',
  cost: 'less',
  summary: 'Removes the channels whose outgoing weights are all exactly 0.',
  formula: 'W2[:, j] = 0: row j of W1 and column j of W2 go',
  conditions: 'a channel group where some channels are read by weights that are all exactly 0',
  source: 'the inverse of zero fan-out widening (Elsken et al. 2017, arXiv:1711.04528)',

  sites: (network) =>
    openGroups(network)
      .filter((group) => heardChannels(network, group).length < group.channels)
      .map(({ producers }) => ({ node: producers[0]! })),

  apply(parent, { node }) {
    const open = openGroup(parent.network, node);
    if ('refusal' in open) return open;
    const { group } = open;
    const kept = heardChannels(parent.network, group);
    if (kept.length === group.channels) return refuse('not-exact', 'channels with outgoing weights of 0 only', node);
    return { child: editChannels(parent, group, { map: kept }) };
  },
};

/** The channels that the rest of the network hears, or the first where it hears none. */
function heardChannels(network: Network, group: ChannelGroup): readonly number[] {
  const all = Array.from({ length: group.channels }, (_, channel) => channel);
  const silent = silentAmong(network, group, new Set(all));
  // Where a layer reads what it makes, the others must be silent to the one that stays.
  const gone = silent.size < group.channels ? silent : silentAmong(network, group, new Set(all.slice(1)));
  return all.filter((channel) => !gone.has(channel));
}

/**
 * The largest set out of `candidates` that nothing outside the set listens to. Where a layer reads what it makes, a
 * weight between two channels of the set goes with them.
 */
function silentAmong(network: Network, group: ChannelGroup, candidates: ReadonlySet<number>): ReadonlySet<number> {
  const readings = slotTensors(network, group, 'consumer').map((reading) => {
    const { node, param } = reading.slot;
    const maker = group.slots.find((slot) => slot.role === 'producer' && slot.node === node && slot.param === param);
    return { reading, makes: maker && channelsMade(maker, reading.tensor.shape) };
  });
  const silent = new Set(candidates);
  for (let changed = true; changed;) {
    changed = false;
    for (const channel of silent) {
      const isUnheard = readings.every(({ reading, makes }) =>
        everyEntry(reading, channel, (index) => {
          return reading.tensor.data[index] === 0 || (makes !== undefined && silent.has(makes(index)));
        }),
      );
      if (!isUnheard) changed = silent.delete(channel);
    }
  }
  return silent;
}

/** Which channel the entry at a flat index makes. */
function channelsMade({ axis, multiplicity }: ChannelSlot, shape: Shape): (index: number) => number {
  const inner = sizeOf(shape.slice(axis + 1));
  return (index) => Math.floor((Math.floor(index / inner) % shape[axis]!) / multiplicity);
}
