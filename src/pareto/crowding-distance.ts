// Tells how much room each vector of a front has around it, so that selection can keep the front spread out.
import { compareVectors, expectLength, vectorKey, worstIfNaN, type ObjectiveVector } from './dominance.ts';

/**
 * The crowding distance of each vector of one front: the sum over objectives of the gap between its two neighbours,
 * as a share of the front's range. Larger is lonelier; the ends of an objective get Infinity; never NaN.
 *
 * Settled here, where the paper leaves it open, so that the order of the vectors does not matter:
 * - equal vectors count once and share one distance (the copies are left to the caller: see `Standing.copy`);
 * - vectors that tie in one objective are ordered by all of them;
 * - an objective that is constant tells nothing, and an infinite value has no place on its objective's axis, so that a
 *   failed evaluation is not prized as an extreme;
 * - one or two distinct vectors are all ends.
 *
 * O(M N log N). Throws `bad-argument` if the vectors differ in length.
 * Source: Deb et al. 2002 (NSGA-II), section III-B.
 */
export function crowdingDistance(vectors: readonly ObjectiveVector[]): number[] {
  const [first] = vectors;
  if (first === undefined) return [];
  for (const vector of vectors) expectLength(vector, first.length);

  const distinct = [...new Map(vectors.map((vector) => [vectorKey(vector), vector])).values()].sort(compareVectors);
  if (distinct.length <= 2) return vectors.map(() => Infinity);
  const distances = distinct.map(() => 0);
  for (const axis of first.keys()) addGaps(distinct, axis, distances);

  const distanceOf = new Map(distinct.map((vector, index) => [vectorKey(vector), distances[index]]));
  return vectors.map((vector) => distanceOf.get(vectorKey(vector))!);
}

/** Adds what one objective has to say; `vectors` come in the order of `compareVectors`, which settles its ties. */
function addGaps(vectors: readonly ObjectiveVector[], axis: number, distances: number[]): void {
  const value = (index: number): number => worstIfNaN(vectors[index]![axis]!);
  const order = [...vectors.keys()]
    .filter((index) => Number.isFinite(value(index)))
    .sort((a, b) => value(a) - value(b));
  if (order.length < 2) return;

  // Halved, because the range of finite numbers may itself be infinite.
  const span = (from: number, to: number): number => value(to) / 2 - value(from) / 2;
  const [first, last] = [order[0]!, order[order.length - 1]!];
  const range = span(first, last);
  if (range === 0) return;
  distances[first] = Infinity;
  distances[last] = Infinity;
  for (let place = 1; place < order.length - 1; place++) {
    distances[order[place]!]! += span(order[place - 1]!, order[place + 1]!) / range;
  }
}
