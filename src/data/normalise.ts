// Brings each channel of samples to mean 0 and deviation 1, by statistics of the training part alone.
import { expected } from '../errors.ts';
import { sizeOf } from '../network/tensor.ts';
import { allocateSamples, type Samples } from './samples.ts';

/** One number for each channel (axis 0 of the samples' shape). */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  /** Standard deviation; 1 for a channel that is the same everywhere. */
  readonly deviation: readonly number[];
}

/** Measures in float64. Measure on the training part only: what validation and test look like must not leak. */
export function channelStatistics({ shape, count, inputs }: Samples): ChannelStatistics {
  const channels = shape[0]!;
  const plane = sizeOf(shape.slice(1));
  const entries = count * plane;
  const mean = new Array<number>(channels).fill(0);
  const variance = new Array<number>(channels).fill(0);
  const isConstant = new Array<boolean>(channels).fill(true);
  const channelOf = (at: number): number => Math.floor(at / plane) % channels;
  inputs.forEach((value, at) => {
    const channel = channelOf(at);
    mean[channel]! += value / entries;
    // A mean's rounding would pass for a deviation.
    isConstant[channel] &&= value === inputs[channel * plane];
  });
  inputs.forEach((value, at) => (variance[channelOf(at)]! += (value - mean[channelOf(at)]!) ** 2 / entries));
  return { mean, deviation: variance.map((own, channel) => (isConstant[channel] ? 1 : Math.sqrt(own))) };
}

/**
 * Samples of (value - mean) / deviation, in new shared memory.
 *
 * Throws `bad-argument` for statistics of other channels, and for deviations that are not above 0.
 */
export function normalise(samples: Samples, { mean, deviation }: ChannelStatistics): Samples {
  const { shape, classes, count, inputs, labels } = samples;
  for (const { length } of [mean, deviation]) {
    if (length !== shape[0]) throw expected('bad-argument', `statistics of ${shape[0]} channels`, length);
  }
  if (!deviation.every((own) => own > 0)) throw expected('bad-argument', 'deviations above 0', deviation);
  const plane = sizeOf(shape.slice(1));
  const result = allocateSamples(shape, classes, count);
  result.labels.set(labels);
  inputs.forEach((value, at) => {
    const channel = Math.floor(at / plane) % mean.length;
    result.inputs[at] = (value - mean[channel]!) / deviation[channel]!;
  });
  return result;
}
