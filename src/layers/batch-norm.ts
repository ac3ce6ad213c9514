// Batch normalisation over each channel: y = gamma * (x - mean) / sqrt(variance + epsilon) + beta.
import { z } from 'zod';
import { expected } from '../errors.ts';
import { filled, sameShape, sizeOf, type Shape } from '../network/tensor.ts';
import { defineLayer, type LayerInstance, type ReferenceCall } from './layer-kind.ts';
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
    gamma: { trainable: true, newChannel: (count) => filled([count], 1).data },
    beta: { trainable: true },
    mean: { trainable: false },
    // A new channel's variance is not known without data. Its random weights are drawn like those of the old channels
    // once were, so the mean of theirs puts its output near unit scale until training has measured its own.
    variance: {
      trainable: false,
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
      const { epsilon, momentum } = layer.attributes;
      const perChannel = (value: string): string => graph.reshape(value, channelShape(layer.output));
      const add = (a: string, b: string): string => graph.op('Add', [a, b]);
      const multiply = (a: string, b: string): string => graph.op('Mul', [a, b]);
      const evaluating = mode === 'eval' || batch === undefined;
      const axes = graph.integers(summedAxes(layer.output));
      const average = (value: string): string => graph.op('ReduceMean', [value, axes], { keepdims: 1 });
      const mean = evaluating ? perChannel(params.mean!) : average(x!);
      const centred = graph.op('Sub', [x!, mean]);
      const variance = evaluating ? perChannel(params.variance!) : average(multiply(centred, centred));
      const deviation = graph.op('Sqrt', [add(variance, graph.scalar(epsilon))]);
      const normalised = graph.op('Div', [centred, deviation]);
      const output = add(multiply(normalised, perChannel(params.gamma!)), perChannel(params.beta!));
      const saved = { normalised, deviation };
      if (evaluating) return { output, saved };
      const count = (batch * sizeOf(layer.output)) / layer.output[0]!;
      const moved = (old: string, now: string, factor: number): string =>
        add(
          multiply(old, graph.scalar(1 - momentum)),
          multiply(graph.reshape(now, [-1]), graph.scalar(momentum * factor)),
        );
      return {
        output,
        saved,
        statistics: {
          mean: moved(params.mean!, mean, 1),
          variance: moved(params.variance!, variance, count > 1 ? count / (count - 1) : 1),
        },
      };
    },

    gradient({ graph, layer, params, batch, mode, saved, gradient, wanted }) {
      const axes = summedAxes(layer.output);
      const count = (batch * sizeOf(layer.output)) / layer.output[0]!;
      const perChannel = (value: string): string => graph.reshape(value, channelShape(layer.output));
      const multiply = (a: string, b: string): string => graph.op('Mul', [a, b]);
      const dBeta = graph.sum(gradient, axes, false);
      const dGamma = graph.sum(multiply(gradient, saved.normalised!), axes, false);
      let dx: string | undefined;
      if (wanted.inputs[0]) {
        let centred = gradient;
        if (mode === 'train') {
          const share = (value: string): string => perChannel(multiply(value, graph.scalar(1 / count)));
          centred = graph.op('Sub', [gradient, share(dBeta)]);
          centred = graph.op('Sub', [centred, multiply(saved.normalised!, share(dGamma))]);
        }
        dx = multiply(centred, graph.op('Div', [perChannel(params.gamma!), saved.deviation!]));
      }
      return { inputs: [dx], params: wanted.params ? { gamma: dGamma, beta: dBeta } : {} };
    },
  },
});

function planes({ output }: LayerInstance<BatchNormAttributes>): { channels: number; plane: number } {
  return { channels: output[0]!, plane: sizeOf(output.slice(1)) };
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
