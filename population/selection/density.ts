// How densely a population lies in the space of a few objectives.
import type { ObjectiveVector } from '../../src/pareto/dominance.ts';

/**
 * The logarithm of a Gaussian kernel density of `sample` at each of `points`, up to a constant that is the same for all.
 *
 * Costs lie apart by factors rather than by differences: axes are log(1 + value), standardised by the sample; an axis on
 * which the sample does not spread says nothing. One bandwidth by Scott's rule, n^(-1/(d+4)) (Scott 1992, section 6.3).
 * Values are 0 or more; the sample has at least one point. O(M N) for M points.
 */
export function logDensity(points: readonly ObjectiveVector[], sample: readonly ObjectiveVector[]): number[] {
  const axes = [...sample[0]!.keys()].flatMap((axis) => {
    const values = sample.map((vector) => Math.log1p(vector[axis]!));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    return deviation > 0 ? [{ axis, mean, deviation }] : [];
  });
  const bandwidth = sample.length ** (-1 / (axes.length + 4));
  const place = (vector: ObjectiveVector): number[] =>
    axes.map(({ axis, mean, deviation }) => (Math.log1p(vector[axis]!) - mean) / (deviation * bandwidth));
  const kernels = sample.map(place);
  return points.map((point) => {
    const own = place(point);
    const exponents = kernels.map(
      (kernel) => -0.5 * kernel.reduce((sum, value, axis) => sum + (value - own[axis]!) ** 2, 0),
    );
    // Far from all kernels every term alone would be 0.
    const largest = Math.max(...exponents);
    return largest + Math.log(exponents.reduce((sum, exponent) => sum + Math.exp(exponent - largest), 0));
  });
}
