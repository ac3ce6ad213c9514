// Explicit pads for TensorFlow.js, whose own convolutions and pools do not take them on every backend.
import type { Tfjs, TfjsImage, TfjsTensor } from '../engine/tfjs/tfjs.ts';
import type { Pads } from './convolution-geometry.ts';

/** An image [batch, height, width, channels] with rows and columns of `value` around it. */
export function padImage(tf: Tfjs, image: TfjsTensor, pads: Pads, value: number): TfjsImage {
  if (pads.every((pad) => pad === 0)) return image as TfjsImage;
  const [top, left, bottom, right] = pads;
  return tf.pad(
    image as TfjsImage,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  );
}
