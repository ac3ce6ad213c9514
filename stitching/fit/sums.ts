// Adds up regression sums over batches, and reads a fit's error from them.
import type { NormalEquations } from '../../src/engine/engine.ts';
import type { Coefficients } from '../stitch-types/coefficients.ts';
import { constantShare } from './ridge.ts';

/** The sums over both sets of positions. */
export function addSums(one: NormalEquations, other: NormalEquations): NormalEquations {
  const added = (a: Float64Array, b: Float64Array): Float64Array => {
    const total = a.slice();
    for (let at = 0; at < total.length; at++) total[at]! += b[at]!;
    return total;
  };
  return {
    ...one,
    count: one.count + other.count,
    xx: added(one.xx, other.xx),
    xy: added(one.xy, other.xy),
    yy: added(one.yy, other.yy),
  };
}

/** The sums for at most `limit` of Y's channels, evenly spread. */
export function someOutputs(sums: NormalEquations, limit: number): NormalEquations {
  const { inputs, outputs, xy, yy } = sums;
  if (outputs <= limit) return sums;
  const chosen = Array.from({ length: limit }, (_, k) => Math.floor((k * outputs) / limit));
  const picked = new Float64Array((inputs + 1) * limit);
  for (let i = 0; i <= inputs; i++) chosen.forEach((from, k) => (picked[i * limit + k] = xy[i * outputs + from]!));
  return { ...sums, outputs: limit, xy: picked, yy: Float64Array.from(chosen, (from) => yy[from]!) };
}

/**
 * Sum over positions and channels of the squared errors, Y'Y - 2 W'X'Y + W'X'X W: no second look at the data. Of the
 * symmetric X'X the half below the diagonal is read.
 */
export function squaredError({ inputs, outputs, xx, xy, yy }: NormalEquations, { values }: Coefficients): number {
  const width = inputs + 1;
  const product = new Float64Array(outputs);
  let total = yy.reduce((sum, value) => sum + value, 0);
  for (let i = 0; i < width; i++) {
    product.fill(0);
    for (let j = 0; j <= i; j++) {
      const factor = xx[i * width + j]! * (j < i ? 2 : 1);
      const row = j * outputs;
      for (let k = 0; k < outputs; k++) product[k]! += factor * values[row + k]!;
    }
    const row = i * outputs;
    for (let k = 0; k < outputs; k++) total += values[row + k]! * (product[k]! - 2 * xy[row + k]!);
  }
  // Rounding can take a perfect fit below zero.
  return Math.max(total, 0);
}

/**
 * The share of Y's variance that the coefficients explain, all channels together: 1 is perfect, 0 no better than the
 * mean. Y that does not vary, as far as float32 can tell, is either met (1) or not (0). Where the sums are of Y less
 * some `offset`, its size is that with the offset.
 */
export function explainedShare(sums: NormalEquations, coefficients: Coefficients, offset?: ArrayLike<number>): number {
  const { count, inputs, outputs, xy, yy } = sums;
  let squares = 0;
  let variation = 0;
  for (let k = 0; k < outputs; k++) {
    const mean = xy[inputs * outputs + k]! / count;
    const varied = yy[k]! - count * mean ** 2;
    squares += count * (mean + (offset?.[k] ?? 0)) ** 2 + varied;
    variation += varied;
  }
  const error = squaredError(sums, coefficients);
  const negligible = constantShare * squares;
  if (variation > negligible) return 1 - error / variation;
  return error <= negligible ? 1 : 0;
}
