// The add layer: the element-wise sum of two or more tensors of one shape.
import { z } from 'zod';
import { defineLayer } from './layer-kind.ts';
import { sum } from './range.ts';
import { requireOneShape } from './same-shape.ts';

export const add = defineLayer({
  kind: 'add',
  arity: { min: 2, max: Infinity },
  attributes: z.strictObject({}),
  options: z.strictObject({}),
  params: {},
  create: () => ({ attributes: {}, params: {} }),
  outputShape: ({ inputs }) => requireOneShape(inputs, 'add'),
  macs: () => 0,
  range: (_, inputs) => sum(inputs),
  channels: () => ({ flow: 'tied', perChannel: {} }),
  reference: {
    forward: ({ inputs }) => ({
      output: inputs[0]!.map((_, i) => inputs.reduce((total, input) => total + input[i]!, 0)),
    }),
    backward: ({ inputs, gradient }) => ({ inputs: inputs.map(() => gradient), params: {} }),
  },
  onnx: {
    forward: ({ graph, inputs }) => ({ output: graph.op(inputs.length === 2 ? 'Add' : 'Sum', inputs) }),
    gradient: ({ inputs, gradient }) => ({ inputs: inputs.map(() => gradient), params: {} }),
  },
  tfjs: ({ tf, inputs }) => ({ output: tf.addN([...inputs]) }),
});
