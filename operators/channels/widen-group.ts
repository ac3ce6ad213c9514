// What operators that add channels share: which group a site names, by how much, and how new channels start.
import { layerKind } from '../../src/layers/registry.ts';
import type { Network } from '../../src/network/network.ts';
import type { RandomStream } from '../../src/random/stream.ts';
import { refuse, type Refused } from '../refuse.ts';
import type { IndexMap } from '../remap-tensor.ts';
import { channelGroups, type ChannelGroup } from './channel-groups.ts';
import type { FreshPart } from './edit-channels.ts';

/** More new channels than this in one step are taken for a mistake. */
export const maxNewChannels = 4096;

/** The groups whose channels may be changed. */
export function openGroups(network: Network): readonly ChannelGroup[] {
  return channelGroups(network).filter(({ locked, uniform }) => (locked ?? uniform) === undefined);
}

/** The group whose channels `node` makes, or why they cannot be changed. */
export function openGroup(network: Network, node: string): { readonly group: ChannelGroup } | Refused {
  const found = replicableGroup(network, node);
  if ('refusal' in found || found.group.uniform === undefined) return found;
  return refuse('locked-channels', 'channels that may change', found.group.uniform);
}

/** The group whose channels `node` makes, though they may have to be repeated equally often; or why they are locked. */
export function replicableGroup(network: Network, node: string): { readonly group: ChannelGroup } | Refused {
  if (!network.nodes.some(({ id }) => id === node)) return refuse('no-such-node', 'the id of a node', node);
  const group = channelGroups(network).find(({ producers }) => producers.includes(node));
  if (!group) return refuse('wrong-kind', 'a layer that makes channels of its own', node);
  if (group.locked !== undefined) return refuse('locked-channels', 'channels that may change', group.locked);
  return { group };
}

/** The group whose channels `node` makes, or why so many copies cannot be added to it. */
export function groupToReplicate(
  network: Network,
  node: string,
  amount: number,
): { readonly group: ChannelGroup } | Refused {
  const found = replicableGroup(network, node);
  if ('refusal' in found) return found;
  const { channels, uniform } = found.group;
  if (!Number.isInteger(amount) || amount < 1 || amount > maxNewChannels) {
    return refuse('bad-size', `an amount of 1 to ${maxNewChannels}`, amount);
  }
  if (uniform === undefined || amount % channels === 0) return found;
  return refuse('bad-size', `a multiple of ${channels} (${uniform})`, amount);
}

/** The group whose channels `node` makes, or why it cannot be widened by an amount out of 1 to `max`. */
export function groupToWiden(
  network: Network,
  node: string,
  amount: number,
  max = maxNewChannels,
): { readonly group: ChannelGroup } | Refused {
  const open = openGroup(network, node);
  if ('group' in open && (!Number.isInteger(amount) || amount < 1 || amount > max)) {
    return refuse('bad-size', `an amount of 1 to ${max}`, amount);
  }
  return open;
}

/** All old channels in their order, then `extra` fresh ones. */
export function appended(channels: number, extra: number): IndexMap {
  return Array.from({ length: channels + extra }, (_, channel) => (channel < channels ? channel : undefined));
}

/**
 * How the kind of the slot's layer starts a new channel; undefined for zeros. Draws for a channel that is a block are
 * those of its parts, one after the other.
 *
 * The running statistics of a batch norm are guesses here, since operators see no data: mean 0, and the mean of the old
 * channels' variances. They change no output, as nobody hears a new channel yet, or its twin cancels it, and no step of
 * training, which uses those of the batch. Each step measures: after n of them a guess counts for (1 - momentum)^n, 3 %
 * after 34 steps by the usual momentum of 0.1. Only who trains the readers with norms frozen in eval mode keeps them.
 */
export function startingValues(
  network: Network,
  { slot, count, old }: FreshPart,
  rng: RandomStream,
): Float32Array | undefined {
  const { kind } = network.nodes.find(({ id }) => id === slot.node)!;
  const facts = layerKind(kind).params[slot.param]!;
  if (!facts.newChannel) return undefined;
  const values = new Float32Array(count);
  const size = count / slot.multiplicity;
  for (let from = 0; from < count; from += size) values.set(facts.newChannel(size, old, rng), from);
  return values;
}
