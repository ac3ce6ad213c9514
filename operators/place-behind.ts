// Where operators may put new layers: behind an inner node, with a kernel that fits its output.
import { activationFunctions, type ActivationName } from '../src/layers/activation-functions.ts';
import type { LayerKind } from '../src/layers/layer-kind.ts';
import type { Range } from '../src/layers/range.ts';
import { inputNode, outputNode, type Network, type NetworkNode } from '../src/network/network.ts';
import { rangesOf } from '../src/network/ranges-of.ts';
import { layersOf } from '../src/network/shapes.ts';
import type { Shape } from '../src/network/tensor.ts';
import { identityKind } from './new-layers.ts';
import { refuse, type Refused } from './refuse.ts';

/** The identity of a flattened image would be a matrix of millions of weights: 4,096 features make 16.8 million. */
const maxChannels = 1024;
const maxKernel = 7;

const offeredKernels = [1, 3];

/** What is known of a node behind which layers can go. */
export interface Place {
  readonly id: string;
  readonly output: Shape;
  readonly range: Range;
}

/** The places behind all nodes but input and output, each with the kernels that are offered there. */
export function placesBehind(network: Network): readonly (Place & { readonly kernels: readonly number[] })[] {
  const [layers, ranges] = [layersOf(network), rangesOf(network)];
  return network.nodes.slice(1, -1).flatMap(({ id }) => {
    const { output } = layers.get(id)!;
    if (output[0]! > maxChannels) return [];
    const kernels = offeredKernels.filter((kernel) => identityKind(output, kernel));
    return [{ id, output, range: ranges.get(id)!, kernels }];
  });
}

/** The node of this id unless it is the input or the output, or why not. */
export function innerNode(network: Network, id: string): { readonly node: NetworkNode } | Refused {
  const node = network.nodes.find((candidate) => candidate.id === id);
  if (!node) return refuse('no-such-node', 'the id of a node', id);
  if (node === inputNode(network) || node === outputNode(network)) {
    return refuse('wrong-kind', 'a node between input and output', id);
  }
  return { node };
}

/** The place behind a node, and the kind of layer for such a kernel; or why there is none. */
export function placeBehind(
  network: Network,
  id: string,
  kernel: number,
): { readonly place: Place; readonly kind: LayerKind } | Refused {
  const inner = innerNode(network, id);
  if ('refusal' in inner) return inner;
  const { output } = layersOf(network).get(id)!;
  const refused = refusedKernel(output, kernel);
  if (refused) return refused;
  return { place: { id, output, range: rangesOf(network).get(id)! }, kind: identityKind(output, kernel)! };
}

/** Why no layer with such a kernel reads tensors of this shape, if none does. */
export function refusedKernel(shape: Shape, kernel: number): Refused | undefined {
  if (!Number.isInteger(kernel) || kernel < 1 || kernel > maxKernel) {
    return refuse('bad-size', `a kernel of 1 to ${maxKernel}`, kernel);
  }
  if (shape[0]! > maxChannels) return refuse('bad-size', `at most ${maxChannels} channels`, shape[0]);
  if (identityKind(shape, kernel)) return undefined;
  return refuse('bad-size', 'an image, or a vector and a kernel of 1', { shape, kernel });
}

/** Why so many new channels are none that can be made, if so. */
export function refusedWidth(channels: number): Refused | undefined {
  if (Number.isInteger(channels) && channels >= 1 && channels <= maxChannels) return undefined;
  return refuse('bad-size', `1 to ${maxChannels} channels`, channels);
}

/** Why a function is none of those that fit, if so. */
export function refusedFunction(name: ActivationName, fitting: readonly ActivationName[]): Refused | undefined {
  return fitting.includes(name) ? undefined : refuse('wrong-kind', `one of ${fitting.join(', ')}`, name);
}

/** Whether the function does anything to values in this range. */
export function bends(name: ActivationName, { low, high }: Range): boolean {
  const { identityOn } = activationFunctions[name];
  return !identityOn || low < identityOn.low || high > identityOn.high;
}
