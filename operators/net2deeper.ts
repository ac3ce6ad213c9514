// Makes a network deeper by an identity layer and an activation function that does nothing where values lie now.
import type { ActivationName } from '../src/layers/activation-functions.ts';
import type { Range } from '../src/layers/range.ts';
import { insertAfter } from '../src/network/edit.ts';
import type { Attributes } from '../src/network/network.ts';
import { activationLayer, chained } from './new-layers.ts';
import type { Operator } from './operator.ts';
import { bends, placeBehind, placesBehind, refusedFunction } from './place-behind.ts';
import { refuse } from './refuse.ts';

/** Where a layer goes in, and what follows it. */
export interface Net2DeeperSite extends Attributes {
  /** The node behind which the layer goes; all who read the node then read the layer. */
  readonly node: string;
  /** Height and width of the kernel; 1 behind a vector. */
  readonly kernel: number;
  /** A function that is the identity on the node's range. */
  readonly function: ActivationName;
}

const offeredFunctions: readonly ActivationName[] = ['relu', 'leakyRelu'];

/**
 * Where values are known to lie in the range on which the function is the identity: behind a relu, a pool or a sum of
 * them, not behind what may be negative. A value that is always 0 (a branch that has not opened) is refused, since relu
 * would pass no gradient back to it.
 */
export const net2Deeper: Operator<Net2DeeperSite> = {
  name: 'net2deeper',
  preserves: 'bit',
  cost: 'more',
  summary: 'Inserts an identity dense or convolution layer and an activation that is the identity on its values.',
  formula: 'phi(I x + 0) = x',
  conditions:
    'behind values that are known to lie where phi is the identity (relu behind relu, or a pool or sum of such)',
  source: 'Net2Net (Chen et al. 2016, arXiv:1511.05641), section 2.3: Net2DeeperNet',

  sites: (network) =>
    placesBehind(network).flatMap(({ id, range, kernels }) => {
      const names = offeredFunctions.filter((name) => isIdle(name, range));
      return kernels.flatMap((kernel) => names.map((name) => ({ node: id, kernel, function: name })));
    }),

  apply({ network, state }, { node: id, kernel, function: name }) {
    const found = placeBehind(network, id, kernel);
    if ('refusal' in found) return found;
    const { place, kind } = found;
    const refused = refusedFunction(name, offeredFunctions);
    if (refused) return refused;
    if (!isIdle(name, place.range)) return refuse('wrong-kind', `values on which ${name} is the identity`, place.range);
    const chain = [{ kind: kind.kind, ...kind.identity!.create(place.output, kernel) }, activationLayer(name)];
    return { child: { network: insertAfter(network, id, chained(network, id, chain)), state } };
  },
};

function isIdle(name: ActivationName, range: Range): boolean {
  return !bends(name, range) && range.low < range.high;
}
