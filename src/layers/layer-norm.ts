// Layer normalisation over the channels: y = gamma * (x - mean) / sqrt(variance + epsilon) + beta.
import { z } from 'zod';
import { expected } from '../errors.ts';
import { filled, sameShape, sizeOf } from '../network/tensor.ts';
import { defineLayer, type ReferenceCall } from './layer-kind.ts';
import { anything } from './range.ts';

const settings = z.strictObject({ epsilon: z.number().positive().default(1e-5) });
type LayerNormAttributes = z.output<typeof settings>;

const names = ['gamma', 'beta'] as const;

/**
 * Every sample by itself: a vector over all its features, an image at each pixel over its channels, as in ConvNeXt.
 * The variance is the biased one; train and eval mode are the same.
 *
 * Source: Ba, Kiros and Hinton 2016, "Layer Normalization"; for images Liu et al. 2022, "A ConvNet for the 2020s".
 */
export const layerNorm = defineLayer<LayerNormAttributes, LayerNormAttributes>({
  kind: 'layerNorm',
  arity: { min: 1, max: 1 },
  attributes: settings,
  options: settings,
  params: { gamma: { trainable: true, initial: 1 }, beta: { trainable: true } },
  create: (options, [shape]) => ({
    attributes: options,
    params: { gamma: filled([shape![0]!], 1), beta: filled([shape![0]!], 0) },
  }),
  outputShape({ params, inputs }) {
    for (const name of names) {
      if (!sameShape(params[name]!.shape, [inputs[0]![0]!])) {
        throw expected('bad-network', `a layerNorm ${name} of shape [${inputs[0]![0]}]`, params[name]!.shape);
      }
    }
    return inputs[0]!;
  },
  macs: ({ output }) => sizeOf(output),
  range: () => anything,
  channels: () => ({
    flow: 'tied',
    perChannel: { gamma: 0, beta: 0 },
    uniform: 'layerNorm normalises over all channels together',
  }),

  reference: {
    forward(call) {
      const { gamma, beta } = call.params;
      const output = new Float64Array(call.inputs[0]!.length);
      forEachPixel(call, ({ channel, normalised }) => {
        normalised.forEach((value, c) => (output[channel(c)] = gamma![c]! * value + beta![c]!));
      });
      return { output };
    },

    backward(call) {
      const { gradient, params } = call;
      const dx = new Float64Array(gradient.length);
      const dGamma = new Float64Array(params.gamma!.length);
      const dBeta = new Float64Array(params.gamma!.length);
      forEachPixel(call, ({ channel, normalised, deviation }) => {
        const slopes = normalised.map((_, c) => gradient[channel(c)]! * params.gamma![c]!);
        const mean = meanOf(slopes);
        const along = meanOf(slopes.map((slope, c) => slope * normalised[c]!));
        normalised.forEach((value, c) => {
          dx[channel(c)] = (slopes[c]! - mean - value * along) / deviation;
          dGamma[c]! += gradient[channel(c)]! * value;
          dBeta[c]! += gradient[channel(c)]!;
        });
      });
      return { inputs: [dx], params: { gamma: dGamma, beta: dBeta } };
    },
  },

  onnx: {
    forward({ graph, layer, params, inputs }) {
      const [x] = inputs;
      const perChannel = (value: string): string => graph.reshape(value, channelShape(layer.output));
      const mean = (value: string): string => graph.op('ReduceMean', [value, graph.integers([1])], { keepdims: 1 });
      const centred = graph.op('Sub', [x!, mean(x!)]);
      const variance = mean(graph.op('Mul', [centred, centred]));
      const deviation = graph.op('Sqrt', [graph.op('Add', [variance, graph.scalar(layer.attributes.epsilon)])]);
      const normalised = graph.op('Div', [centred, deviation]);
      const scaled = graph.op('Mul', [normalised, perChannel(params.gamma!)]);
      return { output: graph.op('Add', [scaled, perChannel(params.beta!)]), saved: { normalised, deviation } };
    },

    gradient({ graph, layer, params, saved, gradient, wanted }) {
      const normalised = saved.normalised!;
      const multiply = (a: string, b: string): string => graph.op('Mul', [a, b]);
      const subtract = (a: string, b: string): string => graph.op('Sub', [a, b]);
      let dx: string | undefined;
      if (wanted.inputs[0]) {
        const mean = (value: string): string => graph.op('ReduceMean', [value, graph.integers([1])], { keepdims: 1 });
        const slopes = multiply(gradient, graph.reshape(params.gamma!, channelShape(layer.output)));
        const along = multiply(normalised, mean(multiply(slopes, normalised)));
        dx = graph.op('Div', [subtract(subtract(slopes, mean(slopes)), along), saved.deviation!]);
      }
      if (!wanted.params) return { inputs: [dx], params: {} };
      const perChannel = (value: string): string => graph.sum(value, summedAxes(layer.output), false);
      const gamma = perChannel(multiply(gradient, normalised));
      return { inputs: [dx], params: { gamma, beta: perChannel(gradient) } };
    },
  },

  tfjs({ tf, layer, params, inputs }) {
    const [x] = inputs;
    const centred = tf.sub(x!, tf.mean(x!, -1, true));
    const variance = tf.mean(tf.square(centred), -1, true);
    const normalised = tf.div(centred, tf.sqrt(tf.add(variance, layer.attributes.epsilon)));
    return { output: tf.add(tf.mul(normalised, params.gamma!), params.beta!) };
  },
});

function channelShape(shape: readonly number[]): number[] {
  return [1, shape[0]!, ...shape.slice(1).map(() => 1)];
}

/** All axes of [batch, ...shape] but the channels'. */
function summedAxes(shape: readonly number[]): number[] {
  return [0, ...shape.slice(1).map((_, axis) => axis + 2)];
}

interface Pixel {
  /** Where channel c lies in the batch's values. */
  readonly channel: (c: number) => number;
  readonly normalised: Float64Array;
  readonly deviation: number;
}

/** Visits every pixel of every sample; a vector has one. */
function forEachPixel(call: ReferenceCall<LayerNormAttributes>, visit: (pixel: Pixel) => void): void {
  const { layer, inputs, batch } = call;
  const channels = layer.output[0]!;
  const plane = sizeOf(layer.output.slice(1));
  for (let at = 0; at < batch * plane; at++) {
    const start = Math.floor(at / plane) * channels * plane + (at % plane);
    const channel = (c: number): number => start + c * plane;
    const values = Float64Array.from({ length: channels }, (_, c) => inputs[0]![channel(c)]!);
    const mean = meanOf(values);
    const variance = meanOf(values.map((x) => (x - mean) ** 2));
    const deviation = Math.sqrt(variance + layer.attributes.epsilon);
    visit({ channel, normalised: values.map((x) => (x - mean) / deviation), deviation });
  }
}

function meanOf(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
