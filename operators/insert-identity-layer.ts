// Makes a network deeper by a layer that passes everything on, and an actiSwitch that starts linear.
import { actiSwitch, actiSwitchParams } from '../src/layers/acti-switch.ts';
import { activationNames, type ActivationName } from '../src/layers/activation-functions.ts';
import { insertAfter } from '../src/network/edit.ts';
import type { Attributes } from '../src/network/network.ts';
import { chained } from './new-layers.ts';
import type { Operator } from './operator.ts';
import { bends, placeBehind, placesBehind, refusedFunction } from './place-behind.ts';
import { refuse } from './refuse.ts';

/** Where a layer goes in, and what kind of one. */
export interface InsertIdentityLayerSite extends Attributes {
  /** The node behind which the layer goes; all who read the node then read the layer. */
  readonly node: string;
  /** Height and width of the kernel; 1 behind a vector. */
  readonly kernel: number;
  /** The function of the actiSwitch. */
  readonly function: ActivationName;
}

const offeredFunctions: readonly ActivationName[] = ['relu', 'silu'];

/**
 * Where the output may be negative the order is actiSwitch, identity layer: between conv and batch norm that makes
 * conv -> actiSwitch(1, 0) -> identity conv -> the old batch norm, exact in train mode too, and the new weights are
 * bent by the old activation. Where it is known not to be negative the identity layer comes first, as the old
 * activation is already behind; there a function that is the identity on that range can't bend anything and is refused.
 *
 * Not offered behind the input (a curve for each colour, and two linear maps in a row) nor behind the output.
 */
export const insertIdentityLayer: Operator<InsertIdentityLayerSite> = {
  name: 'insert-identity-layer',
  preserves: 'bit',
  cost: 'more',
  summary: 'Inserts an identity dense or convolution layer together with an actiSwitch(1, 0).',
  formula: 'W = I (of a convolution 1 at [i, i, centre]), b = 0, beside 1 * x + 0 * phi(x)',
  conditions: 'behind any node but input and output, of at most 1,024 channels; phi must bend the values there',
  source: 'Net2Net (Chen et al. 2016, arXiv:1511.05641); ATGEN (A. Boin) for the actiSwitch',

  sites: (network) =>
    placesBehind(network).flatMap(({ id, range, kernels }) => {
      const names = offeredFunctions.filter((name) => bends(name, range));
      return kernels.flatMap((kernel) => names.map((name) => ({ node: id, kernel, function: name })));
    }),

  apply({ network, state }, { node: id, kernel, function: name }) {
    const found = placeBehind(network, id, kernel);
    if ('refusal' in found) return found;
    const { place, kind } = found;
    const refused = refusedFunction(name, activationNames);
    if (refused) return refused;
    if (!bends(name, place.range)) {
      return refuse('wrong-kind', 'a function that is not the identity on these values', name);
    }
    const chain = [
      { kind: kind.kind, ...kind.identity!.create(place.output, kernel) },
      { kind: actiSwitch.kind, attributes: { function: name }, params: actiSwitchParams('linear') },
    ];
    const ordered = place.range.low >= 0 ? chain : chain.toReversed();
    return { child: { network: insertAfter(network, id, chained(network, id, ordered)), state } };
  },
};
