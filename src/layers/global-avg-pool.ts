// Global average pooling: an image [channels, height, width] becomes one mean per channel.
import { z } from 'zod';
import { sizeOf } from '../network/tensor.ts';
import { requireImage } from './convolution-geometry.ts';
import { defineLayer } from './layer-kind.ts';

export const globalAvgPool = defineLayer({
  kind: 'globalAvgPool',
  arity: { min: 1, max: 1 },
  attributes: z.strictObject({}),
  options: z.strictObject({}),
  params: {},
  create: () => ({ attributes: {}, params: {} }),
  outputShape({ inputs }) {
    requireImage(inputs[0]!, 'globalAvgPool');
    return [inputs[0]![0]!];
  },
  macs: () => 0,
  range: (_, [input]) => input!,
  channels: () => ({ flow: 'tied', perChannel: {} }),

  reference: {
    forward({ layer, inputs, batch }) {
      const plane = sizeOf(layer.inputs[0]!.slice(1));
      const output = new Float64Array(batch * layer.output[0]!);
      for (let at = 0; at < output.length; at++) {
        let total = 0;
        for (let p = 0; p < plane; p++) total += inputs[0]![at * plane + p]!;
        output[at] = total / plane;
      }
      return { output };
    },
    backward({ layer, inputs, gradient }) {
      const plane = sizeOf(layer.inputs[0]!.slice(1));
      return { inputs: [inputs[0]!.map((_, i) => gradient[Math.floor(i / plane)]! / plane)], params: {} };
    },
  },

  onnx: {
    forward: ({ graph, layer, inputs }) => ({
      output: graph.reshape(graph.op('GlobalAveragePool', inputs), [-1, layer.output[0]!]),
    }),
    gradient({ graph, layer, batch, gradient }) {
      const [channels, height, width] = layer.inputs[0] as [number, number, number];
      const share = graph.op('Mul', [gradient, graph.scalar(1 / (height * width))]);
      const shape = graph.integers([batch, channels, height, width]);
      return { inputs: [graph.op('Expand', [graph.reshape(share, [batch, channels, 1, 1]), shape])], params: {} };
    },
  },

  tfjs: ({ tf, inputs }) => ({ output: tf.mean(inputs[0]!, [1, 2]) }),
});
