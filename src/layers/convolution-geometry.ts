// Where a convolution or pooling window lands: sizes, pads, and which input position a kernel tap reads.
import { z } from 'zod';
import { expected } from '../errors.ts';
import type { Shape } from '../network/tensor.ts';
import type { LayerInstance } from './layer-kind.ts';

const size = z.int().positive();
const pair = z.tuple([size, size]);

/** A size for both axes, or [height, width]. */
export const sizeOption = z.union([size.transform((value): [number, number] => [value, value]), pair]);
/** Explicit pads: top, left, bottom, right. */
export const padsSchema = z.tuple([z.int().min(0), z.int().min(0), z.int().min(0), z.int().min(0)]);
export const paddingOption = z.union([z.enum(['same', 'valid']), padsSchema]);
export const pairSchema = pair;

export type Pair = readonly [number, number];
export type Pads = readonly [number, number, number, number];

/** A sliding window over an image of [channels, height, width]. */
export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly pads: Pads;
}

/** Turns a padding option into explicit pads; "same" gives ceil(size / stride), the odd pad at the end. */
export function explicitPads(
  padding: 'same' | 'valid' | Pads,
  image: Shape,
  window: Omit<Window, 'pads'>,
): [number, number, number, number] {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding !== 'same') return [...padding];
  const [top, bottom] = samePads(image[1]!, window, 0);
  const [left, right] = samePads(image[2]!, window, 1);
  return [top, left, bottom, right];
}

function samePads(length: number, { kernel, stride, dilation }: Omit<Window, 'pads'>, axis: 0 | 1): [number, number] {
  const reach = (Math.ceil(length / stride[axis]) - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1;
  const total = Math.max(reach - length, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** [height, width] after the window; throws `bad-network` where the window is larger than the padded image. */
export function windowOutput(image: Shape, { kernel, stride, dilation, pads }: Window): [number, number] {
  const along = (axis: 0 | 1): number => {
    const padded = image[axis + 1]! + pads[axis] + pads[axis + 2]!;
    const reach = (kernel[axis] - 1) * dilation[axis] + 1;
    if (padded < reach) throw expected('bad-network', `an image of at least ${reach} pixels a side`, image);
    return Math.floor((padded - reach) / stride[axis]) + 1;
  };
  return [along(0), along(1)];
}

/** Whether each row and each column of the kernel lands on the image at least once, not on padding alone. */
export function everyTapReads(image: Shape, window: Window): boolean {
  const steps = windowOutput(image, window);
  return ([0, 1] as const).every((axis) => {
    const lands = (tap: number): boolean => {
      for (let step = 0; step < steps[axis]; step++) {
        const at = step * window.stride[axis] - window.pads[axis] + tap * window.dilation[axis];
        if (at >= 0 && at < image[axis + 1]!) return true;
      }
      return false;
    };
    return Array.from({ length: window.kernel[axis] }, (_, tap) => tap).every(lands);
  });
}

/** Throws `bad-network` unless the shape is [channels, height, width]. */
export function requireImage(shape: Shape, layer: string): void {
  if (shape.length !== 3)
    throw expected('bad-network', `an image [channels, height, width] as input of ${layer}`, shape);
}

/**
 * Calls `visit(outputIndex, inputIndex, tap)` for every pair of output pixel and kernel tap that lands inside the
 * image; indices are within one channel plane.
 */
export function forEachTap(
  image: Shape,
  window: Window,
  visit: (outputIndex: number, inputIndex: number, tap: number) => void,
): void {
  const [, height, width] = image as [number, number, number];
  const { kernel, stride, dilation, pads } = window;
  const [outHeight, outWidth] = windowOutput(image, window);
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      for (let i = 0; i < kernel[0]; i++) {
        const row = y * stride[0] - pads[0] + i * dilation[0];
        if (row < 0 || row >= height) continue;
        for (let j = 0; j < kernel[1]; j++) {
          const column = x * stride[1] - pads[1] + j * dilation[1];
          if (column < 0 || column >= width) continue;
          visit(y * outWidth + x, row * width + column, i * kernel[1] + j);
        }
      }
    }
  }
}

export const conv2dAttributes = z.strictObject({
  stride: pair,
  dilation: pair,
  pads: padsSchema,
  groups: size,
});
export type Conv2dAttributes = z.infer<typeof conv2dAttributes>;

/** The sliding window of a convolution; its kernel size is that of the weights. */
export function conv2dWindow(layer: Pick<LayerInstance<Conv2dAttributes>, 'attributes' | 'params'>): Window {
  const { stride, dilation, pads } = layer.attributes;
  const [, , height, width] = layer.params.weight!.shape;
  return { kernel: [height!, width!], stride, dilation, pads };
}
