// The stitch between images of different heights and widths: a 1x1 convolution, and a layer that changes the size.
import { sizeOf, type Shape } from '../../src/network/tensor.ts';
import { conv1x1 } from './conv1x1.ts';
import type { PlainLayer, StitchType } from './stitch-type.ts';

/**
 * Where both sides shrink by whole numbers, each block of pixels is averaged; else the image is scaled bilinearly.
 *
 * Scaling and a 1x1 convolution can change places, because both are linear and the weights of each new pixel sum to 1:
 * the convolution is where there are fewer pixels, and its coefficients are the same at either place.
 */
export const resizedConv1x1: StitchType = {
  name: 'resizedConv1x1',
  weight: 0.25,
  joins: (from, to) => from.length === 3 && to.length === 3 && (from[1] !== to[1] || from[2] !== to[2]),
  align: scaling,

  build(id, input, from, to) {
    const layer = scaling(from, to);
    const scaled = `${id}.${layer.kind}`;
    const scale = (reading: string) => ({ id: scaled, ...layer, inputs: [reading], params: {} });
    return scalesFirst(from, to)
      ? [scale(input), ...conv1x1.build(id, scaled, from, to)]
      : [...conv1x1.build(id, input, from, to), scale(id)];
  },
};

function scaling(from: Shape, to: Shape): PlainLayer {
  const size = to.slice(1);
  const kernel = blocks(from, to);
  return kernel
    ? { kind: 'avgPool', attributes: { kernel, stride: kernel, pads: [0, 0, 0, 0], countIncludePad: false } }
    : { kind: 'resize', attributes: { size, mode: 'bilinear' } };
}

/** The sides of the blocks that become one pixel each; undefined where pixels are no such blocks. */
function blocks(from: Shape, to: Shape): readonly number[] | undefined {
  const ratios = [1, 2].map((axis) => from[axis]! / to[axis]!);
  return ratios.every(Number.isInteger) ? ratios : undefined;
}

function scalesFirst(from: Shape, to: Shape): boolean {
  return sizeOf(to.slice(1)) <= sizeOf(from.slice(1));
}
