// Ridge regression from accumulated sums: the coefficients of a stitch in closed form.
import { NeurostitchError } from '../../src/errors.ts';
import type { NormalEquations } from '../../src/engine/engine.ts';
import type { Coefficients } from '../stitch-types/coefficients.ts';
import { solvePositiveDefinite } from './cholesky.ts';

/** What varies by no more than this share of its mean square is constant, as far as float32 can tell. */
export const constantShare = 1e-10;

/** The sums of one regression, as every ridge wants them. */
export interface StandardisedSums {
  readonly inputs: number;
  readonly outputs: number;
  readonly meanX: Float64Array;
  readonly meanY: Float64Array;
  /** One over each feature's deviation, 0 for a constant feature. */
  readonly scale: Float64Array;
  /** Of the features with each other: [inputs, inputs]. */
  readonly correlation: Float64Array;
  /** Covariances of the standardised features with Y: [inputs, outputs]. */
  readonly target: Float64Array;
}

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
export function solveRidge(sums: NormalEquations, ridge: number, offset?: ArrayLike<number>): RidgeFit {
  return solveStandardised(standardised(sums, offset), ridge);
}

/** The part of `solveRidge` that is the same for all ridges. Throws as it does. */
export function standardised(
  { count, inputs, outputs, xx, xy }: NormalEquations,
  offset?: ArrayLike<number>,
): StandardisedSums {
  if (!xx.every(Number.isFinite) || !xy.every(Number.isFinite)) {
    throw new NeurostitchError('evaluation-failed', 'Expected finite features to fit a stitch on, got NaN or infinity');
  }
  const width = inputs + 1;
  const meanX = new Float64Array(inputs);
  const scale = new Float64Array(inputs);
  for (let i = 0; i < inputs; i++) {
    meanX[i] = xx[i * width + inputs]! / count;
    const variance = xx[i * width + i]! / count - meanX[i]! ** 2;
    const size = (meanX[i]! + (offset?.[i] ?? 0)) ** 2 + variance;
    scale[i] = variance > constantShare * size ? 1 / Math.sqrt(variance) : 0;
  }
  const meanY = xy.slice(inputs * outputs).map((sum) => sum / count);

  const correlation = new Float64Array(inputs * inputs);
  const target = new Float64Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < inputs; j++) {
      const covariance = xx[i * width + j]! / count - meanX[i]! * meanX[j]!;
      correlation[i * inputs + j] = covariance * scale[i]! * scale[j]!;
    }
    for (let k = 0; k < outputs; k++) {
      target[i * outputs + k] = (xy[i * outputs + k]! / count - meanX[i]! * meanY[k]!) * scale[i]!;
    }
  }
  return { inputs, outputs, meanX, meanY, scale, correlation, target };
}

/** The part of `solveRidge` that each ridge needs. */
export function solveStandardised(
  { inputs, outputs, meanX, meanY, scale, correlation, target }: StandardisedSums,
  ridge: number,
): RidgeFit {
  const held = correlation.slice();
  for (let i = 0; i < inputs; i++) held[i * inputs + i]! += ridge;
  const { solution: weights, steady } = solvePositiveDefinite(held, inputs, target, outputs, ridge / 2);
  const values = new Float64Array((inputs + 1) * outputs);
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
