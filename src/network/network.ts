// What one network is: a topologically ordered list of nodes, plain and readonly.
import type { Tensor } from './tensor.ts';

/** What a setting of a layer can be: plain data that JSON holds. */
export type AttributeValue = string | number | boolean | readonly AttributeValue[];
/** A layer's settings by name; each kind has a schema of its own. */
export type Attributes = Readonly<Record<string, AttributeValue>>;
/** A layer's tensors by name, such as `weight` and `bias`; shapes follow from the kind. */
export type Params = Readonly<Record<string, Tensor>>;

/** One layer in place: its kind (see src/layers), where its inputs come from, its settings and its tensors. */
export interface NetworkNode {
  readonly id: string;
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
  readonly params: Params;
}

/**
 * A trained or untrained network. Nodes are in topological order; the first is the only input, the last is the output.
 *
 * Images are NCHW, convolution kernels OIHW, dense kernels [in, out]; shapes are written without the batch axis.
 */
export interface Network {
  readonly nodes: readonly NetworkNode[];
}

export function inputNode(network: Network): NetworkNode {
  return network.nodes[0]!;
}

export function outputNode(network: Network): NetworkNode {
  return network.nodes[network.nodes.length - 1]!;
}
