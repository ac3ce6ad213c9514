// Batch normalisation over each channel: y = gamma * (x - mean) / sqrt(variance + epsilon) + beta.
import { z } from 'zod';
import type { TfjsTensor } from '../engine/tfjs/tfjs.ts';
import { float, type OnnxGraph, type OnnxValue } from '../engine/onnx/onnx-graph.ts';
import { expected } from '../errors.ts';
import { filled, sameShape, sizeOf, type Shape } from '../network/tensor.ts';
import { defineLayer, type LayerInstance, type OnnxCall, type ReferenceCall } from './layer-kind.ts';
import { anything } from './range.ts';

const settings = z.strictObject({
  epsilon: z.number().positive().default(1e-5),
  momentum: z.number().min(0).max(1).default(0.1),
});
type BatchNormAttributes = z.output<typeof settings>;

const names = ['gamma', 'beta', 'mean', 'variance'] as const;

/**
 * Source: Ioffe and Szegedy 2015, algorithms 1 and 2. In train mode the batch's own mean and (biased) variance are
 * used, and the running ones move towards them by `momentum`; the running variance takes the unbiased estimate.
 */
export const batchNorm = defineLayer<BatchNormAttributes, BatchNormAttributes>({
  kind: 'batchNorm',
  arity: { min: 1, max: 1 },
  attributes: settings,
  options: settings,
  params: {
    gamma: { trainable: true, initial: 1, newChannel: (count) => filled([count], 1).data },
    beta: { trainable: true },
    mean: { trainable: false },
    // A new channel's variance is not known without data. Its random weights are drawn like those of the old channels
    // once were, so the mean of theirs puts its output near unit scale until training has measured its own.
    variance: {
      trainable: false,
      initial: 1,
      newChannel: (count, old) => filled([count], old.data.reduce((total, x) => total + x, 0) / old.data.length).data,
    },
  },
  create(options, [shape]) {
    const channels = [shape![0]!];
    return {
      attributes: options,
      params: {
        gamma: filled(channels, 1),
        beta: filled(channels, 0),
        mean: filled(channels, 0),
        variance: filled(channels, 1),
      },
    };
  },
  outputShape({ params, inputs }) {
    for (const name of names) {
      if (!sameShape(params[name]!.shape, [inputs[0]![0]!])) {
        throw expected('bad-network', `a batchNorm ${name} of shape [${inputs[0]![0]}]`, params[name]!.shape);
      }
    }
    return inputs[0]!;
  },
  macs: ({ output }) => sizeOf(output),
  range: () => anything,
  channels: () => ({ flow: 'tied', perChannel: { gamma: 0, beta: 0, mean: 0, variance: 0 } }),

  reference: {
    forward(call) {
      const { gamma, beta } = call.params;
      const { channels, plane } = planes(call.layer);
      const { mean, variance, count } = statistics(call);
      const output = call.inputs[0]!.map((x, i) => {
        const c = Math.floor(i / plane) % channels;
        return gamma![c]! * ((x - mean[c]!) / Math.sqrt(variance[c]! + call.layer.attributes.epsilon)) + beta![c]!;
      });
      if (call.mode === 'eval') return { output };
      const { momentum } = call.layer.attributes;
      const unbiased = count > 1 ? count / (count - 1) : 1;
      return {
        output,
        statistics: {
          mean: mean.map((now, c) => (1 - momentum) * call.params.mean![c]! + momentum * now),
          variance: variance.map((now, c) => (1 - momentum) * call.params.variance![c]! + momentum * now * unbiased),
        },
      };
    },

    backward(call) {
      const { channels, plane } = planes(call.layer);
      const { mean, variance, count } = statistics(call);
      const gamma = call.params.gamma!;
      const deviation = variance.map((value) => Math.sqrt(value + call.layer.attributes.epsilon));
      const channelOf = (i: number): number => Math.floor(i / plane) % channels;
      const normalised = call.inputs[0]!.map((x, i) => (x - mean[channelOf(i)]!) / deviation[channelOf(i)]!);
      const dGamma = new Float64Array(channels);
      const dBeta = new Float64Array(channels);
      call.gradient.forEach((dy, i) => {
        dGamma[channelOf(i)]! += dy * normalised[i]!;
        dBeta[channelOf(i)]! += dy;
      });
      const dx = call.gradient.map((dy, i) => {
        const c = channelOf(i);
        const centred = call.mode === 'eval' ? dy : dy - dBeta[c]! / count - (normalised[i]! * dGamma[c]!) / count;
        return (gamma[c]! * centred) / deviation[c]!;
      });
      return { inputs: [dx], params: { gamma: dGamma, beta: dBeta } };
    },
  },

  onnx: {
    forward({ graph, layer, params, inputs, batch, mode }) {
      const [x] = inputs;
      const { momentum } = layer.attributes;
      if (mode === 'eval' || batch === undefined) {
        return { output: normalise(graph, layer, params, x!, params.mean!, params.variance!) };
      }
      const axes = graph.integers(summedAxes(layer.output));
      const average = (value: OnnxValue): OnnxValue => graph.op('ReduceMean', [value, axes], { keepdims: 0 });
      const mean = average(x!);
      const centred = subtract(graph, layer, x!, mean);
      const variance = average(graph.op('Mul', [centred, centred]));
      const count = (batch * sizeOf(layer.output)) / layer.output[0]!;
      const moved = (old: OnnxValue, now: OnnxValue, factor: number): OnnxValue =>
        graph.op('Add', [
          graph.op('Mul', [old, graph.scalar(1 - momentum)]),
          graph.op('Mul', [now, graph.scalar(momentum * factor)]),
        ]);
      return {
        output: normalise(graph, layer, params, centred, perChannel(graph, layer, 0), variance),
        saved: { centred, variance },
        statistics: {
          mean: moved(params.mean!, mean, 1),
          variance: moved(params.variance!, variance, count > 1 ? count / (count - 1) : 1),
        },
      };
    },

    gradient({ graph, layer, params, inputs, batch, mode, saved, gradient, wanted }) {
      const axes = summedAxes(layer.output);
      const op = (type: string, ...operands: OnnxValue[]): OnnxValue => graph.op(type, operands);
      const variance = mode === 'eval' ? params.variance! : saved.variance!;
      const deviation = op('Sqrt', op('Add', variance, graph.scalar(layer.attributes.epsilon)));
      const scaled = (slope: OnnxValue): OnnxValue =>
        op('Mul', slope, graph.reshape(op('Div', params.gamma!, deviation), channelShape(layer.output)));
      const byParams = (centred: OnnxValue): { gamma: OnnxValue; beta: OnnxValue } => ({
        gamma: op('Div', graph.sum(op('Mul', gradient, centred), axes, false), deviation),
        beta: graph.sum(gradient, axes, false),
      });
      if (mode === 'eval') {
        // Frozen while others train, it is one factor for each channel.
        const own = wanted.params ? byParams(subtract(graph, layer, inputs[0]!, params.mean!)) : {};
        return { inputs: [scaled(gradient)], params: own };
      }
      const centred = saved.centred!;
      const { gamma, beta } = byParams(centred);
      if (!wanted.inputs[0]) return { inputs: [undefined], params: { gamma, beta } };
      // What the mean and the deviation of the batch take back: (beta + normalised * gamma) / count.
      const share = graph.scalar(layer.output[0]! / sizeOf(layer.output) / batch);
      const [scale, shift] = [op('Mul', op('Div', gamma, deviation), share), op('Mul', beta, share)];
      const still = [perChannel(graph, layer, 0), perChannel(graph, layer, 1)];
      const taken = graph.op('BatchNormalization', [centred, scale, shift, ...still], { epsilon: float(0) });
      return { inputs: [scaled(op('Sub', gradient, taken))], params: { gamma, beta } };
    },
  },

  tfjs({ tf, layer, params, inputs, batch, mode }) {
    const [x] = inputs;
    const { epsilon, momentum } = layer.attributes;
    // All axes but the last.
    const axes = layer.output.map((_, axis) => axis);
    const mean = mode === 'eval' ? params.mean! : tf.mean(x!, axes);
    const centred = tf.sub(x!, mean);
    const variance = mode === 'eval' ? params.variance! : tf.mean(tf.square(centred), axes);
    const normalised = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
    const output = tf.add(tf.mul(normalised, params.gamma!), params.beta!);
    if (mode === 'eval') return { output };
    const count = batch * planes(layer).plane;
    const moved = (old: TfjsTensor, now: TfjsTensor, factor: number): TfjsTensor =>
      tf.add(tf.mul(old, 1 - momentum), tf.mul(now, momentum * factor));
    return {
      output,
      statistics: {
        mean: moved(params.mean!, mean, 1),
        variance: moved(params.variance!, variance, count > 1 ? count / (count - 1) : 1),
      },
    };
  },
});

function planes({ output }: LayerInstance<BatchNormAttributes>): { channels: number; plane: number } {
  return { channels: output[0]!, plane: sizeOf(output.slice(1)) };
}

/** Gamma and beta applied in one pass over the values. */
function normalise(
  graph: OnnxGraph,
  { attributes }: LayerInstance<BatchNormAttributes>,
  { gamma, beta }: OnnxCall['params'],
  value: OnnxValue,
  mean: OnnxValue,
  variance: OnnxValue,
): OnnxValue {
  const settings = { epsilon: float(attributes.epsilon) };
  return graph.op('BatchNormalization', [value, gamma!, beta!, mean, variance], settings);
}

function subtract(
  graph: OnnxGraph,
  { output }: LayerInstance<BatchNormAttributes>,
  value: OnnxValue,
  mean: OnnxValue,
): OnnxValue {
  return graph.op('Sub', [value, graph.reshape(mean, channelShape(output))]);
}

/** The same constant for each channel. */
function perChannel(graph: OnnxGraph, { output }: LayerInstance<BatchNormAttributes>, value: number): OnnxValue {
  return graph.constant([output[0]!], new Float32Array(output[0]!).fill(value));
}

/** The axes of [batch, ...shape] that a channel's statistics run over. */
function summedAxes(shape: Shape): number[] {
  return [0, ...shape.slice(1).map((_, axis) => axis + 2)];
}

function channelShape(shape: Shape): number[] {
  return [1, shape[0]!, ...shape.slice(1).map(() => 1)];
}

function statistics({ layer, params, inputs, batch, mode }: ReferenceCall<BatchNormAttributes>): {
  mean: Float64Array;
  variance: Float64Array;
  count: number;
} {
  const { channels, plane } = planes(layer);
  const count = batch * plane;
  if (mode === 'eval') return { mean: params.mean!, variance: params.variance!, count };
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  const channelOf = (i: number): number => Math.floor(i / plane) % channels;
  inputs[0]!.forEach((x, i) => (mean[channelOf(i)]! += x / count));
  inputs[0]!.forEach((x, i) => (variance[channelOf(i)]! += (x - mean[channelOf(i)]!) ** 2 / count));
  return { mean, variance, count };
}
