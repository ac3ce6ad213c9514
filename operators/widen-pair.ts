// Widening by pairs of equal channels that are read with opposite signs: all new weights can learn from the first step.
import type { Attributes } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import { editChannels, type FreshPart, type StartFresh } from './channels/edit-channels.ts';
import { appended, groupToWiden, maxNewChannels, openGroups, startingValues } from './channels/widen-group.ts';
import type { Operator } from './operator.ts';

/** Which channels are widened, and by how many. */
export interface WidenPairSite extends Attributes {
  /** A layer that makes the channels; all others of its group are widened with it. */
  readonly node: string;
  /** How many pairs of channels are added. */
  readonly pairs: number;
}

/**
 * Outgoing weights against the He-normal deviation sqrt(2 / fanIn) of the layer that reads them: terms that cancel stay
 * small beside those that count, and so does their rounding in float32.
 */
const outgoingScale = 0.1;

/** Two channels that cancel: the sum is the same in exact arithmetic, and both learn. */
export const widenPair: Operator<WidenPairSite> = {
  name: 'widen-pair',
  preserves: 'real',
  cost: 'more',
  summary: 'Adds pairs of equal channels, [V; V] coming in and [Z, -Z] going out.',
  formula: 'W1 becomes [W1; V; V], W2 becomes [W2, Z, -Z] with V and Z random',
  conditions:
    'a channel group that is tied to neither input nor output, and under no layer norm; grouped convolutions by whole groups; under a batch norm running statistics of new channels are guesses until training measures them',
  source: 'Variance Transfer (Yuan et al. 2023, arXiv:2306.12700), without its rescaling of old weights',

  sites: (network) =>
    openGroups(network).flatMap(({ producers, channels }) =>
      [...new Set([channels / 8, channels / 2].map((pairs) => Math.max(1, Math.round(pairs))))].map((pairs) => ({
        node: producers[0]!,
        pairs,
      })),
    ),

  apply(parent, { node, pairs }, rng) {
    const found = groupToWiden(parent.network, node, pairs, maxNewChannels / 2);
    if ('refusal' in found) return found;
    const { group } = found;
    const layers = layersOf(parent.network);
    const drawn = (part: FreshPart): Float32Array | undefined => {
      const { role, node: id, param } = part.slot;
      const stream = rng.fork(`${id}.${param}.pair ${(part.channel - group.channels) / 2}`);
      if (role !== 'consumer') return startingValues(parent.network, part, stream);
      const fanIn = part.old.data.length / layers.get(id)!.output[0]!;
      const deviation = outgoingScale * Math.sqrt(2 / fanIn);
      const values = new Float32Array(part.count);
      for (let i = 0; i < values.length; i++) values[i] = deviation * stream.normal();
      return values;
    };
    // Neighbours are a pair: the second takes what the first has drawn.
    let first: Float32Array | undefined;
    const start: StartFresh = (part) => {
      if ((part.channel - group.channels) % 2 === 0) return (first = drawn(part));
      return part.slot.role === 'consumer' && first ? first.map((x) => -x) : first;
    };
    return { child: editChannels(parent, group, { map: appended(group.channels, 2 * pairs), start }) };
  },
};
