// Ridge regression from accumulated sums: the coefficients of a stitch in closed form.
import { NeurostitchError } from '../../src/errors.ts';
import type { NormalEquations } from '../../src/engine/engine.ts';
import type { Coefficients } from '../stitch-types/coefficients.ts';
import { solvePositiveDefinite } from './cholesky.ts';

/** What varies by no more than this share of its mean square is constant, as far as float32 can tell. */
export const constantShare = 1e-10;

export interface RidgeFit {
  readonly coefficients: Coefficients;
  /** Whether the ridge was large enough for sums as exact as these; if not, some features were left out. */
  readonly steady: boolean;
}

/**
 * The coefficients that minimise the mean squared error plus `ridge` times the squared weights of the standardised
 * features. So the scale of a feature does not matter, the bias is not penalised, and a constant feature gets weight 0:
 * one whose deviation is under a hundred-thousandth of its size, so that rounding is never blown up to a signal. Where
 * the sums are of features less some `offset`, their size is that with the offset. `ridge` must be above 0. All results
 * are finite.
 *
 * Throws `evaluation-failed` where the sums are not finite.
 *
 * Source: Hastie, Tibshirani & Friedman, "The Elements of Statistical Learning", section 3.4.1.
 */
export function solveRidge(
  { count, inputs, outputs, xx, xy }: NormalEquations,
  ridge: number,
  offset?: ArrayLike<number>,
): RidgeFit {
  if (!xx.every(Number.isFinite) || !xy.every(Number.isFinite)) {
    throw new NeurostitchError('evaluation-failed', 'Expected finite features to fit a stitch on, got NaN or infinity');
  }
  const width = inputs + 1;
  const meanX = Float64Array.from({ length: inputs }, (_, i) => xx[i * width + inputs]! / count);
  const meanY = Float64Array.from({ length: outputs }, (_, k) => xy[inputs * outputs + k]! / count);
  const scale = Float64Array.from({ length: inputs }, (_, i) => {
    const variance = xx[i * width + i]! / count - meanX[i]! ** 2;
    const size = (meanX[i]! + (offset?.[i] ?? 0)) ** 2 + variance;
    return variance > constantShare * size ? 1 / Math.sqrt(variance) : 0;
  });

  const correlation = new Float64Array(inputs * inputs);
  const target = new Float64Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < inputs; j++) {
      const covariance = xx[i * width + j]! / count - meanX[i]! * meanX[j]!;
      correlation[i * inputs + j] = covariance * scale[i]! * scale[j]!;
    }
    correlation[i * inputs + i]! += ridge;
    for (let k = 0; k < outputs; k++) {
      target[i * outputs + k] = (xy[i * outputs + k]! / count - meanX[i]! * meanY[k]!) * scale[i]!;
    }
  }

  const { solution: weights, steady } = solvePositiveDefinite(correlation, inputs, target, outputs, ridge / 2);
  const values = new Float64Array(width * outputs);
  values.set(meanY, inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    for (let k = 0; k < outputs; k++) {
      const weight = weights[i * outputs + k]! * scale[i]!;
      values[i * outputs + k] = weight;
      values[inputs * outputs + k]! -= meanX[i]! * weight;
    }
  }
  return { coefficients: { inputs, outputs, values }, steady };
}
