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
  return channelGroups(network).filter((group) => group.locked === undefined);
}

/** The group whose channels `node` makes, or why it cannot be widened by an amount out of 1 to `max`. */
export function groupToWiden(
  network: Network,
  node: string,
  amount: number,
  max = maxNewChannels,
): { readonly group: ChannelGroup } | Refused {
  if (!network.nodes.some(({ id }) => id === node)) return refuse('no-such-node', 'the id of a node', node);
  const group = channelGroups(network).find(({ producers }) => producers.includes(node));
  if (!group) return refuse('wrong-kind', 'a layer that makes channels of its own', node);
  if (group.locked !== undefined) return refuse('locked-channels', 'channels that may change', group.locked);
  if (!Number.isInteger(amount) || amount < 1 || amount > max) {
    return refuse('bad-size', `an amount of 1 to ${max}`, amount);
  }
  return { group };
}

/** All old channels in their order, then `extra` fresh ones. */
export function appended(channels: number, extra: number): IndexMap {
  return Array.from({ length: channels + extra }, (_, channel) => (channel < channels ? channel : undefined));
}

/** How the kind of the slot's layer starts a new channel; undefined for zeros. */
export function startingValues(
  network: Network,
  { slot, count, old }: FreshPart,
  rng: RandomStream,
): ArrayLike<number> | undefined {
  const { kind } = network.nodes.find(({ id }) => id === slot.node)!;
  return layerKind(kind).params[slot.param]!.newChannel?.(count, old, rng);
}
