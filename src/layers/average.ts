// The average layer: a weighted mean of tensors of one shape, for ensembles.
import { z } from 'zod';
import { expected } from '../errors.ts';
import { sizeOf } from '../network/tensor.ts';
import { defineLayer } from './layer-kind.ts';
import { scaled, sum } from './range.ts';
import { requireOneShape } from './same-shape.ts';

const weights = z.array(z.number()).min(2);

export const average = defineLayer<{ weights: number[] }, { weights?: number[] | undefined }>({
  kind: 'average',
  arity: { min: 2, max: Infinity },
  attributes: z.strictObject({ weights }),
  options: z.strictObject({ weights: weights.optional() }),
  params: {},
  create: (options, inputs) => ({
    attributes: { weights: options.weights ?? inputs.map(() => 1 / inputs.length) },
    params: {},
  }),
  outputShape({ attributes, inputs }) {
    if (attributes.weights.length !== inputs.length) {
      throw expected('bad-network', `${inputs.length} weights in average`, attributes.weights);
    }
    return requireOneShape(inputs, 'average');
  },
  macs: ({ inputs, output }) => inputs.length * sizeOf(output),
  range: ({ attributes }, inputs) => sum(inputs.map((input, i) => scaled(input, attributes.weights[i]!))),
  channels: () => ({ flow: 'tied', perChannel: {} }),
  reference: {
    forward: ({ layer, inputs }) => ({
      output: inputs[0]!.map((_, at) =>
        inputs.reduce((total, input, i) => total + layer.attributes.weights[i]! * input[at]!, 0),
      ),
    }),
    backward: ({ layer, inputs, gradient }) => ({
      inputs: inputs.map((_, i) => gradient.map((dy) => dy * layer.attributes.weights[i]!)),
      params: {},
    }),
  },
  onnx: {
    forward({ graph, layer, inputs }) {
      const terms = inputs.map((input, i) => graph.op('Mul', [input, graph.scalar(layer.attributes.weights[i]!)]));
      return { output: graph.op('Sum', terms) };
    },
    gradient: ({ graph, layer, inputs, gradient, wanted }) => ({
      inputs: inputs.map((_, i) =>
        wanted.inputs[i] ? graph.op('Mul', [gradient, graph.scalar(layer.attributes.weights[i]!)]) : undefined,
      ),
      params: {},
    }),
  },
  tfjs: ({ tf, layer, inputs }) => ({
    output: tf.addN(inputs.map((input, i) => tf.mul(input, layer.attributes.weights[i]!))),
  }),
});
