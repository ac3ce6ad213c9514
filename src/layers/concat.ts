// The concat layer: tensors one behind the other along their channels.
import { z } from 'zod';
import { expected } from '../errors.ts';
import { sameShape, sizeOf, type Shape } from '../network/tensor.ts';
import { defineLayer } from './layer-kind.ts';
import { hull } from './range.ts';

/** Images of one height and width, or vectors; channels may differ. */
export const concat = defineLayer({
  kind: 'concat',
  arity: { min: 2, max: Infinity },
  attributes: z.strictObject({}),
  options: z.strictObject({}),
  params: {},
  create: () => ({ attributes: {}, params: {} }),
  outputShape({ inputs }) {
    const [, ...pixels] = inputs[0]!;
    for (const input of inputs) {
      if (!sameShape(input.slice(1), pixels)) {
        const wanted = ['any channels', ...pixels].join(', ');
        throw expected('bad-network', `inputs of concat that all have shape [${wanted}]`, input);
      }
    }
    return [inputs.reduce((channels, input) => channels + input[0]!, 0), ...pixels];
  },
  macs: () => 0,
  range: (_, inputs) => hull(inputs),
  channels: () => ({ flow: 'joined' }),

  reference: {
    forward({ layer, inputs, batch }) {
      const output = new Float64Array(batch * sizeOf(layer.output));
      forEachBlock(layer, batch, (input, from, length, to) => {
        output.set(inputs[input]!.subarray(from, from + length), to);
      });
      return { output };
    },
    backward({ layer, inputs, batch, gradient }) {
      const slopes = inputs.map(({ length }) => new Float64Array(length));
      forEachBlock(layer, batch, (input, from, length, to) => {
        slopes[input]!.set(gradient.subarray(to, to + length), from);
      });
      return { inputs: slopes, params: {} };
    },
  },

  onnx: {
    forward: ({ graph, inputs }) => ({ output: graph.op('Concat', inputs, { axis: 1 }) }),
    gradient({ graph, layer, gradient }) {
      const channels = graph.integers(layer.inputs.map((input) => input[0]!));
      return { inputs: graph.ops('Split', [gradient, channels], { axis: 1 }, layer.inputs.length), params: {} };
    },
  },

  tfjs: ({ tf, inputs }) => ({ output: tf.concat([...inputs], -1) }),
});

/** The runs of values that move as one: each input of each sample. */
function forEachBlock(
  { inputs, output }: { readonly inputs: readonly Shape[]; readonly output: Shape },
  batch: number,
  visit: (input: number, from: number, length: number, to: number) => void,
): void {
  for (let n = 0; n < batch; n++) {
    let to = n * sizeOf(output);
    inputs.forEach((shape, input) => {
      const length = sizeOf(shape);
      visit(input, n * length, length, to);
      to += length;
    });
  }
}
