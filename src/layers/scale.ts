// The scale layer: y = factor * x with one learned scalar, a gate that can open a branch gradually.
import { z } from 'zod';
import { expected } from '../errors.ts';
import type { Attributes } from '../network/network.ts';
import { filled, sameShape, sizeOf } from '../network/tensor.ts';
import { dotProduct } from './dot-product.ts';
import { defineLayer } from './layer-kind.ts';
import { scaled } from './range.ts';

/** Source: Bachlechner et al. 2020, "ReZero is All You Need", where the factor of a residual branch starts at 0. */
export const scale = defineLayer<Attributes, { initial: number }>({
  kind: 'scale',
  arity: { min: 1, max: 1 },
  attributes: z.strictObject({}),
  options: z.strictObject({ initial: z.number().default(1) }),
  params: { factor: { trainable: true, initial: 1 } },
  create: ({ initial }) => ({ attributes: {}, params: { factor: filled([1], initial) } }),
  outputShape({ params, inputs }) {
    if (!sameShape(params.factor!.shape, [1])) {
      throw expected('bad-network', 'a scale factor of shape [1]', params.factor!.shape);
    }
    return inputs[0]!;
  },
  macs: ({ output }) => sizeOf(output),
  range: ({ params }, [input]) => scaled(input!, params.factor!.data[0]!),
  channels: () => ({ flow: 'tied', perChannel: {} }),

  reference: {
    forward: ({ params, inputs }) => ({ output: inputs[0]!.map((x) => params.factor![0]! * x) }),
    backward({ params, inputs, gradient }) {
      const slope = gradient.reduce((total, dy, i) => total + dy * inputs[0]![i]!, 0);
      return { inputs: [gradient.map((dy) => params.factor![0]! * dy)], params: { factor: Float64Array.of(slope) } };
    },
  },

  onnx: {
    forward: ({ graph, params, inputs }) => ({ output: graph.op('Mul', [inputs[0]!, params.factor!]) }),
    gradient: ({ graph, params, inputs, gradient, wanted }) => ({
      inputs: [wanted.inputs[0] ? graph.op('Mul', [gradient, params.factor!]) : undefined],
      params: wanted.params ? { factor: dotProduct(graph, gradient, inputs[0]!) } : {},
    }),
  },

  tfjs: ({ tf, params, inputs }) => ({ output: tf.mul(inputs[0]!, params.factor!) }),
});
