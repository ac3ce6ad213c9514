// The flatten layer: an image [channels, height, width] becomes a vector, channel after channel.
import { z } from 'zod';
import { channelsFirst } from '../engine/tfjs/channels-last.ts';
import { sizeOf } from '../network/tensor.ts';
import { defineLayer } from './layer-kind.ts';

export const flatten = defineLayer({
  kind: 'flatten',
  arity: { min: 1, max: 1 },
  attributes: z.strictObject({}),
  options: z.strictObject({}),
  params: {},
  create: () => ({ attributes: {}, params: {} }),
  outputShape: ({ inputs }) => [sizeOf(inputs[0]!)],
  macs: () => 0,
  range: (_, [input]) => input!,
  channels: ({ inputs }) => ({ flow: 'spread', inputs: 1, outputs: sizeOf(inputs[0]!.slice(1)), perChannel: {} }),
  reference: {
    forward: ({ inputs }) => ({ output: inputs[0]! }),
    backward: ({ gradient }) => ({ inputs: [gradient], params: {} }),
  },
  onnx: {
    forward: ({ graph, layer, inputs }) => ({ output: graph.reshape(inputs[0]!, [-1, layer.output[0]!]) }),
    gradient: ({ graph, layer, gradient }) => ({
      inputs: [graph.reshape(gradient, [-1, ...layer.inputs[0]!])],
      params: {},
    }),
  },
  tfjs: ({ tf, layer, inputs, batch }) => ({
    output: tf.reshape(channelsFirst(tf, inputs[0]!), [batch, layer.output[0]!]),
  }),
});
