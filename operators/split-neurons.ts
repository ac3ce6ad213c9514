// Splits channels in two that lie a little to either side of the old one, each with half of its outgoing weight.
import type { RandomStream } from '../src/random/stream.ts';
import { refusedChannels, type ChannelSite } from './channels/channel-site.ts';
import { editChannels } from './channels/edit-channels.ts';
import { splitUnevenly } from './channels/replicas.ts';
import { openGroup, openGroups } from './channels/widen-group.ts';
import type { Operator } from './operator.ts';
import { refuse } from './refuse.ts';

/** Which channels are split, at random where none are named, and how far apart. */
export interface SplitNeuronsSite extends ChannelSite {
  /** How far each half moves: its weights' root mean square times this, in a random direction; 0 to 0.1. */
  readonly epsilon: number;
}

const maxEpsilon = 0.1;

/**
 * theta becomes theta + epsilon * v and theta - epsilon * v. To first order the halves cancel: where phi is smooth the
 * output moves by some epsilon^2, and by at most epsilon times |v x| where x lies within reach of a kink of relu. The
 * tolerance is not proven but measured: of 5,000 random splits of small networks none moved a value by more than 9
 * epsilon of the largest, and half of them by less than 1 epsilon.
 *
 * With epsilon = 0 the halves are equal and the output is kept in exact arithmetic; then outgoing weights are split
 * unevenly, as equal halves would stay equal for ever.
 */
export const splitNeurons: Operator<SplitNeuronsSite> = {
  name: 'split-neurons',
  preserves: 'approximate',
  evalOnly: true,
  cost: 'more',
  namesChannels: true,
  summary: 'Splits channels theta into theta + epsilon * v and theta - epsilon * v, with half of the outgoing weight.',
  formula: 'theta becomes theta + epsilon * v and theta - epsilon * v, each read by W2 / 2',
  conditions:
    'a channel group that is tied to neither input nor output, and under no layer norm; epsilon from 0 to 0.1',
  source: 'Splitting Steepest Descent (Liu et al. 2019, arXiv:1910.02366)',
  tolerance: ({ epsilon }) => 20 * epsilon,

  sites: (network) =>
    openGroups(network).flatMap(({ producers, channels }) =>
      [...new Set([Math.max(1, Math.round(channels / 4)), channels])].flatMap((amount) =>
        [0.01, 0].map((epsilon) => ({ node: producers[0]!, amount, epsilon })),
      ),
    ),

  apply(parent, site, rng) {
    const { node, amount, epsilon } = site;
    const found = openGroup(parent.network, node);
    if ('refusal' in found) return found;
    const refused = refusedChannels(site, found.group);
    if (refused) return refused;
    if (!Number.isFinite(epsilon) || epsilon < 0 || epsilon > maxEpsilon)
      return refuse('bad-size', `an epsilon of 0 to ${maxEpsilon}`, epsilon);
    const old = Array.from({ length: found.group.channels }, (_, channel) => channel);
    const map = [...old, ...(site.channels ?? rng.fork('map').shuffle(old).slice(0, amount))];
    const child = editChannels(parent, found.group, {
      map,
      replicas({ role, node: id, param, offset }) {
        const stream = (source: number): RandomStream => rng.fork(`${id}.${param}.${offset}.${source}`);
        if (role === 'consumer' && epsilon > 0) return halve;
        if (role === 'consumer')
          return (entries, source) => {
            splitUnevenly(entries, stream(source).float());
          };
        if (role === 'perChannel' || epsilon === 0) return undefined;
        return (entries, source) => {
          moveApart(entries, epsilon, stream(source));
        };
      },
    });
    return { child };
  },
};

function halve(entries: readonly Float32Array[]): void {
  for (const half of entries) for (let i = 0; i < half.length; i++) half[i]! /= 2;
}

function moveApart(entries: readonly Float32Array[], epsilon: number, rng: RandomStream): void {
  const [one, other] = entries as readonly [Float32Array, Float32Array];
  const step = epsilon * rootMeanSquare(one);
  for (let i = 0; i < one.length; i++) {
    const x = one[i]!;
    const move = step * rng.normal();
    one[i] = x + move;
    other[i] = x - move;
  }
}

function rootMeanSquare(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum / values.length);
}
