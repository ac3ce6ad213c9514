// Turns a fixed activation function into one whose share training can change.
import { actiSwitch, actiSwitchParams } from '../src/layers/acti-switch.ts';
import type { ActivationName } from '../src/layers/activation-functions.ts';
import { layerKind } from '../src/layers/registry.ts';
import { replaceNodes } from '../src/network/edit.ts';
import type { Attributes, Network, NetworkNode } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import type { Operator } from './operator.ts';
import { refuse } from './refuse.ts';

/** Which activation becomes an actiSwitch. */
export interface ActivationToActiSwitchSite extends Attributes {
  /** A layer that does nothing but apply an activation function. */
  readonly node: string;
}

/** The node keeps its id, so that nothing around it changes. Holds where the function's values are finite. */
export const activationToActiSwitch: Operator<ActivationToActiSwitchSite> = {
  name: 'activation-to-acti-switch',
  preserves: 'bit',
  cost: 'more',
  summary: 'Makes an activation function phi an actiSwitch 0 * x + 1 * phi(x) with two trainable scalars.',
  formula: 'phi(x) = 0 * x + 1 * phi(x)',
  conditions: 'a layer that does nothing but apply a function whose values are finite',
  source: 'ATGEN (A. Boin), github.com/AhmedBoin/atgen: the ActiSwitch layer',

  sites: (network) =>
    network.nodes.filter((node) => functionOf(network, node) !== undefined).map(({ id }) => ({ node: id })),

  apply({ network, state }, { node: id }) {
    const node = network.nodes.find((candidate) => candidate.id === id);
    if (!node) return refuse('no-such-node', 'the id of a node', id);
    const name = functionOf(network, node);
    if (name === undefined) return refuse('wrong-kind', 'a layer that only applies an activation function', node.kind);
    const switched = {
      id,
      kind: actiSwitch.kind,
      inputs: node.inputs,
      attributes: { function: name },
      params: actiSwitchParams('active'),
    };
    return { child: { network: replaceNodes(network, new Map([[id, switched]])), state } };
  },
};

function functionOf(network: Network, node: NetworkNode): ActivationName | undefined {
  return layerKind(node.kind).appliedFunction?.(layersOf(network).get(node.id)!);
}
