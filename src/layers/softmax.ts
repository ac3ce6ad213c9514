// The softmax layer over the channels of a vector: class probabilities.
import { z } from 'zod';
import { expected } from '../errors.ts';
import { defineLayer } from './layer-kind.ts';

export const softmax = defineLayer({
  kind: 'softmax',
  arity: { min: 1, max: 1 },
  attributes: z.strictObject({}),
  options: z.strictObject({}),
  params: {},
  create: () => ({ attributes: {}, params: {} }),
  outputShape({ inputs }) {
    if (inputs[0]!.length !== 1) throw expected('bad-network', 'a vector as input of softmax', inputs[0]);
    return inputs[0]!;
  },
  macs: () => 0,
  range: () => ({ low: 0, high: 1 }),
  channels: () => ({ flow: 'locked', reason: 'softmax mixes all channels' }),

  reference: {
    forward({ layer, inputs, batch }) {
      const classes = layer.output[0]!;
      const output = new Float64Array(batch * classes);
      for (let n = 0; n < batch; n++) {
        const row = inputs[0]!.subarray(n * classes, (n + 1) * classes);
        const highest = row.reduce((high, x) => Math.max(high, x), -Infinity);
        const powers = row.map((x) => Math.exp(x - highest));
        const total = powers.reduce((sum, power) => sum + power, 0);
        output.set(
          powers.map((power) => power / total),
          n * classes,
        );
      }
      return { output };
    },
    backward({ layer, output, batch, gradient }) {
      const classes = layer.output[0]!;
      const dx = new Float64Array(gradient.length);
      for (let at = 0; at < batch * classes; at += classes) {
        let mean = 0;
        for (let c = at; c < at + classes; c++) mean += output[c]! * gradient[c]!;
        for (let c = at; c < at + classes; c++) dx[c] = output[c]! * (gradient[c]! - mean);
      }
      return { inputs: [dx], params: {} };
    },
  },

  onnx: {
    forward: ({ graph, inputs }) => ({ output: graph.op('Softmax', inputs, { axis: -1 }) }),
    gradient({ graph, output, gradient }) {
      const mean = graph.sum(graph.op('Mul', [output, gradient]), [-1], true);
      return { inputs: [graph.op('Mul', [output, graph.op('Sub', [gradient, mean])])], params: {} };
    },
  },

  tfjs: ({ tf, inputs }) => ({ output: tf.softmax(inputs[0]!) }),
});
