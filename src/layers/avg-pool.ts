// Average pooling over windows of an image.
import { z } from 'zod';
import { sizeOf, type Shape } from '../network/tensor.ts';
import { forEachTap } from './convolution-geometry.ts';
import { defineLayer, type LayerInstance } from './layer-kind.ts';
import { padImage } from './pad-image.ts';
import { pooledShape, poolAttributes, poolOptions, poolSettings, poolWindow } from './pool-window.ts';
import { hull } from './range.ts';
import { emitMap, transposed, type AxisTap, type SeparableMap } from './separable-map.ts';

const attributes = z.strictObject({ ...poolAttributes, countIncludePad: z.boolean() });
type AvgPoolAttributes = z.infer<typeof attributes>;

// Padding does not count unless asked for, as in ONNX; PyTorch's default is the other way round.
const options = z.strictObject({ ...poolOptions, countIncludePad: z.boolean().default(false) });

/** A window's sum over its number of pixels: those inside the image, or all with `countIncludePad` (pads are 0). */
export const avgPool = defineLayer<AvgPoolAttributes, z.output<typeof options>>({
  kind: 'avgPool',
  arity: { min: 1, max: 1 },
  attributes,
  options,
  params: {},
  create: ({ countIncludePad, ...chosen }, [image]) => ({
    attributes: { ...poolSettings(chosen, image!, 'avgPool'), countIncludePad },
    params: {},
  }),
  outputShape: ({ attributes, inputs }) => pooledShape(attributes, inputs[0]!, 'avgPool'),
  macs: () => 0,
  range({ attributes: { countIncludePad, pads } }, [input]) {
    return countIncludePad && pads.some((pad) => pad > 0) ? hull([input!, { low: 0, high: 0 }]) : input!;
  },
  channels: () => ({ flow: 'tied', perChannel: {} }),

  reference: {
    forward({ layer, inputs, batch }) {
      const share = shares(layer);
      const output = new Float64Array(batch * sizeOf(layer.output));
      forEachPair(layer, batch, (to, from, out) => {
        output[to]! += inputs[0]![from]! * share[out]!;
      });
      return { output };
    },
    backward({ layer, inputs, batch, gradient }) {
      const share = shares(layer);
      const dx = new Float64Array(inputs[0]!.length);
      forEachPair(layer, batch, (to, from, out) => {
        dx[from]! += gradient[to]! * share[out]!;
      });
      return { inputs: [dx], params: {} };
    },
  },

  onnx: {
    forward({ graph, layer, inputs }) {
      const { kernel, stride, pads, countIncludePad } = layer.attributes;
      const settings = { kernel_shape: kernel, strides: stride, pads, count_include_pad: countIncludePad ? 1 : 0 };
      return { output: graph.op('AveragePool', inputs, settings) };
    },
    gradient: ({ graph, layer, gradient }) => ({
      inputs: [emitMap(graph, transposed(separableMap(layer)), gradient)],
      params: {},
    }),
  },

  tfjs({ tf, layer, inputs }) {
    const { kernel, stride, pads, countIncludePad } = layer.attributes;
    const pooled = tf.avgPool(padImage(tf, inputs[0]!, pads, 0), [...kernel], [...stride], 'valid');
    if (countIncludePad || pads.every((pad) => pad === 0)) return { output: pooled };
    const [, height, width] = layer.output as [number, number, number];
    const factors = Float32Array.from(shares(layer), (share) => share * kernel[0] * kernel[1]);
    return { output: tf.mul(pooled, tf.tensor(factors, [1, height, width, 1])) };
  },
});

/** For each pixel of an output plane, what one pixel of its window counts. */
function shares({ attributes, inputs, output }: LayerInstance<AvgPoolAttributes>): Float64Array {
  const { kernel, countIncludePad } = attributes;
  const counts = new Float64Array(output[1]! * output[2]!);
  forEachTap(inputs[0]!, poolWindow(attributes), (out) => (counts[out]! += 1));
  return counts.map((count) => 1 / (countIncludePad ? kernel[0] * kernel[1] : count));
}

function forEachPair(
  { attributes, inputs, output }: LayerInstance<AvgPoolAttributes>,
  batch: number,
  visit: (to: number, from: number, outputPixel: number) => void,
): void {
  const plane = (shape: Shape): number => shape[1]! * shape[2]!;
  for (let index = 0; index < batch * output[0]!; index++) {
    forEachTap(inputs[0]!, poolWindow(attributes), (out, at) => {
      visit(index * plane(output) + out, index * plane(inputs[0]!) + at, out);
    });
  }
}

/** The pool as a matrix for each axis: a window's pixels are counted along each axis by itself. */
function separableMap({ attributes, inputs, output }: LayerInstance<AvgPoolAttributes>): SeparableMap {
  const { kernel, stride, pads, countIncludePad } = attributes;
  const [, height, width] = inputs[0] as [number, number, number];
  const along = (axis: 0 | 1, length: number, steps: number): AxisTap[] =>
    Array.from({ length: steps }, (_, to) => {
      const start = to * stride[axis] - pads[axis];
      const [first, end] = [Math.max(start, 0), Math.min(start + kernel[axis], length)];
      const weight = 1 / (countIncludePad ? kernel[axis] : end - first);
      return Array.from({ length: end - first }, (_, i) => ({ to, from: first + i, weight }));
    }).flat();
  return {
    from: [height, width],
    to: [output[1]!, output[2]!],
    rows: along(0, height, output[1]!),
    columns: along(1, width, output[2]!),
  };
}
