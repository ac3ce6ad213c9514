// Widening by copies of channels, among which the outgoing weights are split.
import type { Attributes } from '../src/network/network.ts';
import { channelGroups } from './channels/channel-groups.ts';
import { editChannels } from './channels/edit-channels.ts';
import { splitUnevenly } from './channels/replicas.ts';
import { groupToReplicate } from './channels/widen-group.ts';
import type { Operator } from './operator.ts';

/** Which channels are widened, and by how many. */
export interface Net2WiderSite extends Attributes {
  /** A layer that makes the channels; all others of its group are widened with it. */
  readonly node: string;
  /** How many channels are added; under a layer norm a multiple of those there are. */
  readonly amount: number;
}

/**
 * One random map for the whole group says whose copies the new channels are: copies are as even as the amount allows.
 *
 * Equal replicas that are read by equal weights would stay equal for ever. Net2Net adds noise to part them; here every
 * outgoing weight is split unevenly, each in its own way, so that replicas get different gradients from the first step
 * and the output is kept without any noise. A replica's share of a weight is a half on average, a quarter from the
 * third copy on, and so on.
 */
export const net2Wider: Operator<Net2WiderSite> = {
  name: 'net2wider',
  preserves: 'real',
  cost: 'more',
  summary: 'Adds copies of channels, among which every outgoing weight is split unevenly.',
  formula:
    'W1 becomes W1[g], column j of W2 becomes W2[:, g(j)] * alpha(j), where the alphas of all copies of a channel add up to 1',
  conditions: 'a channel group that is tied to neither input nor output; under a layer norm all channels equally often',
  source: 'Net2Net (Chen et al. 2016, arXiv:1511.05641), section 2.2: Net2WiderNet',

  sites: (network) =>
    channelGroups(network)
      .filter(({ locked }) => locked === undefined)
      .flatMap(({ producers, channels, uniform }) => {
        const amounts = uniform === undefined ? [Math.max(1, Math.round(channels / 4)), channels] : [channels];
        return [...new Set(amounts)].map((amount) => ({ node: producers[0]!, amount }));
      }),

  apply(parent, { node, amount }, rng) {
    const found = groupToReplicate(parent.network, node, amount);
    if ('refusal' in found) return found;
    const { group } = found;
    const old = Array.from({ length: group.channels }, (_, channel) => channel);
    const copies = Array.from({ length: amount }, (_, i) => i);
    const order = rng.fork('map').shuffle(old);
    const map = [...old, ...copies.map((i) => order[i % order.length]!)];
    const child = editChannels(parent, group, {
      map,
      replicas: ({ role, node: id, param, offset }) =>
        role === 'consumer'
          ? (entries, source) => {
              splitUnevenly(entries, rng.fork(`${id}.${param}.${offset}.${source}`).float());
            }
          : undefined,
    });
    return { child };
  },
};
