// Widening by channels that nothing listens to yet: their weights are random, and all who read them start with zeros.
import type { Attributes } from '../src/network/network.ts';
import { editChannels, type StartFresh } from './channels/edit-channels.ts';
import { appended, groupToWiden, openGroups, startingValues } from './channels/widen-group.ts';
import type { Operator } from './operator.ts';

/** Which channels are widened, and by how many. */
export interface WidenZeroFanOutSite extends Attributes {
  /** A layer that makes the channels; all others of its group are widened with it. */
  readonly node: string;
  /** How many channels are added. */
  readonly amount: number;
}

/** New channels that nobody hears yet: their readers' weights start at 0 and learn first. */
export const widenZeroFanOut: Operator<WidenZeroFanOutSite> = {
  name: 'widen-zero-fan-out',
  preserves: 'bit',
  cost: 'more',
  summary: 'Adds channels with random incoming and zero outgoing weights.',
  formula: 'W1 becomes [W1; N] with N He-normal, W2 becomes [W2, 0], biases stay',
  conditions:
    'a channel group that is tied to neither input nor output, and under no layer norm; grouped convolutions by whole groups; under a batch norm running statistics of new channels are guesses until training measures them',
  source:
    'Simple and Efficient Architecture Search (Elsken et al. 2017, arXiv:1711.04528): widening as a network morphism',

  sites: (network) =>
    openGroups(network).flatMap(({ producers, channels }) =>
      [...new Set([Math.max(1, Math.round(channels / 4)), channels])].map((amount) => ({
        node: producers[0]!,
        amount,
      })),
    ),

  apply(parent, { node, amount }, rng) {
    const found = groupToWiden(parent.network, node, amount);
    if ('refusal' in found) return found;
    const { group } = found;
    const start: StartFresh = (part) => {
      const { role, node: id, param } = part.slot;
      if (role === 'consumer') return undefined;
      return startingValues(parent.network, part, rng.fork(`${id}.${param}.${part.channel}`));
    };
    return { child: editChannels(parent, group, { map: appended(group.channels, amount), start }) };
  },
};
