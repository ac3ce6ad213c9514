// What strategies that look at channels share: the group a site is about, and the best channels of it by their scores.
import { expected } from '../../src/errors.ts';
import type { Network } from '../../src/network/network.ts';
import type { ChannelGroup } from '../channels/channel-groups.ts';
import { withChannels } from '../channels/channel-site.ts';
import { openGroup } from '../channels/widen-group.ts';
import type { Operator, Site } from '../operator.ts';
import type { ScoredSite } from './site-strategy.ts';

/** Throws `bad-argument` for an operator that cannot be told which channels. */
export function requireChannels({ name, namesChannels }: Operator): void {
  if (!namesChannels) throw expected('bad-argument', 'an operator whose sites name channels', name);
}

/**
 * The site with its `amount` best channels named, the first of equals, and their mean score; `score` gives one for each
 * channel of a group, the higher, the better. A site that names channels keeps them. One whose channels cannot change is
 * left as it is, and no site is worse.
 */
export function chosenChannels(
  network: Network,
  site: Site,
  score: (group: ChannelGroup) => ArrayLike<number>,
): ScoredSite {
  const open = openGroup(network, String(site.node));
  if ('refusal' in open) return { site, score: -Infinity };
  const scores = score(open.group);
  const named = site.channels as readonly number[] | undefined;
  const all = Array.from({ length: open.group.channels }, (_, channel) => channel);
  const channels = named ?? all.sort((a, b) => scores[b]! - scores[a]!).slice(0, Number(site.amount));
  const mean = channels.reduce((sum, channel) => sum + scores[channel]!, 0) / channels.length;
  return { site: withChannels(site, channels), score: mean };
}
