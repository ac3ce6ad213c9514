// The reshape layer: a vector becomes an image [channels, height, width], channel after channel; flatten is its inverse.
import { z } from 'zod';
import { channelsLast } from '../engine/tfjs/channels-last.ts';
import { expected } from '../errors.ts';
import { sizeOf } from '../network/tensor.ts';
import { defineLayer } from './layer-kind.ts';

const attributes = z.strictObject({
  /** Height and width; their product divides the number of features. */
  size: z.tuple([z.int().positive(), z.int().positive()]),
});

export const reshape = defineLayer<z.output<typeof attributes>, z.output<typeof attributes>>({
  kind: 'reshape',
  arity: { min: 1, max: 1 },
  attributes,
  options: attributes,
  params: {},
  create: (options) => ({ attributes: options, params: {} }),

  outputShape({ attributes: { size }, inputs }) {
    const [vector] = inputs;
    const pixels = sizeOf(size);
    if (vector!.length !== 1 || vector![0]! % pixels !== 0) {
      throw expected('bad-network', `a vector of a multiple of ${pixels} features as input of reshape`, vector);
    }
    return [vector![0]! / pixels, ...size];
  },

  macs: () => 0,
  range: (_, [input]) => input!,
  channels: ({ attributes: { size } }) => ({ flow: 'spread', inputs: sizeOf(size), outputs: 1, perChannel: {} }),
  reference: {
    forward: ({ inputs }) => ({ output: inputs[0]! }),
    backward: ({ gradient }) => ({ inputs: [gradient], params: {} }),
  },
  onnx: {
    forward: ({ graph, layer, inputs }) => ({ output: graph.reshape(inputs[0]!, [-1, ...layer.output]) }),
    gradient: ({ graph, layer, gradient }) => ({
      inputs: [graph.reshape(gradient, [-1, layer.inputs[0]![0]!])],
      params: {},
    }),
  },
  tfjs: ({ tf, layer, inputs, batch }) => ({
    output: channelsLast(tf, tf.reshape(inputs[0]!, [batch, ...layer.output])),
  }),
});
