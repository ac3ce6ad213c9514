// Sites of operators that change some channels of a group: how many, and, if somebody has chosen them, which.
import type { Attributes } from '../../src/network/network.ts';
import { refuse, type Refused } from '../refuse.ts';
import type { ChannelGroup } from './channel-groups.ts';

/** Some channels of a group. */
export interface ChannelSite extends Attributes {
  /** A layer that makes the channels; those of its whole group are changed with them. */
  readonly node: string;
  /** How many channels. */
  readonly amount: number;
  /**
   * Which: as many different ones, counted from 0 in the group, where what a grouped convolution reads as one block is
   * one channel. Sites that are offered leave it out, and the operator picks.
   */
  readonly channels?: readonly number[];
}

/** The site with these channels named. */
export function withChannels<S extends Attributes>(
  site: S,
  channels: readonly number[],
): S & Pick<Required<ChannelSite>, 'amount' | 'channels'> {
  return { ...site, amount: channels.length, channels };
}

/** Why a site's channels are not 1 to `most` different ones of the group, if so. */
export function refusedChannels(
  { amount, channels }: ChannelSite,
  group: ChannelGroup,
  most = group.channels,
): Refused | undefined {
  if (!Number.isInteger(amount) || amount < 1 || amount > most) {
    return refuse('bad-size', `1 to ${most} channels`, amount);
  }
  if (channels === undefined) return undefined;
  const isOne = (channel: number): boolean => Number.isInteger(channel) && channel >= 0 && channel < group.channels;
  if (
    Array.isArray(channels) &&
    new Set(channels).size === amount &&
    channels.length === amount &&
    channels.every(isOne)
  )
    return undefined;
  return refuse('bad-size', `${amount} different channels from 0 to ${group.channels - 1}`, channels);
}
