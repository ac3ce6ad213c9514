// What operators that merge and fold weights share: dense layers and convolutions as one kind of linear map.
import type { LayerInstance } from '../src/layers/layer-kind.ts';
import { layerKind } from '../src/layers/registry.ts';
import type { Attributes, Network, NetworkNode, Params } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import { sameShape, sizeOf, tensor, type Shape, type Tensor } from '../src/network/tensor.ts';

/** A layer that maps its inputs linearly and adds a bias. */
export interface LinearLayer {
  readonly node: NetworkNode;
  readonly layer: LayerInstance;
  /** The parameters' names; the bias may be missing. */
  readonly weight: string;
  readonly bias: string;
  /** Where the weight is indexed by output and by input channel; its other axes are those of the kernel. */
  readonly axes: { readonly output: number; readonly input: number };
  readonly outputs: number;
  readonly inputs: number;
  /** Entries of the kernel: 1 for dense layers. */
  readonly taps: number;
}

/**
 * The layer of this id, if each of its outputs reads all inputs linearly. Follows from facts of its kind: it has an
 * identity, and one weight both makes its channels and reads others.
 */
export function linearLayer(network: Network, id: string): LinearLayer | undefined {
  const node = network.nodes.find((candidate) => candidate.id === id);
  if (!node) return undefined;
  const layer = layersOf(network).get(id)!;
  const kind = layerKind(node.kind);
  const facts = kind.channels(layer);
  if (!kind.identity || facts.flow !== 'own') return undefined;
  const weight = Object.keys(facts.consumer).find((name) => name in facts.producer);
  const bias = Object.keys(facts.producer).find((name) => name !== weight);
  if (weight === undefined || bias === undefined) return undefined;
  const axes = { output: facts.producer[weight]!, input: facts.consumer[weight]! };
  const { shape } = node.params[weight]!;
  const [outputs, inputs] = [shape[axes.output]!, shape[axes.input]!];
  if (outputs !== layer.output[0] || inputs !== layer.inputs[0]![0]) return undefined;
  return { node, layer, weight, bias, axes, outputs, inputs, taps: sizeOf(shape) / outputs / inputs };
}

/**
 * Whether `holds` for every entry of a linear layer's weight of this shape: where it lies, and where it would in
 * [output, input, tap]. Stops at the first for which it does not.
 */
function everyWeight(
  { axes, taps }: LinearLayer,
  shape: Shape,
  holds: (index: number, ordered: number) => boolean,
): boolean {
  const stride = (axis: number): number => sizeOf(shape.slice(axis + 1));
  const [outputs, inputs] = [shape[axes.output]!, shape[axes.input]!];
  let offsets = [0];
  shape.forEach((size, axis) => {
    if (axis === axes.output || axis === axes.input) return;
    const steps = Array.from({ length: size }, (_, step) => step * stride(axis));
    offsets = offsets.flatMap((offset) => steps.map((step) => offset + step));
  });
  const [byOutput, byInput] = [stride(axes.output), stride(axes.input)];
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      const [from, to] = [o * byOutput + i * byInput, (o * inputs + i) * taps];
      for (let tap = 0; tap < taps; tap++) if (!holds(from + offsets[tap]!, to + tap)) return false;
    }
  }
  return true;
}

/** The weight as [output, input, tap], whatever the order of its axes. */
export function kernelOf(linear: LinearLayer): Float64Array {
  const { shape, data } = linear.node.params[linear.weight]!;
  const kernel = new Float64Array(data.length);
  everyWeight(linear, shape, (index, ordered) => {
    kernel[ordered] = data[index]!;
    return true;
  });
  return kernel;
}

/** The parameters of a layer like this one, with its kernel's size but other channels; rounded to float32. */
export function linearParams(
  like: LinearLayer,
  [outputs, inputs]: readonly [number, number],
  kernel: Float64Array,
  bias: Float64Array | undefined,
): Params {
  const shape = like.node.params[like.weight]!.shape.map((size, axis) =>
    axis === like.axes.output ? outputs : axis === like.axes.input ? inputs : size,
  );
  const data = new Float32Array(kernel.length);
  everyWeight(like, shape, (index, ordered) => {
    data[index] = kernel[ordered]!;
    return true;
  });
  return {
    [like.weight]: tensor(shape, data),
    ...(bias && { [like.bias]: tensor([outputs], Float32Array.from(bias)) }),
  };
}

/** The bias, or nothing for a layer without one. */
export function biasOf({ node, bias }: LinearLayer): Tensor | undefined {
  return node.params[bias];
}

/** Whether the layer treats every pixel alone: it has one tap, and the settings of an identity layer. */
export function isPointwise({ node, layer, taps }: LinearLayer): boolean {
  return taps === 1 && sameSettings(node.attributes, oneChannelIdentity(node, layer, 1).attributes);
}

/**
 * Whether the layer passes its input on unchanged, to the bit. Identity convolutions have square kernels; what does the
 * same with another kernel is not found.
 */
export function isIdentity(linear: LinearLayer): boolean {
  const { node, layer, inputs, taps, weight } = linear;
  const side = Math.sqrt(taps);
  if (!Number.isInteger(side) || !sameShape(layer.inputs[0]!, layer.output)) return false;
  const wanted = oneChannelIdentity(node, layer, side);
  if (!sameSettings(node.attributes, wanted.attributes)) return false;
  if (biasOf(linear)?.data.some((value) => value !== 0)) return false;
  const delta = wanted.params[weight]!.data;
  const { shape, data } = node.params[weight]!;
  return everyWeight(linear, shape, (index, ordered) => {
    const [channel, tap] = [Math.floor(ordered / taps), ordered % taps];
    const isDiagonal = channel % (inputs + 1) === 0;
    return data[index] === (isDiagonal ? delta[tap] : 0);
  });
}

/** Shows settings and kernel of an identity layer without building one as wide. */
function oneChannelIdentity(node: NetworkNode, { output }: LayerInstance, kernel: number) {
  return layerKind(node.kind).identity!.create([1, ...output.slice(1)], kernel);
}

function sameSettings(a: Attributes, b: Attributes): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]))
  );
}
