// Takes a batch norm into the linear layer before it, whose weights and bias then do what its statistics did.
import { batchNorm } from '../src/layers/batch-norm.ts';
import type { Attributes, Network, NetworkNode, Params } from '../src/network/network.ts';
import { sizeOf, tensor } from '../src/network/tensor.ts';
import { fuseNodes, isReadOnlyBy } from './fuse-nodes.ts';
import { biasOf, linearLayer, type LinearLayer } from './linear-layer.ts';
import type { Operator } from './operator.ts';
import { refuse, type Refused } from './refuse.ts';

/** Which batch norm is folded. */
export interface FoldBatchNormSite extends Attributes {
  readonly node: string;
}

/**
 * W * gamma / sqrt(variance + epsilon), and (b - mean) * gamma / sqrt(variance + epsilon) + beta, rounded to float32.
 * Equal in eval mode only: in train mode the batch norm would have taken the statistics of the batch. A layer without
 * bias gets one.
 */
export const foldBatchNorm: Operator<FoldBatchNormSite> = {
  name: 'fold-batch-norm',
  preserves: 'real',
  evalOnly: true,
  cost: 'less',
  summary: 'Folds a batch norm into the dense or convolution layer before it.',
  formula: 'W becomes W gamma / sqrt(variance + epsilon), b becomes (b - mean) gamma / sqrt(variance + epsilon) + beta',
  conditions: 'a batch norm that alone reads a linear layer; equal in eval mode only',
  source: 'Quantization and Training of Neural Networks (Jacob et al. 2018, arXiv:1712.05877), section 3.2',

  sites: (network) => network.nodes.filter(({ id }) => 'norm' in foldable(network, id)).map(({ id }) => ({ node: id })),

  apply(parent, { node }) {
    const found = foldable(parent.network, node);
    if ('refusal' in found) return found;
    const { norm, before } = found;
    const { kind, attributes } = before.node;
    return { child: fuseNodes(parent, [before.node, norm], { kind, attributes, params: foldedParams(norm, before) }) };
  },
};

type Foldable = { readonly norm: NetworkNode; readonly before: LinearLayer };

function foldable(network: Network, id: string): Foldable | Refused {
  const norm = network.nodes.find((node) => node.id === id);
  if (!norm) return refuse('no-such-node', 'the id of a node', id);
  if (norm.kind !== batchNorm.kind) return refuse('wrong-kind', 'a batchNorm', norm.kind);
  const before = linearLayer(network, norm.inputs[0]!);
  if (!before) return refuse('wrong-kind', 'a linear layer before the batchNorm', norm.inputs[0]);
  if (!isReadOnlyBy(network, before.node.id, norm)) {
    return refuse('not-exact', 'a batchNorm that alone reads the layer before it', before.node.id);
  }
  return { norm, before };
}

function foldedParams({ params, attributes }: NetworkNode, before: LinearLayer): Params {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((name) => params[name]!.data);
  const epsilon = Number(attributes.epsilon);
  const factors = Float64Array.from(gamma!, (value, output) => value / Math.sqrt(variance![output]! + epsilon));
  const old = biasOf(before)?.data;
  const bias = Float32Array.from(factors, (factor, output) => {
    return ((old?.[output] ?? 0) - mean![output]!) * factor + beta![output]!;
  });
  const { shape, data } = before.node.params[before.weight]!;
  const weight = data.slice();
  const inner = sizeOf(shape.slice(before.axes.output + 1));
  for (let from = 0; from < weight.length; from += inner) {
    const factor = factors[(from / inner) % factors.length]!;
    for (let i = from; i < from + inner; i++) weight[i]! *= factor;
  }
  return { [before.weight]: tensor(shape, weight), [before.bias]: tensor([bias.length], bias) };
}
