// Pools over windows and over whole images.
import { activationFunctions } from '../../../layers/activation-functions.ts';
import type { Pads, Pair } from '../../../layers/convolution-geometry.ts';
import { anything } from '../../../layers/range.ts';
import { layerKind } from '../../../layers/registry.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import type { LayerValue, PaddedValue } from '../value.ts';
import { paddedImageInput, zeroPaddedImageInput } from './padding.ts';
import { ceilOverhang, windowSettings } from './window.ts';

/** Source: the ONNX specification, MaxPool-12. */
function maxPool(call: OperatorCall): LayerValue {
  const padded = paddedImageInput(call, 0);
  // The layer's own pads never win: pixels put around the image must not either.
  if (padded.pads.some((pad) => pad !== 0) && padded.value > lowest(call, padded.image)) {
    throw call.refusal('padding with values that are never the largest', padded.value);
  }
  const { kernel, stride, pads, overhang } = poolWindow(call, padded);
  const reached: Pads = [pads[0], pads[1], pads[2] + overhang[0], pads[3] + overhang[1]];
  return call.addLayer('maxPool', [padded.image], { kernel, stride, pads: reached });
}

/** Source: the ONNX specification, AveragePool-19. */
function averagePool(call: OperatorCall): LayerValue {
  const padded = zeroPaddedImageInput(call, 0);
  const { kernel, stride, pads, overhang } = poolWindow(call, padded);
  const countsOwn = call.integer('count_include_pad', 0) !== 0;
  const isPlain = [...padded.pads, ...overhang].every((pad) => pad === 0);
  if (isPlain) return call.addLayer('avgPool', [padded.image], { kernel, stride, pads, countIncludePad: countsOwn });
  // Zeros of a Pad count always, the operator's own pads if it says so, and what lies beyond them never.
  const counted = pads.map((pad, side) => (countsOwn ? pad : padded.pads[side]!));
  const reached = reachedPads(padded.image, { kernel, stride, pads, overhang });
  const countsSome = counted.some((pad, side) => Math.min(pad, reached[side]!) > 0);
  const leavesSome = counted.some((pad, side) => reached[side]! > pad);
  if (countsSome && leavesSome) throw call.refusal('means in which all pads count, or none', 'both sorts of pads');
  return call.addLayer('avgPool', [padded.image], { kernel, stride, pads: reached, countIncludePad: countsSome });
}

interface PoolWindow {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
  /** How far windows reach past the pads at the bottom and to the right. */
  readonly overhang: Pair;
}

function poolWindow(call: OperatorCall, { image, pads: around }: PaddedValue): PoolWindow {
  const given = call.integers('kernel_shape') ?? [];
  if (given.length !== 2) throw call.refusal('a window of height and width', given);
  const kernel = [given[0]!, given[1]!] as const;
  const { stride, dilation, pads } = windowSettings(call, image.shape, kernel, around);
  if (dilation.some((step) => step !== 1)) throw call.refusal('a pool without dilation', dilation);
  const isCeil = call.integer('ceil_mode', 0) !== 0;
  return { kernel, stride, pads, overhang: isCeil ? ceilOverhang(image.shape, { kernel, stride, pads }) : [0, 0] };
}

/** The pads as far as windows reach into them: rounding down can leave some at the end alone. */
function reachedPads({ shape }: LayerValue, { kernel, stride, pads, overhang }: PoolWindow): Pads {
  const end = (axis: 0 | 1): number => {
    const length = shape[axis + 1]! + pads[axis];
    const steps = Math.floor((length + pads[axis + 2]! + overhang[axis] - kernel[axis]) / stride[axis]);
    return Math.max(steps * stride[axis] + kernel[axis] - length, 0);
  };
  return [pads[0], pads[1], end(0), end(1)];
}

/** A bound that no pixel is below: that of the activation function which makes the image. */
function lowest(call: OperatorCall, image: LayerValue): number {
  const { node, instance } = call.layer(image);
  const phi = layerKind(node.kind).appliedFunction?.(instance);
  return phi === undefined ? -Infinity : activationFunctions[phi].range(anything).low;
}

/** ONNX keeps the two axes with size 1; the layer gives a vector, and what follows must take it as one. */
function globalAveragePool(call: OperatorCall): LayerValue {
  const image = call.imageInput(0);
  return call.addLayer('globalAvgPool', [image], {}, {}, [image.shape[0]!, 1, 1]);
}

/** The mean over height and width. Source: the ONNX specification, ReduceMean-18. */
function reduceMean(call: OperatorCall): LayerValue {
  const image = call.imageInput(0);
  const axes = (call.integersInput(1, 'axes') ?? []).map((axis) => (axis < 0 ? axis + 4 : axis)).sort();
  if (axes.join() !== '2,3') throw call.refusal('a mean over height and width', `axes ${axes.join(', ')}`);
  if (call.integer('keepdims', 1) !== 0) return globalAveragePool(call);
  return call.addLayer('globalAvgPool', [image]);
}

export const pooling: Readonly<Record<string, Translation>> = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
  ReduceMean: reduceMean,
};
