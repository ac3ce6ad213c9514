// The two-dimensional convolution as TensorFlow.js operations.
import type { Tfjs, TfjsImage, TfjsTensor } from '../engine/tfjs/tfjs.ts';
import type { Conv2dAttributes } from './convolution-geometry.ts';
import type { TfjsCall, TfjsResult } from './layer-kind.ts';
import { padImage } from './pad-image.ts';

export function conv2dTfjs({ tf, layer, params, inputs }: TfjsCall<Conv2dAttributes>): TfjsResult {
  const { stride, dilation, pads, groups } = layer.attributes;
  const image = padImage(tf, inputs[0]!, pads, 0);
  // TensorFlow.js has no gradient of dilated convolutions: the zeros between the taps are written out.
  const kernel = spread(tf, spread(tf, params.weight!, 2, dilation[0]), 3, dilation[1]) as TfjsImage;
  const output = grouped(tf, image, kernel, stride, groups);
  return { output: params.bias ? tf.add(output, params.bias) : output };
}

/** The kernel is OIHW as in networks. */
function grouped(tf: Tfjs, image: TfjsImage, kernel: TfjsImage, stride: [number, number], groups: number): TfjsTensor {
  const [outChannels, perGroup, ...taps] = kernel.shape;
  // TensorFlow takes one stride for both axes of a depthwise convolution.
  if (groups > 1 && perGroup === 1 && stride[0] === stride[1]) {
    const byInput = tf.reshape<TfjsImage['rankType']>(kernel, [groups, outChannels / groups, ...taps]);
    const filter = tf.transpose<TfjsImage>(byInput, [2, 3, 0, 1]);
    return tf.depthwiseConv2d(image, filter, stride, 'valid');
  }
  const filter = tf.transpose<TfjsImage>(kernel, [2, 3, 1, 0]);
  if (groups === 1) return tf.conv2d(image, filter, stride, 'valid');
  const images = tf.split<TfjsImage>(image, groups, 3);
  const filters = tf.split<TfjsImage>(filter, groups, 3);
  const outputs = images.map((part, group) => tf.conv2d(part, filters[group]!, stride, 'valid'));
  return tf.concat(outputs, 3);
}

/** Puts `dilation - 1` zeros between the entries along an axis. */
function spread(tf: Tfjs, value: TfjsTensor, axis: number, dilation: number): TfjsTensor {
  if (dilation === 1) return value;
  const { shape } = value;
  const length = shape[axis]!;
  const before = shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const after = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const spaced = tf.pad(tf.reshape(value, [before, length, 1, after]), [
    [0, 0],
    [0, 0],
    [0, dilation - 1],
    [0, 0],
  ]);
  const reach = (length - 1) * dilation + 1;
  const cut = tf.slice(tf.reshape(spaced, [before, length * dilation, after]), [0, 0, 0], [before, reach, after]);
  return tf.reshape(cut, shape.with(axis, reach));
}
