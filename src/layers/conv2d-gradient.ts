// The gradient of the two-dimensional convolution as ONNX operations.
import type { OnnxGraph, OnnxValue } from '../engine/onnx/onnx-graph.ts';
import { conv2dWindow, type Conv2dAttributes, type Window } from './convolution-geometry.ts';
import type { LayerInstance, OnnxGradientCall, OnnxGradients } from './layer-kind.ts';

export function conv2dGradient(call: OnnxGradientCall<Conv2dAttributes>): OnnxGradients {
  const { graph, params, gradient, wanted } = call;
  return {
    inputs: [wanted.inputs[0] ? inputGradient(call) : undefined],
    params: wanted.params
      ? { weight: weightGradient(call), ...(params.bias && { bias: graph.sum(gradient, [0, 2, 3], false) }) }
      : {},
  };
}

/** dX: a convolution of dY with the flipped, transposed kernel at stride 1 (faster), else a transposed convolution. */
function inputGradient({ graph, layer, params, gradient }: OnnxGradientCall<Conv2dAttributes>): OnnxValue {
  const window = conv2dWindow(layer);
  const { kernel, stride, dilation, pads } = window;
  const { groups } = layer.attributes;
  const reach = [0, 1].map((axis) => (kernel[axis]! - 1) * dilation[axis]!);
  const before = [reach[0]! - pads[0], reach[1]! - pads[1]];
  const after = [reach[0]! - pads[2], reach[1]! - pads[3]];
  const fits = [...before, ...after].every((pad) => pad >= 0);
  if (groups === 1 && fits && stride[0] === 1 && stride[1] === 1) {
    const flipped = graph.op('Slice', [
      graph.op('Transpose', [params.weight!], { perm: [1, 0, 2, 3] }),
      graph.integers([-1, -1]),
      graph.integers([-kernel[0] - 1, -kernel[1] - 1]),
      graph.integers([2, 3]),
      graph.integers([-1, -1]),
    ]);
    const settings = { kernel_shape: kernel, dilations: dilation, pads: [...before, ...after] };
    return graph.op('Conv', [gradient, flipped], settings);
  }
  const [, height, width] = layer.inputs[0] as [number, number, number];
  const unread = unreadPixels(window, [height, width], layer);
  const settings = { kernel_shape: kernel, strides: stride, dilations: dilation, pads, group: groups };
  return graph.op('ConvTranspose', [gradient, params.weight!], { ...settings, output_padding: unread });
}

/** Rows and columns at the end of the padded image that a strided window never reads. */
function unreadPixels(
  { kernel, stride, dilation, pads }: Window,
  image: readonly [number, number],
  layer: LayerInstance<Conv2dAttributes>,
): number[] {
  return ([0, 1] as const).map((axis) => {
    const read = (layer.output[axis + 1]! - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1;
    return image[axis] + pads[axis] + pads[axis + 2]! - read;
  });
}

/**
 * dW: a convolution of the image with dY as its kernel, batch and channels exchanged. Stride and dilation change
 * places; groups are taken one by one.
 */
function weightGradient({ graph, layer, inputs, gradient }: OnnxGradientCall<Conv2dAttributes>): OnnxValue {
  const { groups } = layer.attributes;
  const swap = (value: OnnxValue): OnnxValue => graph.op('Transpose', [value], { perm: [1, 0, 2, 3] });
  const images = swap(inputs[0]!);
  const kernels = swap(gradient);
  if (groups === 1) return swap(correlate(graph, layer, images, kernels));
  const part = (value: OnnxValue, channels: number): OnnxValue[] =>
    graph.ops('Split', [value, graph.integers(Array<number>(groups).fill(channels / groups))], { axis: 0 }, groups);
  const imageParts = part(images, layer.inputs[0]![0]!);
  const kernelParts = part(kernels, layer.output[0]!);
  const weights = imageParts.map((image, group) => swap(correlate(graph, layer, image, kernelParts[group]!)));
  return graph.op('Concat', weights, { axis: 0 });
}

/** [in, batch, H, W] with [out, batch, H', W'] -> [in, out, kernelHeight, kernelWidth]. */
function correlate(
  graph: OnnxGraph,
  layer: LayerInstance<Conv2dAttributes>,
  images: OnnxValue,
  kernels: OnnxValue,
): OnnxValue {
  const { kernel, stride, dilation, pads } = conv2dWindow(layer);
  const settings = { kernel_shape: layer.output.slice(1), strides: dilation, dilations: stride, pads };
  const taps = graph.op('Conv', [images, kernels], settings);
  // Pixels that a strided window never reads give taps beyond the kernel.
  const [starts, ends, axes] = [[0, 0], [...kernel], [2, 3]].map((values) => graph.integers(values));
  return graph.op('Slice', [taps, starts!, ends!, axes!]);
}
