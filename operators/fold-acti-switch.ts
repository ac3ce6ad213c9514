// Turns an actiSwitch of which one part is switched off into the plain layer that it has become.
import { actiSwitch } from '../src/layers/acti-switch.ts';
import { activation } from '../src/layers/activation.ts';
import { scale } from '../src/layers/scale.ts';
import { freshId } from '../src/network/edit.ts';
import type { Attributes, Network, NetworkNode } from '../src/network/network.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import type { Operator } from './operator.ts';
import { refuse } from './refuse.ts';

/** Which actiSwitch is folded. */
export interface FoldActiSwitchSite extends Attributes {
  readonly node: string;
}

/**
 * l * x becomes a scale, phi(x) an activation, and a * phi(x) both. The node keeps its id; a factor that stays keeps its
 * moments, as its gradient is the same. (1, 0) does nothing at all, and is for `remove-identity-layer`. Holds for finite
 * values.
 */
export const foldActiSwitch: Operator<FoldActiSwitchSite> = {
  name: 'fold-acti-switch',
  preserves: 'bit',
  cost: 'less',
  summary: 'Turns an actiSwitch with a = 0 into a scale, and one with l = 0 into its function (and a scale).',
  formula: 'l * x + 0 * phi(x) = l * x, 0 * x + a * phi(x) = a * phi(x)',
  conditions: 'an actiSwitch with l = 0 or a = 0, but not (1, 0); finite values',
  source: 'the inverse of ATGEN (A. Boin), github.com/AhmedBoin/atgen: the ActiSwitch layer',

  sites: (network) => network.nodes.filter((node) => remainder(node)).map(({ id }) => ({ node: id })),

  apply({ network, state }, { node: id }) {
    const node = network.nodes.find((candidate) => candidate.id === id);
    if (!node) return refuse('no-such-node', 'the id of a node', id);
    if (node.kind !== actiSwitch.kind) return refuse('wrong-kind', 'an actiSwitch', node.kind);
    const rest = remainder(node);
    if (!rest) return refuse('not-exact', 'an actiSwitch with l = 0 or a = 0, but not (1, 0)', scalars(node));
    return { child: folded({ network, state }, node, rest) };
  },
};

/** What is left of the actiSwitch. */
interface Remainder {
  /** Whether its function is applied. */
  readonly bends: boolean;
  /** The scalar that multiplies the result, where it is not 1. */
  readonly factor: 'linear' | 'active' | undefined;
}

/** Nothing for an actiSwitch that still needs both parts, or none. */
function remainder(node: NetworkNode): Remainder | undefined {
  if (node.kind !== actiSwitch.kind) return undefined;
  const [linear, active] = scalars(node);
  if (active === 0) return linear === 1 ? undefined : { bends: false, factor: 'linear' };
  if (linear !== 0) return undefined;
  return { bends: true, factor: active === 1 ? undefined : 'active' };
}

function scalars({ params }: NetworkNode): readonly [linear: number, active: number] {
  return [params.linear!.data[0]!, params.active!.data[0]!];
}

function folded({ network, state }: TrainedNetwork, node: NetworkNode, { bends, factor }: Remainder): TrainedNetwork {
  const bent = { kind: activation.kind, attributes: node.attributes, params: {} };
  const chain: NetworkNode[] = [];
  if (bends) chain.push({ id: factor ? freeId(network, activation.kind) : node.id, inputs: node.inputs, ...bent });
  if (factor) {
    const params = { factor: node.params[factor]! };
    const inputs = bends ? [chain[0]!.id] : node.inputs;
    chain.push({ id: node.id, kind: scale.kind, inputs, attributes: {}, params });
  }
  const { [node.id]: own, ...moments } = state.moments;
  const kept = factor && own?.[factor];
  return {
    network: { nodes: network.nodes.flatMap((other) => (other === node ? chain : [other])) },
    state: { moments: kept ? { ...moments, [node.id]: { factor: kept } } : moments },
  };
}

function freeId({ nodes }: Network, stem: string): string {
  return freshId(new Set(nodes.map(({ id }) => id)), stem);
}
