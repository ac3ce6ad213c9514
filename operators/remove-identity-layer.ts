// Removes a layer that passes everything on unchanged.
import { actiSwitch } from '../src/layers/acti-switch.ts';
import type { Attributes, Network, NetworkNode } from '../src/network/network.ts';
import { bypassNode } from './bypass-node.ts';
import { isIdentity, linearLayer } from './linear-layer.ts';
import type { Operator } from './operator.ts';
import { refuse } from './refuse.ts';

/** Which layer is removed. */
export interface RemoveIdentityLayerSite extends Attributes {
  readonly node: string;
}

/**
 * A dense layer or convolution with the weights of the identity and no bias but 0, or an actiSwitch at (1, 0). Dropout
 * is none: in train mode it changes what passes. Holds for finite values.
 */
export const removeIdentityLayer: Operator<RemoveIdentityLayerSite> = {
  name: 'remove-identity-layer',
  preserves: 'bit',
  cost: 'less',
  summary: 'Removes an identity dense or convolution layer, or an actiSwitch(1, 0).',
  formula: 'I x + 0 = x, 1 * x + 0 * phi(x) = x',
  conditions: 'a dense layer or convolution that is exactly the identity, or an actiSwitch(1, 0); finite values',
  source: 'the inverse of Net2DeeperNet (Chen et al. 2016, arXiv:1511.05641)',

  sites: (network) => network.nodes.filter((node) => passesOn(network, node)).map(({ id }) => ({ node: id })),

  apply(parent, { node: id }) {
    const node = parent.network.nodes.find((candidate) => candidate.id === id);
    if (!node) return refuse('no-such-node', 'the id of a node', id);
    if (!passesOn(parent.network, node)) return refuse('not-exact', 'a layer that is exactly the identity', id);
    return { child: bypassNode(parent, node, node.inputs[0]!) };
  },
};

function passesOn(network: Network, node: NetworkNode): boolean {
  if (node.kind === actiSwitch.kind) {
    return node.params.linear!.data[0] === 1 && node.params.active!.data[0] === 0;
  }
  const linear = linearLayer(network, node.id);
  return linear !== undefined && isIdentity(linear);
}
