// The gradient of the two-dimensional convolution as ONNX operations.
import type { OnnxGraph, OnnxValue } from '../engine/onnx/onnx-graph.ts';
import { conv2dWindow, everyTapReads, type Conv2dAttributes, type Window } from './convolution-geometry.ts';
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

/** dW, by whichever of the two ways below fits; both work with batch and channels exchanged. */
function weightGradient(call: OnnxGradientCall<Conv2dAttributes>): OnnxValue {
  const { graph, layer, inputs, gradient } = call;
  const window = conv2dWindow(layer);
  const images = swapped(graph, inputs[0]!);
  const slopes = swapped(graph, gradient);
  const dense = layer.attributes.groups === 1 && window.stride.every((step) => step === 1);
  if (dense && everyTapReads(layer.inputs[0]!, window)) return shiftedProducts(call, images, slopes);
  return correlateGroups(graph, layer, images, slopes);
}

/**
 * dW at stride 1, several times faster than a convolution with a kernel of dY's size: as matrix products over all
 * samples and pixels. Tap (i, j) wants the image i rows and j columns further than dY; instead of the image, dY may go
 * i rows back. So the rows of all taps need few copies, and columns are cropped or padded to the width of dY.
 */
function shiftedProducts(
  { graph, layer, batch }: OnnxGradientCall<Conv2dAttributes>,
  images: OnnxValue,
  slopes: OnnxValue,
): OnnxValue {
  const { kernel, dilation, pads } = conv2dWindow(layer);
  const [channels, height, width] = layer.inputs[0] as [number, number, number];
  const [outChannels, outHeight, outWidth] = layer.output as [number, number, number];
  const taps = [0, 1].map((axis) =>
    Array.from({ length: kernel[axis]! }, (_, tap) => tap * dilation[axis]! - pads[axis]!),
  ) as [number[], number[]];
  // Whichever is less to copy.
  const moveImages = kernel[1] * channels < outChannels;
  const rows = batch * (moveImages ? outHeight : height) * outWidth;
  const across = taps[1].map((column) => shifted(graph, images, 3, -column, outWidth - width));
  const stack = (values: OnnxValue[], size: number): OnnxValue =>
    graph.reshape(joined(graph, values), [values.length * size, rows]);
  const product = (a: OnnxValue, b: OnnxValue): OnnxValue => graph.op('Gemm', [a, b], { transB: 1 });
  if (moveImages) {
    const patches = taps[0].flatMap((row) => across.map((image) => shifted(graph, image, 2, -row, outHeight - height)));
    const byTap = product(stack(patches, channels), stack([slopes], outChannels));
    return graph.op('Transpose', [graph.reshape(byTap, [...kernel, channels, outChannels])], { perm: [3, 2, 0, 1] });
  }
  const down = stack(
    taps[0].map((row) => shifted(graph, slopes, 2, row, height - outHeight)),
    outChannels,
  );
  const byTap = across.map((image) => product(down, stack([image], channels)));
  const shape = [kernel[1], kernel[0], outChannels, channels];
  return graph.op('Transpose', [graph.reshape(joined(graph, byTap), shape)], { perm: [2, 3, 1, 0] });
}

/** Moves values `by` places up an axis, which becomes `longer` by so much; zeros come in, and what falls off is lost. */
function shifted(graph: OnnxGraph, value: OnnxValue, axis: number, by: number, longer: number): OnnxValue {
  if (by === 0 && longer === 0) return value;
  // All axes by number: onnxruntime 1.30 fails to move transpositions past pads that name their axes.
  const pads = Array<number>(8).fill(0);
  pads[axis] = by;
  pads[axis + 4] = longer - by;
  return graph.op('Pad', [value, graph.integers(pads)]);
}

function joined(graph: OnnxGraph, values: readonly OnnxValue[]): OnnxValue {
  return values.length === 1 ? values[0]! : graph.op('Concat', values, { axis: 0 });
}

function swapped(graph: OnnxGraph, value: OnnxValue): OnnxValue {
  return graph.op('Transpose', [value], { perm: [1, 0, 2, 3] });
}

/** dW in general: a convolution of the image with dY as its kernel; stride and dilation change places. */
function correlateGroups(
  graph: OnnxGraph,
  layer: LayerInstance<Conv2dAttributes>,
  images: OnnxValue,
  slopes: OnnxValue,
): OnnxValue {
  const { groups } = layer.attributes;
  if (groups === 1) return swapped(graph, correlate(graph, layer, images, slopes));
  const part = (value: OnnxValue, channels: number): OnnxValue[] =>
    graph.ops('Split', [value, graph.integers(Array<number>(groups).fill(channels / groups))], { axis: 0 }, groups);
  const imageParts = part(images, layer.inputs[0]![0]!);
  const slopeParts = part(slopes, layer.output[0]!);
  const weights = imageParts.map((image, group) => swapped(graph, correlate(graph, layer, image, slopeParts[group]!)));
  return joined(graph, weights);
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
