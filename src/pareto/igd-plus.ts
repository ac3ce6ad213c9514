// Measures how far a front is from the wanted one: inverted generational distance plus.
import { expected, Words } from '../errors.ts';
import { expectLength, type ObjectiveVector } from './dominance.ts';

/**
 * The mean, over all wanted vectors, of the distance to the nearest of `vectors`, where only what is worse than wanted
 * counts (all objectives minimised); 0 where every wanted vector is weakly dominated, smaller is better. A set that
 * weakly dominates another is never further away, unlike by IGD.
 *
 * Infinity for no vectors at all. O(M N R) for M objectives, N vectors and R wanted ones. Throws `bad-argument` for no
 * wanted vectors, one that is not finite, or different lengths.
 * Source: Ishibuchi, Masuda, Tanigaki, Nojima 2015, "Modified distance calculation in generational distance and
 * inverted generational distance", section 4.
 */
export function igdPlus(vectors: readonly ObjectiveVector[], wanted: readonly ObjectiveVector[]): number {
  if (wanted.length === 0) throw expected('bad-argument', 'at least one wanted vector', new Words('none'), 'wanted');
  const distances = wanted.map((target, index) => {
    if (!target.every(Number.isFinite)) throw expected('bad-argument', 'finite values', target, `wanted.${index}`);
    return vectors.reduce((least, vector) => Math.min(least, shortfall(vector, target)), Infinity);
  });
  return distances.reduce((sum, distance) => sum + distance, 0) / wanted.length;
}

/** Euclidean, of the objectives that are worse than wanted; a NaN makes it Infinity, the worst there is. */
function shortfall(vector: ObjectiveVector, target: ObjectiveVector): number {
  expectLength(vector, target.length);
  const distance = Math.hypot(...vector.map((value, axis) => Math.max(value - target[axis]!, 0)));
  return Number.isNaN(distance) ? Infinity : distance;
}
