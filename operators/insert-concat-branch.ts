// Joins a new branch to a node's channels; all who read them start with zeros for the new ones.
import { activationNames, type ActivationName } from '../src/layers/activation-functions.ts';
import { insertAfter } from '../src/network/edit.ts';
import type { Attributes, Network } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import { sameShape } from '../src/network/tensor.ts';
import { joiningGroup, type ChannelGroup } from './channels/channel-groups.ts';
import { editChannels, type StartFresh } from './channels/edit-channels.ts';
import { startingValues } from './channels/widen-group.ts';
import { activationLayer, chained, joiningLayer, mixingLayer } from './new-layers.ts';
import type { Operator } from './operator.ts';
import { placeBehind, placesBehind, refusedFunction, refusedKernel, refusedWidth } from './place-behind.ts';
import { refuse } from './refuse.ts';

/** Where the branch starts and ends, and how large it is. */
export interface InsertConcatBranchSite extends Attributes {
  /** The node behind whose channels the branch's come; all who read it then read both. */
  readonly node: string;
  /** What the branch reads: the node itself, or one of the same height and width not far before it. */
  readonly from: string;
  /** Height and width of the branch's kernel; 1 for vectors. */
  readonly kernel: number;
  /** How many channels the branch adds. */
  readonly channels: number;
  readonly function: ActivationName;
}

const offeredFunctions: readonly ActivationName[] = ['relu', 'silu'];

/** How many layers before its end a branch may start: a convolution, its norm and its activation. */
const maxSpan = 3;

/**
 * The branch is phi(W x) with random W. Refused where the node's channels are tied to others (added to them, normalised
 * with them, or the output's): there the new ones would have no partners.
 */
export const insertConcatBranch: Operator<InsertConcatBranchSite> = {
  name: 'insert-concat-branch',
  preserves: 'bit',
  cost: 'more',
  summary: 'Joins a new branch phi(W x) to the channels of a node, which its readers multiply by zero.',
  formula: "y = [x; phi(W x')], W2 becomes [W2, 0]",
  conditions:
    "behind a layer whose channels are not tied to others; x' is at most three layers before, of as many pixels; under a batch norm running statistics of new channels are guesses until training measures them",
  source: 'LEMONADE (Elsken et al. 2019, arXiv:1804.09081), section 3.1: concatenation as a network morphism',

  sites: (network) =>
    placesBehind(network).flatMap(({ id, output }) => {
      // A quarter as many; as many where they are read by blocks that a quarter does not fill.
      const channels = [Math.max(1, Math.round(output[0]! / 4)), output[0]!].find(
        (amount) => !refusedGroup(joiningGroup(network, { behind: id, channels: amount })),
      );
      if (channels === undefined) return [];
      return sourcesOf(network, id).flatMap((from) =>
        [1, 3]
          .filter((kernel) => !refusedKernel(layersOf(network).get(from)!.output, kernel))
          .flatMap((kernel) => offeredFunctions.map((name) => ({ node: id, from, kernel, channels, function: name }))),
      );
    }),

  apply(parent, { node: id, from, kernel, channels, function: name }, rng) {
    const { network } = parent;
    const found = placeBehind(network, id, 1);
    if ('refusal' in found) return found;
    const layers = layersOf(network);
    if (!layers.has(from)) return refuse('no-such-node', 'the id of a node', from);
    const sources = sourcesOf(network, id);
    if (!sources.includes(from)) return refuse('wrong-kind', `one of ${sources.join(', ')}`, from);
    const source = layers.get(from)!.output;
    const refused = refusedKernel(source, kernel) ?? refusedWidth(channels) ?? refusedFunction(name, activationNames);
    if (refused) return refused;
    const group = joiningGroup(network, { behind: id, channels });
    const locked = refusedGroup(group);
    if (locked) return locked;

    const start: StartFresh = (part) => {
      const { role, node, param } = part.slot;
      return role === 'consumer' ? undefined : startingValues(network, part, rng.fork(`${node}.${param}`));
    };
    const map = Array<undefined>(group.channels).fill(undefined);
    const widened = editChannels(parent, { ...group, channels: 0 }, { map, start });
    const branch = [
      mixingLayer(source, { channels, kernel, initializer: 'he' }, rng),
      activationLayer(name),
      joiningLayer('concat'),
    ];
    const chain = chained(network, from, branch);
    const joined = chain.pop()!;
    const added = [...chain, { ...joined, inputs: [id, ...joined.inputs] }];
    return { child: { network: insertAfter(widened.network, id, added), state: widened.state } };
  },
};

function refusedGroup({ locked, uniform }: ChannelGroup): ReturnType<typeof refuse> | undefined {
  const reason = locked ?? uniform;
  return reason === undefined ? undefined : refuse('locked-channels', 'channels that others can join', reason);
}

/** What a branch to this node can read: the node, and what it is computed from by a few layers, of as many pixels. */
function sourcesOf(network: Network, id: string): readonly string[] {
  const inputs = new Map(network.nodes.map((node) => [node.id, node.inputs]));
  const near = new Set([id]);
  for (let span = 0; span < maxSpan; span++) {
    for (const known of [...near]) for (const input of inputs.get(known)!) near.add(input);
  }
  const layers = layersOf(network);
  const pixels = layers.get(id)!.output.slice(1);
  return [...near].filter((other) => sameShape(layers.get(other)!.output.slice(1), pixels));
}
