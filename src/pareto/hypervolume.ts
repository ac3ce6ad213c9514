// Measures a front by one number: the volume of objective space that it dominates, up to a reference point.
import { expected } from '../errors.ts';
import { compareVectors, weaklyDominates, type ObjectiveVector } from './dominance.ts';

/**
 * The exact volume dominated by `vectors` and bounded by `reference` (all objectives minimised); larger is better.
 *
 * A vector that is not better than the reference in every objective adds nothing; so does one with a NaN or +Infinity,
 * and one that another vector weakly dominates. A vector with a -Infinity makes it Infinity.
 *
 * For N vectors and M objectives: O(N log N) up to M = 2, at worst O(M N^(M-1)) above. Exact where the sums and products
 * of the coordinates are; otherwise rounded at about 1e-15 relative up to M = 3, whose terms are all positive, and a
 * little more above.
 *
 * Throws `bad-argument` if the reference is empty, not finite, or differs in length from a vector.
 * Source: the sweep is folklore; above 3 objectives While, Bradstreet, Barone 2012, "A fast way of calculating exact
 * hypervolumes" (WFG), section III, each slice taken one objective lower.
 */
export function hypervolume(vectors: readonly ObjectiveVector[], reference: ObjectiveVector): number {
  if (reference.length === 0 || !reference.every(Number.isFinite)) {
    throw expected('bad-argument', 'a reference of one finite value per objective', reference, 'reference');
  }
  for (const vector of vectors) {
    if (vector.length !== reference.length) {
      throw expected('bad-argument', `a reference of length ${vector.length}`, reference.length, 'reference');
    }
  }
  // NaN fails every comparison, which is what the worst value must do here.
  const inside = vectors.filter((vector) => vector.every((value, axis) => value < reference[axis]!));
  if (inside.some((vector) => vector.includes(-Infinity))) return Infinity;
  return volume(inside, reference);
}

/**
 * The hypervolume as a share of the box between the origin and `reference`, 0..1 for objectives that are nowhere
 * negative. Cost and errors as `hypervolume`; throws `bad-argument`, too, for a reference that is not above 0 in every
 * objective.
 */
export function hypervolumeShare(vectors: readonly ObjectiveVector[], reference: ObjectiveVector): number {
  if (!reference.every((side) => side > 0 && side < Infinity))
    throw expected('bad-argument', 'a reference of finite values above 0', reference, 'reference');
  // Each axis by itself: the box as a whole may be larger or smaller than any number.
  const scaled = vectors.map((vector) => vector.map((value, axis) => value / reference[axis]!));
  return hypervolume(
    scaled,
    reference.map(() => 1),
  );
}

/** The volume of points that all strictly dominate the reference. Everything below it takes them in vector order. */
function volume(points: readonly ObjectiveVector[], reference: ObjectiveVector): number {
  const sorted = points.toSorted(compareVectors);
  if (reference.length === 1) return sorted.length === 0 ? 0 : reference[0]! - sorted[0]![0]!;
  if (reference.length === 2) return sweep(sorted, reference);
  if (reference.length === 3) return slices(sorted, reference);
  return limitSets(nonDominated(sorted), reference);
}

/** 2-D: each point adds the strip between its own height and the lowest before it. */
function sweep(sorted: readonly ObjectiveVector[], reference: ObjectiveVector): number {
  let area = 0;
  let lowest = reference[1]!;
  for (const point of sorted) {
    const [x, y] = [point[0]!, point[1]!];
    if (y >= lowest) continue;
    area += (reference[0]! - x) * (lowest - y);
    lowest = y;
  }
  return area;
}

/** 3-D: from each point to the next along the first axis, the cross-section is the area of all points so far. */
function slices(sorted: readonly ObjectiveVector[], reference: ObjectiveVector): number {
  const sectionReference = reference.slice(1);
  const section: ObjectiveVector[] = [];
  let total = 0;
  for (const [index, point] of sorted.entries()) {
    const shadow = point.slice(1);
    const place = section.findIndex((other) => compareVectors(shadow, other) < 0);
    section.splice(place < 0 ? section.length : place, 0, shadow);
    const [start, end] = [point[0]!, (sorted[index + 1] ?? reference)[0]!];
    if (end > start) total += (end - start) * sweep(section, sectionReference);
  }
  return total;
}

/**
 * WFG: each point adds its box less what the points before it cover of that box (its limit set).
 *
 * Those are no worse on the first axis, so all of its limit set lies at the point's own depth there: both volumes are
 * that depth times a volume of one dimension less.
 */
function limitSets(front: readonly ObjectiveVector[], reference: ObjectiveVector): number {
  const lowerReference = reference.slice(1);
  let total = 0;
  for (const [index, point] of front.entries()) {
    const shadow = point.slice(1);
    const box = shadow.reduce((product, value, axis) => product * (lowerReference[axis]! - value), 1);
    const limits = front.slice(0, index).map((other) => shadow.map((value, axis) => Math.max(value, other[axis + 1]!)));
    total += (reference[0]! - point[0]!) * (box - volume(limits, lowerReference));
  }
  return total;
}

/** Drops what another point weakly dominates: in vector order, only an earlier point can. */
function nonDominated(sorted: readonly ObjectiveVector[]): ObjectiveVector[] {
  const kept: ObjectiveVector[] = [];
  for (const point of sorted) if (!kept.some((other) => weaklyDominates(other, point))) kept.push(point);
  return kept;
}
