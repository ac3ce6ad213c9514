// The dropout layer: in train mode it sets values to zero at random and scales the others up; else it does nothing.
import { z } from 'zod';
import { expected, Words } from '../errors.ts';
import { sizeOf } from '../network/tensor.ts';
import { defineLayer } from './layer-kind.ts';
import { hull, scaled } from './range.ts';

const settings = z.strictObject({ rate: z.number().min(0).lt(1) });
type DropoutAttributes = z.output<typeof settings>;

/**
 * Inverted dropout: what stays is divided by 1 - rate, so the mean is kept and eval mode is the identity.
 *
 * Source: Srivastava et al. 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", section 10.
 */
export const dropout = defineLayer<DropoutAttributes, DropoutAttributes>({
  kind: 'dropout',
  arity: { min: 1, max: 1 },
  attributes: settings,
  options: settings,
  params: {},
  create: (options) => ({ attributes: options, params: {} }),
  outputShape: ({ inputs }) => inputs[0]!,
  macs: () => 0,
  range: ({ attributes }, [input]) => hull([{ low: 0, high: 0 }, scaled(input!, 1 / (1 - attributes.rate))]),
  channels: () => ({ flow: 'tied', perChannel: {} }),

  /**
   * The factor of each value. Drawn feature by feature, and within one sample by sample: a layer that has grown by
   * channels at its end keeps the factors of its old ones.
   */
  noise({ attributes: { rate }, output }, batch, rng) {
    const features = sizeOf(output);
    const factors = new Float32Array(batch * features);
    for (let feature = 0; feature < features; feature++) {
      for (let n = 0; n < batch; n++) factors[n * features + feature] = rng.float() < rate ? 0 : 1 / (1 - rate);
    }
    return factors;
  },

  reference: {
    forward({ inputs, mode, noise }) {
      if (mode === 'eval') return { output: inputs[0]! };
      const factors = drawn(noise);
      return { output: inputs[0]!.map((x, i) => x * factors[i]!) };
    },
    backward({ mode, noise, gradient }) {
      if (mode === 'eval') return { inputs: [gradient], params: {} };
      const factors = drawn(noise);
      return { inputs: [gradient.map((dy, i) => dy * factors[i]!)], params: {} };
    },
  },

  onnx: {
    forward: ({ graph, inputs, mode, noise }) => ({
      output: mode === 'eval' ? inputs[0]! : graph.op('Mul', [inputs[0]!, drawn(noise)]),
    }),
    gradient: ({ graph, mode, noise, gradient }) => ({
      inputs: [mode === 'eval' ? gradient : graph.op('Mul', [gradient, drawn(noise)])],
      params: {},
    }),
  },

  tfjs: ({ tf, inputs, mode, noise }) => ({
    output: mode === 'eval' ? inputs[0]! : tf.mul(inputs[0]!, drawn(noise)),
  }),
});

function drawn<T>(noise: T | undefined): T {
  if (noise === undefined) throw expected('bad-argument', 'noise for dropout in train mode', new Words('none'));
  return noise;
}
