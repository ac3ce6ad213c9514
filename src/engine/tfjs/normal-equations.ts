// The sums of a linear regression between two nodes' values by TensorFlow.js.
import type { NormalEquations } from '../engine.ts';
import type { Tfjs, TfjsTensor } from './tfjs.ts';

export interface RegressionSums {
  readonly count: number;
  readonly xx: TfjsTensor;
  readonly xy: TfjsTensor;
  readonly yy: TfjsTensor;
}

/** For values [batch, ...pixels, channels]: every sample, or every pixel of it, is one position. */
export function regressionSums(tf: Tfjs, from: TfjsTensor, to: TfjsTensor): RegressionSums {
  const rows = (value: TfjsTensor): TfjsTensor => tf.reshape(value, [-1, value.shape.at(-1)!]);
  const [features, y] = [rows(from), rows(to)];
  const count = y.shape[0];
  const x = tf.concat([features, tf.ones([count, 1])], 1);
  const yy = tf.sum(tf.square(y), 0);
  return { count, xx: tf.matMul(x, x, true), xy: tf.matMul(x, y, true), yy };
}

export async function readRegressionSums({ count, xx, xy, yy }: RegressionSums): Promise<NormalEquations> {
  const read = async (value: TfjsTensor): Promise<Float64Array> => Float64Array.from(await value.data());
  const [inputs, outputs] = [xx.shape[0] - 1, yy.size];
  return { count, inputs, outputs, xx: await read(xx), xy: await read(xy), yy: await read(yy) };
}
