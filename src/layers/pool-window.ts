// What pools over windows share: their settings, and where their windows land.
import { expected } from '../errors.ts';
import type { Shape } from '../network/tensor.ts';
import {
  explicitPads,
  paddingOption,
  padsSchema,
  pairSchema,
  requireImage,
  sizeOption,
  windowOutput,
  type Pads,
  type Pair,
  type Window,
} from './convolution-geometry.ts';

/** The settings of a pool in a network. */
export const poolAttributes = { kernel: pairSchema, stride: pairSchema, pads: padsSchema };
/** What a person writes: by default windows of 2 by 2 side by side, and no pads. */
export const poolOptions = {
  kernel: sizeOption.default([2, 2]),
  stride: sizeOption.optional(),
  padding: paddingOption.default('valid'),
};

const noDilation: Pair = [1, 1];

/** The settings for an image; windows lie side by side unless a stride is given. */
export function poolSettings(
  options: { kernel: [number, number]; stride?: [number, number] | undefined; padding: 'same' | 'valid' | Pads },
  image: Shape,
  layer: string,
): { kernel: [number, number]; stride: [number, number]; pads: [number, number, number, number] } {
  requireImage(image, layer);
  const { kernel, stride = kernel, padding } = options;
  return { kernel, stride, pads: explicitPads(padding, image, { kernel, stride, dilation: noDilation }) };
}

export function poolWindow({ kernel, stride, pads }: { kernel: Pair; stride: Pair; pads: Pads }): Window {
  return { kernel, stride, dilation: noDilation, pads };
}

/**
 * [channels, height, width] after the pool.
 *
 * Throws `bad-network` for vectors, for windows larger than the padded image, and for pads as wide as the window: some
 * windows would see nothing but padding.
 */
export function pooledShape(
  attributes: { kernel: Pair; stride: Pair; pads: Pads },
  image: Shape,
  layer: string,
): [number, number, number] {
  requireImage(image, layer);
  const { kernel, pads } = attributes;
  if (pads.some((pad, side) => pad >= kernel[side % 2]!)) {
    throw expected('bad-network', `pads of ${layer} smaller than its kernel [${kernel.join(', ')}]`, pads);
  }
  return [image[0]!, ...windowOutput(image, poolWindow(attributes))];
}
