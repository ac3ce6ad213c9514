// Adds a branch with a hidden layer to a node's values; its last weights are zero, so that it adds nothing yet.
import { activationNames, type ActivationName } from '../src/layers/activation-functions.ts';
import { insertAfter } from '../src/network/edit.ts';
import type { Attributes } from '../src/network/network.ts';
import { activationLayer, chained, joiningLayer, mixingLayer } from './new-layers.ts';
import type { Operator } from './operator.ts';
import { placeBehind, placesBehind, refusedFunction, refusedWidth } from './place-behind.ts';

/** Where the branch starts and ends, and how large it is. */
export interface InsertResidualBranchSite extends Attributes {
  /** The node to whose values the branch is added; all who read the node then read the sum. */
  readonly node: string;
  /** Height and width of the hidden layer's kernel; 1 behind a vector. */
  readonly kernel: number;
  /** How many hidden channels. */
  readonly channels: number;
  readonly function: ActivationName;
}

const offeredFunctions: readonly ActivationName[] = ['relu', 'silu'];

/** W1 is random and W2 zero: W2 learns from the first step, W1 from the second. */
export const insertResidualBranch: Operator<InsertResidualBranchSite> = {
  name: 'insert-residual-branch',
  preserves: 'bit',
  cost: 'more',
  summary: 'Adds a branch y = x + W2 phi(W1 x), dense or convolutional, with W2 = 0.',
  formula: 'y = x + W2 phi(W1 x) with W1 He-normal and W2 = 0',
  conditions: 'behind any node but input and output, of at most 1,024 channels',
  source: 'Fixup (Zhang et al. 2019, arXiv:1901.09321): residual branches whose last layer starts at zero',

  sites: (network) =>
    placesBehind(network).flatMap(({ id, output, kernels }) => {
      const widths = [...new Set([Math.ceil(output[0]! / 2), output[0]!])];
      return kernels.flatMap((kernel) =>
        widths.flatMap((channels) => offeredFunctions.map((name) => ({ node: id, kernel, channels, function: name }))),
      );
    }),

  apply({ network, state }, { node: id, kernel, channels, function: name }, rng) {
    const found = placeBehind(network, id, kernel);
    if ('refusal' in found) return found;
    const refused = refusedWidth(channels) ?? refusedFunction(name, activationNames);
    if (refused) return refused;
    const { output } = found.place;
    const hidden = [channels, ...output.slice(1)];
    const branch = [
      mixingLayer(output, { channels, kernel, initializer: 'he' }, rng),
      activationLayer(name),
      mixingLayer(hidden, { channels: output[0]!, initializer: 'zeros' }, rng),
      joiningLayer('add'),
    ];
    const chain = chained(network, id, branch);
    const sum = chain.pop()!;
    const added = [...chain, { ...sum, inputs: [id, ...sum.inputs] }];
    return { child: { network: insertAfter(network, id, added), state } };
  },
};
