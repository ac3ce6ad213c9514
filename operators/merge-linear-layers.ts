// Merges two linear layers that follow each other into one that computes the same.
import type { Attributes, Network, Params } from '../src/network/network.ts';
import { sizeOf } from '../src/network/tensor.ts';
import { fuseNodes, isReadOnlyBy } from './fuse-nodes.ts';
import { biasOf, isPointwise, kernelOf, linearLayer, linearParams, type LinearLayer } from './linear-layer.ts';
import { matrixProduct } from './matrix-product.ts';
import type { Operator } from './operator.ts';
import { refuse, type Refused } from './refuse.ts';

/** Which layer is merged with the one it reads. */
export interface MergeLinearLayersSite extends Attributes {
  readonly node: string;
}

/**
 * Dense into dense, a 1x1 convolution before or behind another. A 1x1 convolution before one with padding is merged
 * only if its own bias is 0: padding adds zeros, not biases. Two larger kernels are not merged: with padding between
 * them no kernel does what they do. Only where nobody else reads what lies between, parameters fall and MACs do not
 * rise; the merged weights are rounded to float32.
 */
export const mergeLinearLayers: Operator<MergeLinearLayersSite> = {
  name: 'merge-linear-layers',
  preserves: 'real',
  cost: 'less',
  summary: 'Multiplies two linear layers in a row into one: W = W2 W1, b = W2 b1 + b2.',
  formula: 'W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2)',
  conditions:
    'two linear layers in a row, one of them pointwise, the first read by the second alone; before padding only if b1 = 0; parameters must fall and MACs not rise',
  source:
    'RepVGG (Ding et al. 2021, arXiv:2101.03697) and DBB (arXiv:2103.13425): transforms of sequential convolutions',

  sites: (network) => network.nodes.filter(({ id }) => 'pair' in pairAt(network, id)).map(({ id }) => ({ node: id })),

  apply(parent, { node }) {
    const found = pairAt(parent.network, node);
    if ('refusal' in found) return found;
    const { first, second, windowed } = found.pair;
    const { kind, attributes } = windowed.node;
    const params = mergedParams(found.pair);
    return { child: fuseNodes(parent, [first.node, second.node], { kind, attributes, params }) };
  },
};

interface Pair {
  readonly first: LinearLayer;
  readonly second: LinearLayer;
  /** The one of the two whose kernel and settings the merged layer has; the other is pointwise. */
  readonly windowed: LinearLayer;
}

function pairAt(network: Network, id: string): { readonly pair: Pair } | Refused {
  if (!network.nodes.some((node) => node.id === id)) return refuse('no-such-node', 'the id of a node', id);
  const second = linearLayer(network, id);
  const first = second && linearLayer(network, second.node.inputs[0]!);
  if (!first) return refuse('wrong-kind', 'a linear layer that reads another', id);
  if (!isReadOnlyBy(network, first.node.id, second.node)) {
    return refuse('not-exact', 'a layer that alone reads the one before it', id);
  }
  const windowed = isPointwise(second) ? first : second;
  if (windowed === second && !isPointwise(first)) return refuse('not-exact', 'a kernel of one tap in one of them', id);
  if (windowed === second && isPadded(second) && !isBiasZero(first)) {
    return refuse('not-exact', 'no bias in front of a layer with padding', first.node.id);
  }
  const pair = { first, second, windowed };
  const [before, after] = costs(pair);
  if (after.params >= before.params || after.macs > before.macs) {
    return refuse('bad-size', 'layers that cost less in one', { params: [before.params, after.params] });
  }
  return { pair };
}

/** Parameters and MACs of the two layers, and of the merged one. */
function costs({ first, second, windowed }: Pair) {
  const pixels = ({ layer }: LinearLayer): number => sizeOf(layer.output.slice(1));
  const weights = ({ node, weight }: LinearLayer): number => sizeOf(node.params[weight]!.shape);
  const biases = [first, second].map((linear) => biasOf(linear)?.data.length ?? 0);
  const merged = second.outputs * first.inputs * windowed.taps;
  const hasBias = biases.some((count) => count > 0);
  return [
    {
      params: weights(first) + weights(second) + biases[0]! + biases[1]!,
      macs: weights(first) * pixels(first) + weights(second) * pixels(second),
    },
    { params: merged + (hasBias ? second.outputs : 0), macs: merged * pixels(second) },
  ] as const;
}

function isPadded({ node }: LinearLayer): boolean {
  const { pads } = node.attributes;
  return Array.isArray(pads) && pads.some((pad) => pad !== 0);
}

function isBiasZero(linear: LinearLayer): boolean {
  return biasOf(linear)?.data.every((value) => value === 0) ?? true;
}

function mergedParams({ first, second, windowed }: Pair): Params {
  const [rows, middles, columns] = [second.outputs, first.outputs, first.inputs];
  const [b1, b2] = [biasOf(first)?.data, biasOf(second)?.data];
  const bias = Float64Array.from({ length: rows }, (_, row) => b2?.[row] ?? 0);
  const outer = kernelOf(second);
  // As [row, tap, middle]: one matrix, whatever the second layer's kernel.
  const factors = new Float64Array(outer.length);
  const step = second.taps;
  for (let row = 0; row < rows; row++) {
    for (let middle = 0; middle < middles; middle++) {
      for (let tap = 0; tap < step; tap++) {
        const factor = outer[(row * middles + middle) * step + tap]!;
        factors[(row * step + tap) * middles + middle] = factor;
        bias[row]! += factor * (b1?.[middle] ?? 0);
      }
    }
  }
  const count = columns * first.taps;
  const product = matrixProduct(factors, kernelOf(first), [rows * step, middles, count]);
  const kernel = step === 1 ? product : tapsLast(product, [rows, step, count]);
  return linearParams(windowed, [rows, columns], kernel, b1 || b2 ? bias : undefined);
}

/** [row, tap, i] as [row, i, tap]. */
function tapsLast(values: Float64Array, [rows, taps, count]: readonly [number, number, number]): Float64Array {
  const ordered = new Float64Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let tap = 0; tap < taps; tap++) {
      const from = (row * taps + tap) * count;
      for (let i = 0; i < count; i++) ordered[(row * count + i) * taps + tap] = values[from + i]!;
    }
  }
  return ordered;
}
