// Makes a network deeper by a layer that passes everything on, and an actiSwitch that starts linear.
import { actiSwitch, actiSwitchParams } from '../src/layers/acti-switch.ts';
import { activationFunctions, activationNames, type ActivationName } from '../src/layers/activation-functions.ts';
import type { LayerKind } from '../src/layers/layer-kind.ts';
import type { Range } from '../src/layers/range.ts';
import { layerKinds } from '../src/layers/registry.ts';
import { freshId, insertAfter } from '../src/network/edit.ts';
import { inputNode, outputNode, type Attributes, type Network, type NetworkNode } from '../src/network/network.ts';
import { rangesOf } from '../src/network/ranges-of.ts';
import { layersOf } from '../src/network/shapes.ts';
import type { Shape } from '../src/network/tensor.ts';
import type { Operator } from './operator.ts';
import { refuse } from './refuse.ts';

export interface InsertIdentityLayerSite extends Attributes {
  /** The node behind which the layer goes; all who read the node then read the layer. */
  readonly node: string;
  /** Height and width of the kernel; 1 behind a vector. */
  readonly kernel: number;
  /** The function of the actiSwitch. */
  readonly function: ActivationName;
}

/** The identity of a flattened image would be a matrix of millions of weights: 4,096 features make 16.8 million. */
const maxChannels = 1024;
const maxKernel = 7;

const offeredKernels = [1, 3];
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
  summary: 'Inserts an identity dense or convolution layer together with an actiSwitch(1, 0).',
  source: 'Net2Net (Chen et al. 2016, arXiv:1511.05641); ATGEN (A. Boin) for the actiSwitch',

  sites(network) {
    const layers = layersOf(network);
    const ranges = rangesOf(network);
    return network.nodes.slice(1, -1).flatMap(({ id }) => {
      const { output } = layers.get(id)!;
      if (output[0]! > maxChannels) return [];
      const kernels = offeredKernels.filter((kernel) => identityKind(output, kernel));
      const names = offeredFunctions.filter((name) => bends(name, ranges.get(id)!));
      return kernels.flatMap((kernel) => names.map((name) => ({ node: id, kernel, function: name })));
    });
  },

  apply({ network, state }, { node: id, kernel, function: name }) {
    const node = network.nodes.find((candidate) => candidate.id === id);
    if (!node) return refuse('no-such-node', 'the id of a node', id);
    if (node === inputNode(network) || node === outputNode(network)) {
      return refuse('wrong-kind', 'a node between input and output', id);
    }
    if (!Number.isInteger(kernel) || kernel < 1 || kernel > maxKernel) {
      return refuse('bad-size', `a kernel of 1 to ${maxKernel}`, kernel);
    }
    const { output } = layersOf(network).get(id)!;
    if (output[0]! > maxChannels) return refuse('bad-size', `at most ${maxChannels} channels`, output[0]);
    const kind = identityKind(output, kernel);
    if (!kind) return refuse('bad-size', 'an image, or a vector and a kernel of 1', { shape: output, kernel });
    if (!activationNames.includes(name)) return refuse('wrong-kind', `one of ${activationNames.join(', ')}`, name);
    const range = rangesOf(network).get(id)!;
    if (!bends(name, range)) return refuse('wrong-kind', 'a function that is not the identity on these values', name);

    const chain = [
      { kind: kind.kind, ...kind.identity!.create(output, kernel) },
      { kind: actiSwitch.kind, attributes: { function: name }, params: actiSwitchParams('linear') },
    ];
    const ordered = range.low >= 0 ? chain : chain.toReversed();
    return { child: { network: insertAfter(network, id, linked(network, id, ordered)), state } };
  },
};

function identityKind(shape: Shape, kernel: number): LayerKind | undefined {
  return layerKinds.find(({ identity }) => identity?.fits(shape, kernel));
}

function bends(name: ActivationName, { low, high }: Range): boolean {
  const { identityOn } = activationFunctions[name];
  return !identityOn || low < identityOn.low || high > identityOn.high;
}

/** Gives each layer a free id and the one before as its input, the first reading `from`. */
function linked(network: Network, from: string, layers: readonly Omit<NetworkNode, 'id' | 'inputs'>[]): NetworkNode[] {
  const taken = new Set(network.nodes.map(({ id }) => id));
  let last = from;
  return layers.map((layer) => {
    const id = freshId(taken, layer.kind);
    taken.add(id);
    const node = { id, inputs: [last], ...layer };
    last = id;
    return node;
  });
}
