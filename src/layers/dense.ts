// The dense (fully connected) layer: y = x W + b, with W of shape [in, out].
import { z } from 'zod';
import { expected } from '../errors.ts';
import type { Attributes } from '../network/network.ts';
import { filled, tensor, type Shape } from '../network/tensor.ts';
import { heNormalChannel, initializerOption, initialWeights } from './initializers.ts';
import { defineLayer } from './layer-kind.ts';
import { rangeOfWeights } from './range.ts';

const options = z.strictObject({
  units: z.int().positive(),
  bias: z.boolean().default(true),
  initializer: initializerOption,
});

export const dense = defineLayer<Attributes, z.output<typeof options>>({
  kind: 'dense',
  arity: { min: 1, max: 1 },
  attributes: z.strictObject({}),
  options,
  params: {
    weight: { trainable: true, decays: true, newChannel: heNormalChannel },
    bias: { trainable: true, optional: true },
  },

  create({ units, bias, initializer }, inputs, rng) {
    const features = featuresOf(inputs[0]!);
    const weight = initialWeights(initializer, [features, units], { fanIn: features, fanOut: units }, rng);
    return { attributes: {}, params: bias ? { weight, bias: filled([units], 0) } : { weight } };
  },

  outputShape({ params, inputs }) {
    const features = featuresOf(inputs[0]!);
    const { shape } = params.weight!;
    if (shape.length !== 2 || shape[0] !== features) {
      throw expected('bad-network', `a dense weight of shape [${features}, units]`, shape);
    }
    const units = shape[1]!;
    if (params.bias && (params.bias.shape.length !== 1 || params.bias.shape[0] !== units)) {
      throw expected('bad-network', `a dense bias of shape [${units}]`, params.bias.shape);
    }
    return [units];
  },

  macs: ({ inputs, output }) => inputs[0]![0]! * output[0]!,
  range: ({ params }) => rangeOfWeights(params),
  channels: () => ({ flow: 'own', producer: { weight: 1, bias: 0 }, consumer: { weight: 0 } }),
  identity: {
    fits: (shape, kernel) => shape.length === 1 && kernel === 1,
    create([features]) {
      const data = new Float32Array(features! ** 2);
      for (let i = 0; i < features!; i++) data[i * features! + i] = 1;
      return { attributes: {}, params: { weight: tensor([features!, features!], data), bias: filled([features!], 0) } };
    },
  },
  mixing: ({ channels, initializer }) => ({ units: channels, bias: true, initializer }),

  reference: {
    forward({ layer, params, inputs, batch }) {
      const features = layer.inputs[0]![0]!;
      const units = layer.output[0]!;
      const [x] = inputs;
      const { weight, bias } = params;
      const output = new Float64Array(batch * units);
      for (let n = 0; n < batch; n++) {
        for (let o = 0; o < units; o++) {
          let total = bias ? bias[o]! : 0;
          for (let i = 0; i < features; i++) total += x![n * features + i]! * weight![i * units + o]!;
          output[n * units + o] = total;
        }
      }
      return { output };
    },

    backward({ layer, params, inputs, batch, gradient }) {
      const features = layer.inputs[0]![0]!;
      const units = layer.output[0]!;
      const [x] = inputs;
      const weight = params.weight!;
      const dx = new Float64Array(batch * features);
      const dWeight = new Float64Array(features * units);
      const dBias = new Float64Array(units);
      for (let n = 0; n < batch; n++) {
        for (let o = 0; o < units; o++) {
          const dy = gradient[n * units + o]!;
          dBias[o]! += dy;
          for (let i = 0; i < features; i++) {
            dx[n * features + i]! += dy * weight[i * units + o]!;
            dWeight[i * units + o]! += dy * x![n * features + i]!;
          }
        }
      }
      return { inputs: [dx], params: params.bias ? { weight: dWeight, bias: dBias } : { weight: dWeight } };
    },
  },

  onnx: {
    forward({ graph, params, inputs }) {
      const operands = [inputs[0]!, params.weight!, ...(params.bias ? [params.bias] : [])];
      return { output: graph.op('Gemm', operands) };
    },

    gradient({ graph, params, inputs, gradient, wanted }) {
      return {
        inputs: [wanted.inputs[0] ? graph.op('Gemm', [gradient, params.weight!], { transB: 1 }) : undefined],
        params: wanted.params
          ? {
              weight: graph.op('Gemm', [inputs[0]!, gradient], { transA: 1 }),
              ...(params.bias && { bias: graph.sum(gradient, [0], false) }),
            }
          : {},
      };
    },
  },

  tfjs({ tf, params, inputs }) {
    const product = tf.matMul(inputs[0]!, params.weight!);
    return { output: params.bias ? tf.add(product, params.bias) : product };
  },
});

function featuresOf(shape: Shape): number {
  if (shape.length !== 1) throw expected('bad-network', 'a vector as input of dense (flatten images first)', shape);
  return shape[0]!;
}
